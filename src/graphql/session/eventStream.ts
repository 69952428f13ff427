import type { LiveEvent } from "../../interview/events.ts";
import type { Language } from "../../interview/messages.ts";
import type { EventStream } from "../../ports/events.ts";
import { SessionGone, snapshotRequired } from "../errors.ts";
import type { SessionReader } from "../sessionReader.ts";
import type { EventOf } from "./shapes.ts";

/**
 * The source of our subscriptions. Iterating yields only events whose sessions still exist; a reader that polls `live`
 * drops the others on SessionGone.
 */
export class SessionEvents implements AsyncIterableIterator<LiveEvent, void, void> {
  readonly live: EventStream;
  readonly #sessions: SessionReader;
  readonly #language: Language;

  constructor(live: EventStream, sessions: SessionReader, language: Language) {
    this.live = live;
    this.#sessions = sessions;
    this.#language = language;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<LiveEvent, void>> {
    for (;;) {
      const next = await this.live.next();
      if (this.live.isCut) throw snapshotRequired(this.#language);
      if (next.done || next.value.kind === "SessionDeleted") return next;
      if ((await this.#sessions.atLeast(next.value.sessionId, next.value.seq)) !== null) return next;
    }
  }

  async return(): Promise<IteratorResult<LiveEvent, void>> {
    await this.live.return?.();
    return { done: true, value: undefined };
  }
}

/** The value that resolvers receive for an event. */
export function eventOf(event: LiveEvent, sessions: SessionReader): EventOf {
  return {
    event,
    async session() {
      const session = await sessions.atLeast(event.sessionId, event.seq);
      if (session === null) throw new SessionGone();
      return session;
    },
  };
}
