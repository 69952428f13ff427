/** Polls until the condition holds or the time is up: at shutdown there is no event to wait for. */
export async function waitUntil(holds: () => boolean, withinMs: number): Promise<void> {
  const until = performance.now() + withinMs;
  while (!holds() && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
}
