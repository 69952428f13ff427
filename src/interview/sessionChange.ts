import type { Question, QuestionDraft, Session } from "./model.ts";

/** The difference that a decision made to a session: it turns the state before into the state after. */
export interface SessionChange {
  id: string;
  ownerId: string;
  /** The version that it applies to. */
  before: number;
  state: State;
  /** New and modified questions. */
  questions: Question[];
  planned: { taken: number; added: QuestionDraft[] };
}

/** The properties of a session, besides its lists, that a decision can change. */
type State = Pick<Session, (typeof changing)[number]>;
const changing = [
  "status",
  "turn",
  "evaluation",
  "scoringVersion",
  "reportVersion",
  "overallScore",
  "usage",
  "seq",
  "version",
  "startedAt",
  "completedAt",
  "evaluatedAt",
] as const satisfies (keyof Session)[];

export function changeOf(before: Session, after: Session): SessionChange {
  return {
    id: after.id,
    ownerId: after.ownerId,
    before: before.version,
    state: Object.fromEntries(changing.map((key) => [key, after[key]])) as unknown as State,
    questions: after.questions.filter((question, index) => question !== before.questions[index]),
    planned: plannedChange(before, after),
  };
}

/** Drafts are removed from the front and added at the end; comparing the lists shows which. */
export function plannedChange(before: Session, after: Session): SessionChange["planned"] {
  if (after.planned === before.planned) return { taken: 0, added: [] };
  const remaining = before.planned.filter((draft) => after.planned.includes(draft)).length;
  return { taken: before.planned.length - remaining, added: after.planned.slice(remaining) };
}

/** The state after a change, from the one before. */
export function applyChange(session: Session, { state, questions, planned }: SessionChange): Session {
  const all = [...session.questions];
  for (const question of questions) all[question.index] = question;
  return { ...session, ...state, questions: all, planned: [...session.planned.slice(planned.taken), ...planned.added] };
}
