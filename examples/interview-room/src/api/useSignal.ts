import type { Signal } from "@vivavoce/client/signal.ts";
import { useSyncExternalStore } from "react";

export function useSignal<T>(signal: Signal<T>): T {
  return useSyncExternalStore(signal.subscribe, signal.get);
}
