import type { LiveEvent } from "../../interview/events.ts";
import type { Listener, LiveBus, Topic } from "../../ports/events.ts";
import { Told } from "../../ports/told.ts";
import { bySession, topicName, topicsOf } from "../../ports/topics.ts";

/** Events within one process: nothing is ever lost between publish and hear. */
export function createMemoryBus(): LiveBus {
  const listeners = new Map<string, Set<Listener>>();
  const told = new Told();

  function deliver(events: readonly LiveEvent[]): void {
    for (const own of bySession(events)) {
      for (const name of topicsOf(own[0]!)) {
        const audience = listeners.get(name);
        if (audience === undefined) continue;
        told.note(name, own);
        for (const listener of audience) listener.hear(own);
      }
    }
  }

  return {
    publish: deliver,
    deliver,
    untold: (recent) => told.missing(recent, (topic) => listeners.has(topic)),
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
