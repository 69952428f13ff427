import { createSession } from "../../src/interview/conversation.ts";
import type { Decision, Moment } from "../../src/interview/decision.ts";
import { type Failure, isFailure } from "../../src/interview/failures.ts";
import type { QuestionDraft, Session } from "../../src/interview/model.ts";
import { type CreateSessionInput, readCreateSessionInput } from "../../src/interview/validation.ts";

/** Sessions for tests of the rules: made by the rules themselves. */

export function moments(): Moment {
  let ids = 0;
  return { now: new Date("2026-01-01T10:00:00Z"), newId: () => `id-${++ids}` };
}

export function newSession(input: CreateSessionInput = {}, moment = moments()): Session {
  const { order } = readCreateSessionInput({ resumeText: "Java engineer", questionCount: 3, ...input }, 1);
  const resume = { id: "resume", ownerId: "ada", key: "key", text: "Java engineer", createdAt: moment.now };
  return createSession(order, resume, moment).session;
}

export function draft(text: string, type: QuestionDraft["type"] = "MYSQL"): QuestionDraft {
  return {
    text,
    type,
    category: type === "MYSQL" ? "MySQL" : "Redis",
    level: "MID",
    source: "BANK",
    reference: {
      answer: `What is right about ${text}`,
      keyPoints: [{ text: `Point of ${text}`, accept: ["point"], followUp: null }],
    },
  };
}

/** What a rule decided, where it was not to refuse. */
export function decided(result: Decision | Failure): Decision {
  if (isFailure(result)) throw new Error(`refused: ${JSON.stringify(result)}`);
  return result;
}
