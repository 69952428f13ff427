/** Tells where a baseline listens. */
export function announce(server) {
  console.log(`ready http://127.0.0.1:${server.address().port}`);
  process.on("SIGTERM", () => process.exit(0));
}
