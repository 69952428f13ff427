import { createHash } from "node:crypto";
import { createSession as decide } from "../interview/conversation.ts";
import type { Failure } from "../interview/failures.ts";
import type { Resume, Session } from "../interview/model.ts";
import { type CreateSessionInput, readCreateSessionInput, type SessionOrder } from "../interview/validation.ts";
import type { IdempotencyUse } from "../ports/store.ts";
import { checkBudget } from "./budget.ts";
import { momentOf } from "./change.ts";
import type { Deps } from "./deps.ts";
import { hashOf, keyOf, storeResume } from "./resumes.ts";

export interface Created {
  session: Session;
  reusedExisting: boolean;
}

/**
 * Creates a session, or returns the existing one that the input asks for: by idempotency key, or an unfinished one of
 * the résumé.
 */
export async function createSession(
  deps: Deps,
  ownerId: string,
  input: CreateSessionInput,
): Promise<Created | Failure> {
  const { order, faults } = readCreateSessionInput(input, deps.settings.followUps);
  if (faults.length > 0) return { type: "ValidationError", faults };
  const use = idempotencyUse(order);

  // The first request wins: concurrent ones find what it created.
  for (;;) {
    const earlier = use && (await earlierCreation(deps, ownerId, use));
    if (earlier) return earlier;

    const stored = order.resumeText === null ? await deps.store.findResume(ownerId, { key: order.resumeKey! }) : null;
    if (order.resumeText === null && stored === null) {
      return { type: "ValidationError", faults: [{ path: ["input", "resumeId"], message: "resumeUnknown" }] };
    }
    const open = order.forceCreate ? null : await openSession(deps, ownerId, order);
    // Checked before anything is stored, and only when the model would be asked.
    const spent = open === null ? await checkBudget(deps, ownerId) : null;
    if (spent !== null) return spent;
    const resume = stored ?? (await storeResume(deps, ownerId, order.resumeText!, order.resumeKey)).resume;
    if (open !== null) {
      if (use && !(await deps.store.keepIdempotencyKey(ownerId, use, open.id))) continue;
      return { session: open, reusedExisting: true };
    }

    const mayChooseKey = !order.forceCreate && order.resumeKey === null;
    const from = mayChooseKey ? await underFreeKey(deps, ownerId, resume) : resume;
    const decision = decide(order, from, momentOf(deps));
    deps.reach("before-commit");
    const committed = await deps.store.insert(decision, use);
    if (typeof committed === "string") continue;
    deps.reach("after-commit");
    deps.wakeWorkers();
    deps.bus.publish(committed.events);
    deps.reach("after-publish");
    return { session: committed.session, reusedExisting: false };
  }
}

async function earlierCreation(deps: Deps, ownerId: string, use: IdempotencyUse): Promise<Created | Failure | null> {
  const earlier = await deps.store.findByIdempotencyKey(ownerId, use.key);
  if (earlier === null) return null;
  if (earlier.inputHash !== use.inputHash) return { type: "IdempotencyConflictError" };
  const session = await deps.store.load(earlier.sessionId);
  return session && { session, reusedExisting: earlier.reusedExisting };
}

/** By the key; if none was given by the text, which may be stored under several keys. */
async function openSession(deps: Deps, ownerId: string, order: SessionOrder): Promise<Session | null> {
  const by = order.resumeKey === null ? { textHash: hashOf(order.resumeText!) } : { key: order.resumeKey };
  const id = await deps.store.findOpenSession(ownerId, by);
  return id === null ? null : deps.store.load(id);
}

/**
 * Only one session can be open per key. If that one has an older text, this text gets an additional key, derived from
 * both so that concurrent requests get the same one.
 */
async function underFreeKey(deps: Deps, ownerId: string, resume: Resume): Promise<Resume> {
  const id = await deps.store.findOpenSession(ownerId, { key: resume.key });
  const open = id === null ? null : await deps.store.load(id);
  if (open === null || open.resume.id === resume.id) return resume;
  return (await storeResume(deps, ownerId, resume.text, keyOf(`${open.id} ${resume.text}`))).resume;
}

function idempotencyUse(order: SessionOrder): IdempotencyUse | null {
  const { idempotencyKey, ...input } = order;
  if (idempotencyKey === null) return null;
  return { key: idempotencyKey, inputHash: createHash("sha256").update(JSON.stringify(input)).digest("hex") };
}
