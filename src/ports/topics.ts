import type { LiveEvent } from "../interview/events.ts";
import type { Topic } from "./events.ts";

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

/** Everywhere that an event has to be heard. */
export function topicsOf(event: LiveEvent): string[] {
  return [
    topicName({ kind: "session", sessionId: event.sessionId }),
    topicName({ kind: "owner", ownerId: event.ownerId }),
    topicName({ kind: "all" }),
  ];
}
