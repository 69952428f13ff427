import { createHash } from "node:crypto";
import { createSession as decide } from "../interview/conversation.ts";
import type { Failure } from "../interview/failures.ts";
import type { Resume, Session } from "../interview/model.ts";
import { type CreateSessionInput, readCreateSessionInput, type SessionOrder } from "../interview/validation.ts";
import type { IdempotencyUse } from "../ports/store.ts";
import { momentOf } from "./change.ts";
import type { Deps } from "./deps.ts";
import { hashOf, storeResume } from "./resumes.ts";

export interface Created {
  session: Session;
  reusedExisting: boolean;
}

/** Makes a session, or gives back the one that the input asks for: by idempotency key, or unfinished of that résumé. */
export async function createSession(
  deps: Deps,
  ownerId: string,
  input: CreateSessionInput,
): Promise<Created | Failure> {
  const { order, faults } = readCreateSessionInput(input, deps.settings.followUps);
  if (faults.length > 0) return { type: "ValidationError", faults };
  const use = idempotencyUse(order);

  // Whoever was first wins: everybody else finds what the first one made.
  for (;;) {
    const earlier = use && (await earlierCreation(deps, ownerId, use));
    if (earlier) return earlier;

    const resume = await resumeFor(deps, ownerId, order);
    if (resume === null) {
      return { type: "ValidationError", faults: [{ path: ["input", "resumeId"], message: "resumeUnknown" }] };
    }
    const open = order.forceCreate ? null : await openSession(deps, ownerId, order, resume);
    if (open !== null) {
      if (use && !(await deps.store.keepIdempotencyKey(ownerId, use, open.id))) continue;
      return { session: open, reusedExisting: true };
    }

    const decision = decide(order, resume, momentOf(deps));
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

/** Of the same key; where none was given of the same text, which may have been stored under several. */
async function openSession(deps: Deps, ownerId: string, order: SessionOrder, resume: Resume): Promise<Session | null> {
  const textHash = order.resumeKey === null ? hashOf(resume.text) : null;
  const id =
    (textHash && (await deps.store.findOpenSession(ownerId, { textHash }))) ??
    (await deps.store.findOpenSession(ownerId, { key: resume.key }));
  return id === null ? null : deps.store.load(id);
}

async function resumeFor(deps: Deps, ownerId: string, order: SessionOrder): Promise<Resume | null> {
  if (order.resumeText !== null) return (await storeResume(deps, ownerId, order.resumeText, order.resumeKey)).resume;
  return deps.store.findResume(ownerId, { key: order.resumeKey! });
}

function idempotencyUse(order: SessionOrder): IdempotencyUse | null {
  const { idempotencyKey, ...input } = order;
  if (idempotencyKey === null) return null;
  return { key: idempotencyKey, inputHash: createHash("sha256").update(JSON.stringify(input)).digest("hex") };
}
