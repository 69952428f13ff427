import { eventKinds } from "../../src/interview/events.ts";
import type { History } from "./candidate.ts";

/** What the database holds at the end. */
export interface Stored {
  sessions: { id: string; ownerId: string; seq: number; status: string; evaluation: string | null }[];
  events: { sessionId: string; seq: number; kind: string }[];
  answers: { sessionId: string; index: number; text: string; isDraft: boolean }[];
  /** Scores by question and version. */
  scores: { sessionId: string; questionId: string; version: number; announced: boolean }[];
  reports: { sessionId: string; version: number }[];
}

export interface Violation {
  invariant: "I1" | "I2" | "I3" | "I4" | "I5" | "I6" | "I7";
  what: string;
}

/** Compares everything that clients were told with what is stored, invariant by invariant. */
export function check(histories: History[], stored: Stored): Violation[] {
  return histories.flatMap((history) => {
    const id = history.sessionId === null ? null : localId(history.sessionId);
    const session = stored.sessions.find((one) => one.id === id);
    if (!session) return [{ invariant: "I1", what: `${history.viewer}: its session is gone` } satisfies Violation];
    const events = stored.events.filter((event) => event.sessionId === id).sort((a, b) => a.seq - b.seq);
    return [
      ...durable(history, session.id, stored),
      ...numbered(history, session.seq, events),
      ...received(history, events),
      ...ended(history, session, events, stored),
      ...only(history),
      ...typed(history),
    ];
  });
}

/** I1: what was acknowledged is stored, as it was sent. */
function durable(history: History, id: string, { answers }: Stored): Violation[] {
  const found = new Map(answers.filter((answer) => answer.sessionId === id).map((answer) => [answer.index, answer]));
  const lost: Violation[] = [];
  for (const [index, text] of history.answers) {
    const answer = found.get(index);
    if (answer?.text !== text || answer.isDraft) lost.push({ invariant: "I1", what: `${id}: answer ${index} is lost` });
  }
  for (const [index, text] of history.drafts) {
    const answer = found.get(index);
    if (answer === undefined || (answer.isDraft && answer.text !== text)) {
      lost.push({ invariant: "I1", what: `${id}: draft ${index} is lost` });
    }
  }
  return lost;
}

/** I2: the numbers of a session's events are 1 to n. */
function numbered(history: History, seq: number, events: Stored["events"]): Violation[] {
  const right = events.length === seq && events.every((event, index) => event.seq === index + 1);
  return right ? [] : [{ invariant: "I2", what: `${history.sessionId}: ${events.map((event) => event.seq).join()}` }];
}

/** I3: a watcher received each number once, in order, up to the last. */
function received(history: History, events: Stored["events"]): Violation[] {
  const { received } = history;
  const told = events.filter((event) => eventKinds.has(event.kind)).map((event) => event.seq);
  const right = received.every((seq, index) => seq === told[index]);
  if (!right) return [{ invariant: "I3", what: `${history.sessionId}: received ${received.join()}` }];
  // It stopped watching once it had seen the end.
  const end = events.findIndex((event) => event.kind === "ReportReady" || event.kind === "EvaluationFailed") + 1;
  if (end > 0 && received.at(-1)! >= end) return [];
  return [{ invariant: "I3", what: `${history.sessionId}: received ${received.length} of ${events.length}` }];
}

/** I4: each answer is scored once visibly, and the interview ends in one way. */
function ended(
  history: History,
  session: Stored["sessions"][number],
  events: Stored["events"],
  stored: Stored,
): Violation[] {
  const wrong: Violation[] = [];
  const note = (what: string): void => void wrong.push({ invariant: "I4", what: `${history.sessionId}: ${what}` });
  const count = (kind: string): number => events.filter((event) => event.kind === kind).length;
  const reports = stored.reports.filter((report) => report.sessionId === session.id);
  if (count("ReportReady") + count("EvaluationFailed") !== 1) {
    note(`${count("ReportReady")} × ReportReady, ${count("EvaluationFailed")} × EvaluationFailed`);
  }
  if (count("ReportReady") !== reports.length) note(`${reports.length} reports stored`);
  if (count("ReportReady") > 0 && session.status !== "EVALUATED") note(`has a report and is ${session.status}`);
  if (count("EvaluationFailed") > 0 && session.evaluation !== "FAILED") note(`failed and is ${session.evaluation}`);
  if (count("InterviewCompleted") !== 1) note(`${count("InterviewCompleted")} × InterviewCompleted`);
  // A score that was written again after the report was made would be waiting to be told.
  const late = stored.scores.filter((score) => score.sessionId === session.id && !score.announced);
  if (session.status === "EVALUATED" && late.length > 0) note(`${late.length} scores written after the report`);
  const answers = stored.answers.filter((answer) => answer.sessionId === session.id && !answer.isDraft);
  if (count("ReportReady") > 0 && count("AnswerEvaluated") !== answers.length) {
    note(`${answers.length} answers, ${count("AnswerEvaluated")} × AnswerEvaluated`);
  }
  if (count("AnswerSubmitted") !== answers.length)
    note(`${answers.length} answers, ${count("AnswerSubmitted")} × AnswerSubmitted`);
  return wrong;
}

/** I5: one key, one session. I6: no event of a session that is not its own. */
function only(history: History): Violation[] {
  const wrong: Violation[] = [];
  if (history.created.size !== 1) wrong.push({ invariant: "I5", what: `${[...history.created].join()} for one key` });
  for (const seen of history.seenSessions) {
    if (!history.created.has(seen))
      wrong.push({ invariant: "I6", what: `${history.viewer} was sent events of ${seen}` });
  }
  return wrong;
}

/** I7: every failure was typed and came in time. */
function typed(history: History): Violation[] {
  return history.untyped.map((what) => ({ invariant: "I7", what: `${history.viewer}: ${what}` }));
}

function localId(globalId: string): string {
  return Buffer.from(globalId, "base64").toString().split(":").at(-1)!;
}
