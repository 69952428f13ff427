import { createConnection, createServer, type Socket } from "node:net";

/** Between a client and a server, to be cut, stalled, delayed or half closed at any moment. */
export interface Wire {
  port: number;
  /** pass: as if it were not there. stall: nothing gets through, nothing is closed. deaf: replies are swallowed. */
  set(mode: "pass" | "stall" | "deaf" | { delayMs: number }): void;
  /** Breaks every connection; new ones are made as before. */
  cut(): void;
  /** Ends the server's side of every connection and leaves the client's open. */
  halfClose(): void;
  close(): Promise<void>;
}

export async function startWire(target: number): Promise<Wire> {
  const pairs = new Set<{ client: Socket; server: Socket }>();
  let mode: Parameters<Wire["set"]>[0] = "pass";
  let held: (() => void)[] = [];

  function send(to: Socket, chunk: Buffer, isReply: boolean): void {
    if (mode === "deaf" && isReply) return;
    if (mode === "stall") held.push(() => to.write(chunk));
    else if (typeof mode === "object") setTimeout(() => to.write(chunk), mode.delayMs);
    else to.write(chunk);
  }

  const listener = createServer((client) => {
    const server = createConnection(target, "127.0.0.1");
    const pair = { client, server };
    pairs.add(pair);
    client.on("data", (chunk) => send(server, chunk, false));
    server.on("data", (chunk) => send(client, chunk, true));
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on("error", () => other.destroy());
      one.on("end", () => other.end());
      one.on("close", () => {
        pairs.delete(pair);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const proxy: Wire = {
    port: (listener.address() as { port: number }).port,
    set(next) {
      mode = next;
      if (mode === "stall") return;
      for (const write of held.splice(0)) write();
    },
    cut() {
      held = [];
      for (const { client, server } of pairs) {
        client.destroy();
        server.destroy();
      }
    },
    halfClose() {
      for (const { client } of pairs) client.end();
    },
    async close() {
      proxy.cut();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
  return proxy;
}
