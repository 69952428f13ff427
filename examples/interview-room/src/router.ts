import { createSignal } from "@vivavoce/client/signal.ts";
import { useSignal } from "./api/useSignal.ts";

export type Route = { page: "START" } | { page: "HISTORY" } | { page: "SESSION"; id: string };

const path = createSignal(location.pathname);
addEventListener("popstate", () => path.set(location.pathname));

export const startPath = "/";
export const historyPath = "/history";

export function sessionPath(id: string): string {
  return `/interview/${encodeURIComponent(id)}`;
}

export function go(to: string): void {
  history.pushState(null, "", to);
  path.set(location.pathname);
  scrollTo(0, 0);
}

export function useRoute(): Route {
  return read(useSignal(path));
}

function read(pathname: string): Route {
  const session = /^\/interview\/([^/]+)$/.exec(pathname)?.[1];
  if (session) return { page: "SESSION", id: decodeURIComponent(session) };
  return pathname === historyPath ? { page: "HISTORY" } : { page: "START" };
}
