import type { BusEvent, Listener, LiveBus, Topic } from "../../ports/events.ts";
import { LocalDelivery } from "../../shared/localDelivery.ts";
import { ownersIn, topicName } from "../../shared/topics.ts";

/** Events within one process: none is ever lost. */
export function createMemoryBus(): LiveBus {
  const listeners = new Map<string, Set<Listener>>();
  const delivery = new LocalDelivery((topic) => listeners.get(topic));
  const deliver = (events: readonly BusEvent[]): void => delivery.deliver(events);

  return {
    publish: deliver,
    deliver,
    undelivered: (recent) => delivery.undelivered(recent),
    hasListeners: () => listeners.size > 0,
    listenedOwners: () => ownersIn(listeners.keys()),

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
