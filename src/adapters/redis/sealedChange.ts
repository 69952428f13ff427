import type { Question } from "../../interview/model.ts";
import type { Seal } from "../../ports/cipher.ts";
import type { StoredChange } from "../../ports/store.ts";

/** Changes with longer JSON are not sent: nodes read them from the database. */
const longest = 32_000;
/** The version of this format, as other versions of the product may use another one. */
const form = 1;

/** A change in transit: its session in the clear, the rest for nodes only. */
export interface SealedChange {
  id: string;
  before: number;
  sealed: string;
}

/** null for a change that is too long. */
export function sealChange(change: StoredChange, seal: Seal): SealedChange | null {
  const text = JSON.stringify({ form, change });
  return text.length > longest ? null : { id: change.id, before: change.before, sealed: seal.seal(text) };
}

/** null for anything that no node of this version has sealed. */
export function openChange({ sealed }: SealedChange, seal: Seal): StoredChange | null {
  try {
    const opened = JSON.parse(seal.open(sealed)) as { form: number; change: StoredChange };
    return opened.form === form ? revived(opened.change) : null;
  } catch {
    return null;
  }
}

/** Restores dates, which JSON lacks. */
function revived(change: StoredChange): StoredChange {
  const { startedAt, completedAt, evaluatedAt } = change.state;
  return {
    ...change,
    state: {
      ...change.state,
      startedAt: dateOf(startedAt),
      completedAt: dateOf(completedAt),
      evaluatedAt: dateOf(evaluatedAt),
    },
    questions: change.questions.map(revivedQuestion),
  };
}

function revivedQuestion(question: Question): Question {
  const { askedAt, answer } = question;
  return {
    ...question,
    askedAt: new Date(askedAt),
    answer: answer && {
      ...answer,
      updatedAt: new Date(answer.updatedAt),
      submittedAt: dateOf(answer.submittedAt),
    },
  };
}

function dateOf(date: Date | null): Date | null {
  return date === null ? null : new Date(date);
}
