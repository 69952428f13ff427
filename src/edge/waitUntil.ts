/** Looks again and again until it holds, and no longer than that: at the end of a process nobody tells. */
export async function waitUntil(holds: () => boolean, withinMs: number): Promise<void> {
  const until = performance.now() + withinMs;
  while (!holds() && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
}
