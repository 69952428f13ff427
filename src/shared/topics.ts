import type { BusEvent, Topic } from "../ports/events.ts";

/** A topic's name on a bus. */
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

/** The ids of owners among the topics. */
export function ownersIn(topics: Iterable<string>): string[] {
  return [...topics].flatMap((topic) => (topic.startsWith("owner:") ? [topic.slice("owner:".length)] : []));
}

/** All topics on which an event of a session, or about an owner, is delivered. */
export function topicsOf(about: { sessionId?: string; ownerId: string }): string[] {
  const owner = topicName({ kind: "owner", ownerId: about.ownerId });
  if (about.sessionId === undefined) return [owner];
  return [topicName({ kind: "session", sessionId: about.sessionId }), owner, topicName({ kind: "all" })];
}

/** Groups events that go to the same topics: those of one session. */
export function byTopics(events: readonly BusEvent[]): BusEvent[][] {
  return [...Map.groupBy(events, (event) => topicsOf(event)[0]).values()];
}
