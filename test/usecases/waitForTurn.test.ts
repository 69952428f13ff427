import { expect, it } from "vitest";
import { createMemoryBus } from "../../src/adapters/memory/bus.ts";
import type { LoggedEvent } from "../../src/interview/events.ts";
import type { Session } from "../../src/interview/model.ts";
import type { Deps } from "../../src/usecases/deps.ts";
import { waitForTurn } from "../../src/usecases/waitForTurn.ts";
import { newSession } from "../interview/sessions.ts";

const never = (): AbortSignal => new AbortController().signal;
const waiting = newSession();
const asked: Session = { ...waiting, turn: "CANDIDATE" };

/** A store whose looks are answered one after the other, each when it likes. */
function world(waitLimitMs: number, ...looks: (() => Promise<Session | null>)[]) {
  const bus = createMemoryBus();
  const load = (): Promise<Session | null> => looks.shift()!();
  const deps = { store: { load }, bus, stopping: never(), settings: { waitLimitMs } } as unknown as Deps;
  return { deps, bus, looks };
}

const questionAsked: LoggedEvent = {
  kind: "QuestionAsked",
  index: 0,
  sessionId: waiting.id,
  ownerId: "ada",
  seq: 2,
  occurredAt: new Date(),
};

it.each([
  ["a session that went", null],
  ["a question that was asked", asked],
])("finds %s unheard when the time is up", async (_, now) => {
  const { deps, bus } = world(
    20,
    async () => waiting,
    async () => now,
  );
  expect(await waitForTurn(deps, waiting, never)).toBe(now);
  expect(bus.hasListeners()).toBe(false);
});

it("takes what it saw last where it cannot look once more", async () => {
  const away = (): Promise<null> => Promise.reject(new Error("The database is away"));
  expect(await waitForTurn(world(20, async () => waiting, away).deps, waiting, never)).toBe(waiting);
});

it("does not take a look that began earlier for the newer one", async () => {
  const { promise: first, resolve } = Promise.withResolvers<Session>();
  const { deps, bus, looks } = world(
    60_000,
    () => first,
    async () => asked,
  );
  const waited = waitForTurn(deps, waiting, never);
  while (looks.length === 2) await new Promise((done) => setImmediate(done));
  bus.publish([questionAsked]);
  await new Promise((done) => setImmediate(done));
  resolve(waiting);
  expect(await waited).toBe(asked);
});
