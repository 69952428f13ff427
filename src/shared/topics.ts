import type { LiveEvent } from "../interview/events.ts";
import type { Topic } from "../ports/events.ts";

/** What a topic is called on a bus. */
export function topicName(topic: Topic): string {
  switch (topic.kind) {
    case "session":
      return `session:${topic.sessionId}`;
    case "owner":
      return `owner:${topic.ownerId}`;
    case "all":
      return "all";
  }
}

/** Everywhere that what happens in a session has to be heard. */
export function topicsOf({ sessionId, ownerId }: { sessionId: string; ownerId: string }): string[] {
  return [topicName({ kind: "session", sessionId }), topicName({ kind: "owner", ownerId }), topicName({ kind: "all" })];
}

/** Events of several sessions, each session's together: they have to be heard in the same places. */
export function bySession(events: readonly LiveEvent[]): LiveEvent[][] {
  return [...Map.groupBy(events, ({ sessionId }) => sessionId).values()];
}
