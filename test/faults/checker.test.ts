import { expect, it } from "vitest";
import type { History } from "./candidate.ts";
import { check, type Stored } from "./checker.ts";

const id = "00000000-0000-4000-8000-000000000001";
const sessionId = Buffer.from(`InterviewSession:${id}`).toString("base64");

/** What a good run of one short interview leaves behind. */
function good(): { history: History; stored: Stored } {
  const kinds = [
    "SessionCreated",
    "QuestionAsked",
    "AnswerSubmitted",
    "InterviewCompleted",
    "AnswerEvaluated",
    "ReportReady",
  ];
  return {
    history: {
      viewer: "ada",
      sessionId,
      created: new Set([sessionId]),
      answers: new Map([[0, "An answer"]]),
      drafts: new Map([[0, "A draft"]]),
      operations: 3,
      received: [1, 2, 3, 4, 5, 6],
      seenSessions: new Set([sessionId]),
      terminal: ["ReportReady"],
      slowestMs: 10,
      untyped: [],
    },
    stored: {
      sessions: [{ id, ownerId: "ada", seq: 6, status: "EVALUATED", evaluation: "COMPLETED" }],
      events: kinds.map((kind, index) => ({ sessionId: id, seq: index + 1, kind })),
      answers: [{ sessionId: id, index: 0, text: "An answer", isDraft: false }],
      scores: [{ sessionId: id, questionId: "q", version: 1, announced: true }],
      reports: [{ sessionId: id, version: 1 }],
    },
  };
}

it("finds nothing wrong with a good run", () => {
  const { history, stored } = good();
  expect(check([history], stored)).toEqual([]);
});

it.each<[string, (run: ReturnType<typeof good>) => void]>([
  ["I1", ({ stored }) => stored.answers.splice(0)],
  ["I1", ({ stored }) => stored.sessions.splice(0)],
  ["I1", ({ stored }) => Object.assign(stored.answers[0]!, { text: "Another" })],
  ["I2", ({ stored }) => stored.events.splice(2, 1)],
  ["I2", ({ stored }) => stored.events.push({ ...stored.events[0]! })],
  ["I3", ({ history }) => history.received.splice(2, 1)],
  ["I3", ({ history }) => history.received.splice(2, 0, 2)],
  ["I3", ({ history }) => history.received.reverse()],
  ["I3", ({ history }) => history.received.pop()],
  ["I4", ({ stored }) => stored.reports.push({ sessionId: id, version: 2 })],
  ["I4", ({ stored }) => Object.assign(stored.sessions[0]!, { status: "COMPLETED" })],
  ["I4", ({ stored }) => Object.assign(stored.scores[0]!, { announced: false })],
  ["I5", ({ history }) => history.created.add("another")],
  ["I6", ({ history }) => history.seenSessions.add("another")],
  ["I7", ({ history }) => history.untyped.push("INTERNAL_SERVER_ERROR")],
])("finds a violation of %s", (invariant, harm) => {
  const run = good();
  harm(run);
  expect(check([run.history], run.stored).map((violation) => violation.invariant)).toContain(invariant);
});
