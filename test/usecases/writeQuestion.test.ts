import { expect, it, vi } from "vitest";
import { createMemoryBus } from "../../src/adapters/memory/bus.ts";
import { addPlannedQuestions, submitAnswer } from "../../src/interview/conversation.ts";
import type { Session } from "../../src/interview/model.ts";
import { type Interviewer, InterviewerUnavailable } from "../../src/ports/interviewer.ts";
import type { Deps } from "../../src/usecases/deps.ts";
import { writeQuestion } from "../../src/usecases/writeQuestion.ts";
import { decided, draft, moments, newSession } from "../interview/sessions.ts";

const run = { signal: new AbortController().signal, claim: { jobId: "job", attempt: 0 }, isLastTry: false };

/** The first of two questions has its answer, and a follow-up is due. */
function answered(): Session {
  const moment = moments();
  const session = newSession({ questionCount: 3, followUps: 1 }, moment);
  const begun = decided(addPlannedQuestions(session, [draft("One"), draft("Two")], moment)).session;
  return decided(submitAnswer(begun, 0, "An answer", false, moment)).session;
}

type FollowUp = Interviewer["followUp"];

/** One session, kept as a store would, and the pieces that watchers are told of. */
function world(writing: (told: readonly unknown[]) => FollowUp, fallback: FollowUp | null) {
  let stored = answered();
  const told: { offset: number; text: string }[] = [];
  const bus = createMemoryBus();
  const deps = {
    store: {
      recall: () => stored,
      load: async () => stored,
      loadResume: async () => null,
      askedElsewhere: async () => [],
      addUsage: async () => {},
      async commit(_: Session, decision: { session: Session }) {
        stored = decision.session;
        return { session: stored, events: [], change: null };
      },
    },
    bus: {
      ...bus,
      publish(events: { kind: string; offset: number; text: string }[]) {
        for (const { kind, offset, text } of events) if (kind === "QuestionDelta") told.push({ offset, text });
      },
    },
    clock: { now: () => new Date(), newId: moments().newId },
    interviewer: { followUp: writing(told) },
    fallback: fallback && { followUp: fallback },
    wakeWorkers() {},
    reach() {},
    settings: { budget: null },
  } as unknown as Deps;
  return { deps, told, stored: () => stored };
}

const begins =
  (told: readonly unknown[]): FollowUp =>
  async (_, call) => {
    call.onText?.(0, "A question that");
    await vi.waitUntil(() => told.length > 0);
    throw new InterviewerUnavailable("broke off");
  };

it("takes back what was told of a question that is given up, where nothing comes instead", async () => {
  for (const fallback of [null, async () => null]) {
    const { deps, told, stored } = world(begins, fallback);
    await writeQuestion(deps, stored().id, 1, run);
    expect(told).toEqual([
      { offset: 0, text: "A question that" },
      { offset: 0, text: "" },
    ]);
    expect(stored().questions.map(({ text }) => text)).toEqual(["One", "Two"]);
  }
});

it("takes nothing back of which nothing was told", async () => {
  const { deps, told, stored } = world(
    () => async () => {
      throw new InterviewerUnavailable("is away");
    },
    null,
  );
  await writeQuestion(deps, stored().id, 1, run);
  expect(told).toEqual([]);
});

it("tells the question that comes instead from its beginning", async () => {
  const { deps, told, stored } = world(begins, async () => draft("Instead"));
  await writeQuestion(deps, stored().id, 1, run);
  expect(told.at(-1)).toEqual({ offset: 0, text: "Instead" });
  expect(stored().questions.map(({ text }) => text)).toEqual(["One", "Instead"]);
});
