import { expect, it } from "vitest";
import { FlushQueue } from "../../src/edge/flushQueue.ts";
import type { Caller } from "../../src/edge/graphql.ts";
import type { Metrics } from "../../src/edge/metrics.ts";
import type { Selection } from "../../src/edge/selections.ts";
import { SocketOperation } from "../../src/edge/socketOperation.ts";
import type { EventStream } from "../../src/ports/events.ts";

/** Events of these lengths to a socket that is full after each write; what was written, and what was in each write. */
async function written(lengths: number[], hasToRead: boolean) {
  const waiting = lengths.map((length, n) => ({ seq: n + 1, occurredAt: new Date(0), length }));
  const stream = { poll: () => waiting.shift(), ended: false, reader: null } as unknown as EventStream;
  const render = ({ seq, length }: any) => {
    const text = `${seq} `.padEnd(length, "x");
    return hasToRead ? Promise.resolve(text) : text;
  };
  const writes: string[][] = [];
  let isFull = false;
  let told = 0;
  await new Promise<void>((done) => {
    const connection = {
      language: "en" as const,
      get isFull() {
        return isFull;
      },
      send() {},
      deliver(_: string, results: readonly (string | Buffer)[]) {
        writes.push(results.map(String));
        told += results.length;
        isFull = true;
        if (told === lengths.length) done();
      },
      whenRoom: (operation: SocketOperation) =>
        setImmediate(() => {
          isFull = false;
          operation.flow();
        }),
      complete() {},
      fail() {},
    };
    const subscriptions = { inc() {}, dec() {} } as unknown as Metrics["subscriptions"];
    const operation = new SocketOperation(connection, "1", {} as Caller, subscriptions);
    operation.start(stream, { render } as unknown as Selection, new FlushQueue());
  });
  return { writes: writes.map((results) => results.length), order: writes.flat().map(Number.parseFloat) };
}

it.each([false, true])(
  "small events share a write, long ones do not, each is told once (read first: %s)",
  async (reads) => {
    const small = Array<number>(70).fill(100);
    const long = Array<number>(5).fill(100_000);
    const { writes, order } = await written([...small, ...long, ...small], reads);
    expect(order).toEqual(Array.from({ length: 145 }, (_, n) => n + 1));
    expect(writes.slice(0, 4)).toEqual([1, 32, 32, 6]);
    expect(writes.slice(4, 8)).toEqual([1, 1, 1, 1]);
  },
);
