import type { BusEvent, Topic } from "../ports/events.ts";

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

/** Those of the topics that are owners, by their ids. */
export function ownersIn(topics: Iterable<string>): string[] {
  return [...topics].flatMap((topic) => (topic.startsWith("owner:") ? [topic.slice("owner:".length)] : []));
}

/** Everywhere that what happens in a session, or with all that an owner has, has to be heard. */
export function topicsOf(about: { sessionId?: string; ownerId: string }): string[] {
  const owner = topicName({ kind: "owner", ownerId: about.ownerId });
  if (about.sessionId === undefined) return [owner];
  return [topicName({ kind: "session", sessionId: about.sessionId }), owner, topicName({ kind: "all" })];
}

/** Events that have to be heard in the same places, those of one session, are put together. */
export function byTopics(events: readonly BusEvent[]): BusEvent[][] {
  return [...Map.groupBy(events, (event) => topicsOf(event)[0]).values()];
}
