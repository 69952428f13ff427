import { useEffect, useState } from "react";
import type { Client } from "urql";
import type { FollowingSubscription } from "./generated/graphql.ts";
import { Following } from "./operations.ts";

export type Step = Exclude<FollowingSubscription["sessionEvents"], { __typename: "QuestionDelta" }>;

export interface Followed {
  steps: readonly Step[];
  trouble: "EARLIER_GONE" | "NOT_FOUND" | null;
}

const maxSteps = 300;

/** Everything that happened in a session, then everything that happens. */
export function useFollowing(client: Client, sessionId: string, newestCursor: string): Followed {
  const [after, setAfter] = useState("0");
  const [followed, setFollowed] = useState<Followed>({ steps: [], trouble: null });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest cursor is only where to begin when nothing earlier is left
  useEffect(() => {
    let arrived: Step[] = [];
    let frame = 0;
    // A replay brings all events at once: they are shown together.
    const show = (): void => {
      frame = 0;
      const taken = arrived;
      arrived = [];
      setFollowed(({ steps, trouble }) => ({ steps: [...steps, ...taken].slice(-maxSteps), trouble }));
    };
    const { unsubscribe } = client.subscription(Following, { sessionId, after }).subscribe(({ data, error }) => {
      const code = error?.graphQLErrors[0]?.extensions?.code;
      if (code === "SNAPSHOT_REQUIRED") {
        setFollowed({ steps: [], trouble: "EARLIER_GONE" });
        setAfter(newestCursor);
      } else if (code === "SESSION_NOT_FOUND") {
        setFollowed(({ steps }) => ({ steps, trouble: "NOT_FOUND" }));
      }
      const event = data?.sessionEvents;
      if (!event || event.__typename === "QuestionDelta") return;
      arrived.push(event);
      frame ||= requestAnimationFrame(show);
    });
    return () => {
      cancelAnimationFrame(frame);
      unsubscribe();
    };
  }, [client, sessionId, after]);
  return followed;
}
