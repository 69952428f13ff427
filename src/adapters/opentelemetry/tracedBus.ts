import type { LiveEvent } from "../../interview/events.ts";
import type { LiveBus } from "../../ports/events.ts";
import type { Tracer } from "../../ports/tracer.ts";

type Traced = LiveEvent & { traceparent?: string };

/** A bus whose events say which request they come from, so that their arrival is a step of its trace. */
export function traceBus(bus: LiveBus, tracer: Tracer): LiveBus {
  return {
    ...bus,
    publish(events) {
      const traceparent = tracer.current();
      bus.publish(traceparent === undefined ? events : events.map((event): Traced => ({ ...event, traceparent })));
    },
    listen: (topic, listener) =>
      bus.listen(topic, {
        ...listener,
        hear(event: Traced) {
          // Pieces of a question are many and say nothing that the question does not.
          if (event.traceparent !== undefined && event.kind !== "QuestionDelta") {
            const facts = { "session.id": event.sessionId, "event.seq": event.seq ?? 0 };
            const ms = Math.max(0, Date.now() - event.occurredAt.getTime());
            tracer.record(`event ${event.kind}`, facts, ms, event.traceparent);
          }
          listener.hear(event);
        },
      }),
  };
}
