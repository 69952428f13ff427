import { useApolloClient } from "@apollo/client/react";
import { useState } from "react";
import { keepNewest } from "../api/cache.ts";
import { RetryEvaluation } from "../api/operations.ts";
import { useSpeech } from "../i18n.tsx";

/** Has the answers evaluated again; `trouble` says why it did not begin. */
export function useRetry(sessionId: string): { retry(): Promise<void>; trouble: string | null } {
  const client = useApolloClient();
  const { texts } = useSpeech();
  const [trouble, setTrouble] = useState<string | null>(null);
  return {
    trouble,
    async retry() {
      setTrouble(null);
      try {
        const variables = { input: { sessionId } };
        const { data } = await client.mutate({ mutation: RetryEvaluation, variables, fetchPolicy: "no-cache" });
        const result = data!.retryEvaluation;
        if ("session" in result) keepNewest(client.cache, result.session);
        else setTrouble(result.message);
      } catch {
        setTrouble(texts.failed);
      }
    },
  };
}
