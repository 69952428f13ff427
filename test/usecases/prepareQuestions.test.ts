import { describe, expect, it } from "vitest";
import { createMemoryBus } from "../../src/adapters/memory/bus.ts";
import { addPlannedQuestions, completeInterview } from "../../src/interview/conversation.ts";
import type { QuestionDraft, Session } from "../../src/interview/model.ts";
import type { PlanRequest } from "../../src/ports/interviewer.ts";
import type { Deps } from "../../src/usecases/deps.ts";
import { prepareQuestions } from "../../src/usecases/prepareQuestions.ts";
import { decided, draft, moments, newSession } from "../interview/sessions.ts";

const run = { signal: new AbortController().signal, claim: { jobId: "job", attempt: 0 }, isLastTry: false };

/** One session, kept as a store would; what the interviewer writes for it, and what was asked of it. */
function world(
  session: Session,
  write: (after: (change: (now: Session) => Session) => void, request: PlanRequest) => AsyncGenerator<QuestionDraft>,
  elsewhere: string[] = [],
) {
  let stored = session;
  let plans = 0;
  const deps = {
    store: {
      recall: () => stored,
      load: async () => stored,
      loadResume: async () => null,
      askedElsewhere: async () => [...elsewhere],
      addUsage: async () => {},
      async commit(_: Session, decision: { session: Session }) {
        stored = decision.session;
        return { session: stored, events: [], change: null };
      },
    },
    bus: createMemoryBus(),
    clock: { now: () => new Date(), newId: moments().newId },
    interviewer: {
      planQuestions(request: PlanRequest) {
        plans++;
        return write((change) => (stored = change(stored)), request);
      },
    },
    fallback: null,
    wakeWorkers() {},
    reach() {},
    settings: { budget: null },
  } as unknown as Deps;
  return { deps, plans: () => plans, stored: () => stored };
}

const begun = (): Session => {
  const moment = moments();
  return decided(addPlannedQuestions(newSession({ questionCount: 10 }, moment), [draft("One")], moment)).session;
};
const ended = (session: Session): Session => decided(completeInterview(session, moments())).session;

describe("preparing questions", () => {
  it.each(["COMPLETED", "EVALUATED"] as const)(
    "asks nothing of anybody for an interview that is %s",
    async (status) => {
      const over = { ...ended(begun()), status };
      const { deps, plans, stored } = world(over, async function* () {});
      await prepareQuestions(deps, over.id, run);
      expect([plans(), stored()]).toEqual([0, over]);
    },
  );

  it("goes no further once the interview is completed", async () => {
    let written = 0;
    let isLetGo = false;
    const { deps, stored } = world(begun(), async function* (after) {
      try {
        for (; written < 9; written++) {
          if (written === 2) after(ended);
          yield draft(`Question ${written}`);
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        isLetGo = true;
      }
    });
    await prepareQuestions(deps, stored().id, run);
    // The first that could not be stored any more, and at most the one that was under way then.
    expect(written).toBeLessThanOrEqual(3);
    expect([isLetGo, stored().status]).toEqual([true, "COMPLETED"]);
  });

  it("does not ask what another interview has come to meanwhile", async () => {
    const elsewhere: string[] = ["Asked long ago"];
    const { deps, plans, stored } = world(
      newSession({ questionCount: 4 }),
      async function* (_, { exclude, slots }) {
        elsewhere.push("Alpha leases");
        for (const text of [
          "Alpha leases",
          "Beta quorum",
          "Gamma ledgers",
          "Delta backups",
          "Epsilon alarms",
          "Zeta caches",
        ]
          .filter((text) => !exclude.includes(text))
          .slice(0, slots.length)) {
          yield draft(text);
          await new Promise((resolve) => setImmediate(resolve));
        }
        // Stored while this one's were.
        if (plans() === 1) elsewhere.push("Delta backups");
      },
      elsewhere,
    );
    await prepareQuestions(deps, stored().id, run);
    const texts = [...stored().questions, ...stored().planned].map(({ text }) => text);
    expect(texts.toSorted()).toEqual(["Beta quorum", "Epsilon alarms", "Gamma ledgers", "Zeta caches"]);
  });
});
