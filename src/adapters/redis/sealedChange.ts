import type { Question } from "../../interview/model.ts";
import type { Seal } from "../../ports/cipher.ts";
import type { StoredChange } from "../../ports/store.ts";

/** Changes whose JSON is longer are read from the database: Redis is no place for them. */
const longest = 32_000;
/** Tells this form of a change from those that other versions of the product may have. */
const form = 1;

/** A change as it travels: whose it is, and the rest for nodes alone. */
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

/** null for whatever no node of this version has sealed. */
export function openChange({ sealed }: SealedChange, seal: Seal): StoredChange | null {
  try {
    const opened = JSON.parse(seal.open(sealed)) as { form: number; change: StoredChange };
    return opened.form === form ? revived(opened.change) : null;
  } catch {
    return null;
  }
}

/** JSON has no dates. */
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
