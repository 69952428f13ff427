import type { LiveEvent } from "../../interview/events.ts";
import type { Language } from "../../interview/messages.ts";
import type { EventStream } from "../../ports/events.ts";
import { SessionGone, snapshotRequired } from "../errors.ts";
import type { SessionReader } from "../sessionReader.ts";
import type { EventOf } from "./shapes.ts";

/**
 * What our subscriptions give as their source. Whoever iterates gets the events whose sessions are still there; whoever
 * polls `live` drops the others when it meets SessionGone.
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

/** What resolvers are given of an event. */
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
