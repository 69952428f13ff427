import { randomUUID } from "node:crypto";
import { expect, it, onTestFinished } from "vitest";
import { createMemoryBus } from "../../src/adapters/memory/bus.ts";
import { openServer } from "../../src/adapters/postgres/server.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import { plainCipher } from "../../src/adapters/system/cipher.ts";
import { readConfig } from "../../src/config.ts";
import { addPlannedQuestions, createSession } from "../../src/interview/conversation.ts";
import type { Session } from "../../src/interview/model.ts";
import { readCreateSessionInput } from "../../src/interview/validation.ts";
import { openInterviewers } from "../../src/interviewers.ts";
import { InterviewerUnavailable } from "../../src/ports/interviewer.ts";
import { ClaimLost, type JobHandlers, type JobRun, RetryLater } from "../../src/ports/jobs.ts";
import type { Deps } from "../../src/usecases/deps.ts";
import { abandonPreparing, giveUp } from "../../src/usecases/prepareQuestions.ts";
import { decided, draft } from "../interview/sessions.ts";
import { createTables } from "../support/databases.ts";
import { openJobQueue } from "../support/jobQueue.ts";

const moment = { now: new Date(), newId: randomUUID };
const unavailable = new InterviewerUnavailable("away", null);

/** A session whose questions are being prepared: the job is claimed, and held as long as the test runs. */
async function open() {
  const url = await createTables();
  const server = await openServer({ url, directUrl: null, poolSize: 4, timeoutMs: 10_000, onError() {} });
  onTestFinished(() => server.close());
  const jobs = await openJobQueue(server);
  const store = createStore(server, jobs, plainCipher);
  const { order } = readCreateSessionInput({ resumeText: "Java engineer", questionCount: 3 }, 1);
  const text = { id: randomUUID(), ownerId: "ada", key: "cv", text: "Java engineer", createdAt: moment.now };
  const decision = createSession(order, await store.saveResume(text, "hash"), moment);
  await store.insert(decision, null);

  const { promise: claimed, resolve: onClaim } = Promise.withResolvers<JobRun>();
  const over = Promise.withResolvers<void>();
  onTestFinished(() => over.resolve());
  const prepare = (_: unknown, run: JobRun): Promise<void> => {
    onClaim(run);
    return over.promise;
  };
  const handle = { PREPARE_QUESTIONS: prepare } as unknown as JobHandlers["handle"];
  await jobs.start({ handle, abandon: async () => {}, obsolete: async () => [] });
  const run = await claimed;

  const told: string[] = [];
  const bus = {
    ...createMemoryBus(),
    publish: (events: { kind: string }[]) => void told.push(...events.map(({ kind }) => kind)),
  };
  const deps = { store, bus, clock: { now: () => new Date(), newId: randomUUID }, wakeWorkers() {}, reach() {} };
  const { id } = decision.session;
  return {
    id,
    deps: deps as unknown as Deps,
    run,
    /** As the worker has it that was given up for dead: its job has been begun again since. */
    frozen: { ...run, claim: { ...run.claim, attempt: run.claim.attempt - 1 } },
    told,
    load: () => store.load(id),
    async ask(): Promise<Session> {
      const before = (await store.load(id))!;
      const asked = await store.commit(before, decided(addPlannedQuestions(before, [draft("What follows?")], moment)));
      if (asked === "CONFLICT") throw new Error("Nobody else writes here");
      return asked.session;
    },
  };
}

it("takes an interview back that has not begun, and says so", async () => {
  const { id, deps, run, told, load } = await open();
  await giveUp(deps, id, unavailable, run);
  expect(await load()).toBeNull();
  expect(told).toEqual(["SessionDeleted"]);
});

it("takes nothing back by a worker that no longer has the job", async () => {
  const { id, deps, frozen, told, load } = await open();
  await expect(giveUp(deps, id, unavailable, frozen)).rejects.toThrow(ClaimLost);
  expect(await load()).toMatchObject({ id, status: "CREATED" });
  expect(told).toEqual([]);
});

it("takes nothing back in which a question was asked meanwhile", async () => {
  const { id, deps, run, load, ask } = await open();
  // Between the look and the deed.
  const early = (await load())!;
  await ask();
  const looks = [early];
  const store = { ...deps.store, load: (wanted: string) => Promise.resolve(looks.pop() ?? deps.store.load(wanted)) };
  await expect(giveUp({ ...deps, store }, id, unavailable, run)).rejects.toThrow(RetryLater);
  expect((await load())!.questions).toHaveLength(1);
});

it("ends an interview at the last try, and only by the worker that has the job", async () => {
  const { id, deps, run, frozen, told, load, ask } = await open();
  await ask();
  await expect(giveUp(deps, id, unavailable, { ...frozen, isLastTry: true })).rejects.toThrow(ClaimLost);
  expect((await load())!.status).toBe("CREATED");
  await giveUp(deps, id, unavailable, { ...run, isLastTry: true });
  expect((await load())!.status).toBe("COMPLETED");
  expect(told).toEqual(["InterviewCompleted"]);
});

it("is not what becomes of a plan that cost its workers their lives, where no model is set up", async () => {
  const { id, deps, run, load } = await open();
  const { interviewer, fallback } = await openInterviewers(readConfig({}), [], () => {}, null);
  await abandonPreparing({ ...deps, interviewer, fallback, settings: { budget: null } as Deps["settings"] }, id, run);
  const { questions, planned } = (await load())!;
  expect([questions.length, planned.length, questions[0]!.source]).toEqual([1, 2, "BANK"]);
});
