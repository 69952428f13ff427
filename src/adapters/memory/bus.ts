import type { LiveEvent } from "../../interview/events.ts";
import type { Listener, LiveBus, Topic } from "../../ports/events.ts";
import { bySession, topicName, topicsOf } from "../../ports/topics.ts";

/** Events within one process: nothing is ever lost between publish and hear. */
export function createMemoryBus(): LiveBus {
  const listeners = new Map<string, Set<Listener>>();

  function deliver(events: readonly LiveEvent[]): void {
    for (const own of bySession(events)) {
      for (const name of topicsOf(own[0]!)) for (const listener of listeners.get(name) ?? []) listener.hear(own);
    }
  }

  return {
    publish: deliver,
    deliver,
    hasListeners: () => listeners.size > 0,

    async listen(topic: Topic, listener: Listener) {
      const name = topicName(topic);
      const audience = listeners.get(name) ?? new Set();
      listeners.set(name, audience.add(listener));
      return {
        release() {
          audience.delete(listener);
          if (audience.size === 0 && listeners.get(name) === audience) listeners.delete(name);
        },
      };
    },

    async close() {
      listeners.clear();
    },
  };
}
