import type { BusEvent, LiveBus } from "../../ports/events.ts";
import type { Tracer } from "../../ports/tracer.ts";

type Traced = BusEvent & { traceparent?: string };

/** A bus whose events say which request they come from, so that their arrival is a step of its trace. */
export function traceBus(bus: LiveBus, tracer: Tracer): LiveBus {
  return {
    ...bus,
    publish(events, change) {
      const traceparent = tracer.current();
      const traced = traceparent === undefined ? events : events.map((event): Traced => ({ ...event, traceparent }));
      bus.publish(traced, change);
    },
    listen: (topic, listener) =>
      bus.listen(topic, {
        missed: () => listener.missed(),
        hear(events: readonly Traced[]) {
          for (const event of events) {
            // Pieces of a question are many and say nothing that the question does not; of an owner no trace is kept.
            if (event.traceparent === undefined || event.seq === null) continue;
            const { kind, sessionId, seq, occurredAt, traceparent } = event;
            const ms = Math.max(0, Date.now() - occurredAt.getTime());
            tracer.record(`event ${kind}`, { "session.id": sessionId, "event.seq": seq }, ms, traceparent);
          }
          listener.hear(events);
        },
      }),
  };
}
