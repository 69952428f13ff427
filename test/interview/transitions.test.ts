import { expect, it } from "vitest";
import { evaluationStatuses, sessionStatuses } from "../../src/interview/model.ts";
import {
  type EvaluationCommand,
  evaluationMove,
  type SessionCommand,
  sessionMove,
} from "../../src/interview/transitions.ts";

const sessionCommands: SessionCommand[] = ["ask", "draft", "answer", "complete", "evaluate", "report"];
const evaluationCommands: EvaluationCommand[] = ["start", "score", "fail", "finish", "retry"];

it("moves a session by these commands and no others", () => {
  const moves = sessionStatuses.flatMap((from) =>
    sessionCommands.flatMap((command) => {
      const to = sessionMove(from, command);
      return to === null ? [] : [`${from} ${command} ${to}`];
    }),
  );
  expect(moves).toEqual([
    "CREATED ask CREATED",
    "CREATED draft IN_PROGRESS",
    "CREATED answer IN_PROGRESS",
    "CREATED complete COMPLETED",
    "IN_PROGRESS ask IN_PROGRESS",
    "IN_PROGRESS draft IN_PROGRESS",
    "IN_PROGRESS answer IN_PROGRESS",
    "IN_PROGRESS complete COMPLETED",
    "COMPLETED evaluate COMPLETED",
    "COMPLETED report EVALUATED",
    "EVALUATED evaluate EVALUATED",
    "EVALUATED report EVALUATED",
  ]);
});

it("never moves a session back", () => {
  for (const from of sessionStatuses) {
    for (const command of sessionCommands) {
      const to = sessionMove(from, command);
      if (to !== null) expect(sessionStatuses.indexOf(to)).toBeGreaterThanOrEqual(sessionStatuses.indexOf(from));
    }
  }
});

it("moves an evaluation by these commands and no others", () => {
  const moves = evaluationStatuses.flatMap((from) =>
    evaluationCommands.flatMap((command) => {
      const to = evaluationMove(from, command);
      return to === null ? [] : [`${from} ${command} ${to}`];
    }),
  );
  expect(moves).toEqual([
    "PENDING start PROCESSING",
    "PENDING fail FAILED",
    "PROCESSING score PROCESSING",
    "PROCESSING fail FAILED",
    "PROCESSING finish COMPLETED",
    "COMPLETED retry PENDING",
    "FAILED retry PENDING",
  ]);
});
