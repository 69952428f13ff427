import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTables } from "../support/databases.ts";
import { leakIn } from "./judge.ts";
import { bytes, http, type Outcome, post, socket } from "./probes.ts";
import { canaries, startProduct, type Target } from "./target.ts";

/** FUZZ_SEED repeats a run, FUZZ_RUNS makes it longer. */
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const runs = Number(process.env.FUZZ_RUNS ?? 150);
const parameters = { seed, numRuns: runs, endOnFailure: true };

let at: Target;
beforeAll(async () => {
  console.log(`fuzzing with FUZZ_SEED=${seed} FUZZ_RUNS=${runs}`);
  at = await startProduct("fuzzed", {
    DATABASE_URL: await createTables(),
    METRICS_TOKEN: canaries.secret,
    MAX_FRAME_RATE: "off",
  });
});
afterAll(() => at.stop());

const word = fc.constantFrom(
  ...'query mutation subscription fragment on viewer session node nodes sessions edges id first after input true null __typename __schema $a @include { } ( ) [ ] : ! = | & ... "x" """ 0 -1 1e9 # , \\ \u0000 é 😀'.split(
    " ",
  ),
);
const document = fc.oneof(
  fc.array(word, { maxLength: 60 }).map((words) => words.join(" ")),
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.array(word, { maxLength: 12 }).map((words) => `{ viewer { id ${words.join(" ")} } }`),
);

it("answers any document and any variables with an error of the client's, or with data", async () => {
  await fc.assert(
    fc.asyncProperty(document, fc.jsonValue({ depthSize: "medium" }), async (query, variables) => {
      refusedOrServed(await http(at, "/graphql", { method: "POST", body: JSON.stringify({ query, variables }) }));
    }),
    parameters,
  );
});

it("answers any body", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array({ maxLength: 500 }),
        fc.json().map((text) => Buffer.from(text)),
      ),
      async (body) => {
        refusedOrServed(await http(at, "/graphql", { method: "POST", body: new Uint8Array(body) }));
      },
    ),
    parameters,
  );
});

const textual = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.base64String({ maxLength: 80 }),
  fc
    .tuple(
      fc.constantFrom("InterviewSession", "Question", "Report", "Resume", "__proto__", "GPC:S", "GPC:J"),
      fc.oneof(fc.uuid(), fc.string()),
    )
    .map(([type, id]) => btoa(unescape(encodeURIComponent(`${type}:${id}`.toWellFormed())))),
  fc.tuple(fc.integer(), fc.uuid()).map(([ms, id]) => Buffer.from(`${ms}:${id}`).toString("base64url")),
);

it("takes any text as an id or a cursor", async () => {
  const query = `query($a: String!, $i: ID!) {
    node(id: $i) { id } session(id: $i) { id } nodes(ids: [$i]) { id } unfinishedSession(resumeId: $i) { id }
    viewer { sessions(after: $a, resumeId: $i) { totalCount edges { cursor } } resumes(before: $a) { edges { cursor } } } }`;
  await fc.assert(
    fc.asyncProperty(textual, textual, async (a, i) => refusedOrServed(await post(at, query, { a, i }))),
    parameters,
  );
});

const message = fc.oneof(
  fc
    .record(
      {
        type: fc.constantFrom("connection_init", "subscribe", "complete", "ping", "pong", "next", "x"),
        id: fc.oneof(fc.string(), fc.constantFrom("1", "__proto__")),
        payload: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value)),
  fc
    .record({
      type: fc.constant("subscribe"),
      id: fc.string({ minLength: 1 }),
      payload: fc.record({ query: document, variables: fc.option(fc.dictionary(fc.string(), fc.jsonValue())) }),
    })
    .map((value) => JSON.stringify(value)),
  fc.string({ unit: "binary" }),
  fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
);

it("takes any frames, in any order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 8 }), fc.boolean(), async (frames, init) => {
      const answer = await socket(at, { init, frames, patience: 60 });
      expect([null, 4400, 4401, 4403, 4406, 4408, 4409, 4429, 1006, 1007, 1009]).toContain(answer.close);
      expect(leakIn(answer.body)).toBeNull();
      expect(answer.body).not.toContain("INTERNAL_SERVER_ERROR");
    }),
    { ...parameters, numRuns: Math.ceil(runs / 2) },
  );
});

it("lets clients leave at any moment, and gives their places back", async () => {
  const body = JSON.stringify({ query: "{ viewer { id sessions { totalCount } } }" });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 4 }), fc.boolean(), async (ms, streams) => {
      const lines = [
        "POST /graphql HTTP/1.1",
        "Host: x",
        `Authorization: Bearer ${at.token.bob}`,
        `Content-Length: ${body.length}`,
      ];
      lines.push("Content-Type: application/json", `Accept: ${streams ? "text/event-stream" : "*/*"}`);
      await Promise.all(Array.from({ length: 10 }, () => bytes(at, [`${lines.join("\r\n")}\r\n\r\n${body}`], ms)));
    }),
    { ...parameters, numRuns: Math.ceil(runs / 3) },
  );
  expect((await post(at, "{ viewer { id } }")).status).toBe(200);
});

it("is as it was before: alive, with no socket or operation left, and no fault in its log", async () => {
  expect(at.exited()).toBe(false);
  await expect.poll(() => gauge("vivavoce_sockets")).toBe(0);
  expect(await gauge("vivavoce_subscriptions")).toBe(0);
  await expect.poll(() => gauge("vivavoce_http_requests_in_flight")).toBe(0);
  expect(await gauge("process_resident_memory_bytes")).toBeLessThan(700 * 1024 * 1024);
  expect(
    at
      .output()
      .split("\n")
      .filter((line) => /"level":[56]0/.test(line)),
  ).toEqual([]);
});

function refusedOrServed({ status, body }: Outcome): void {
  expect(status).not.toBeNull();
  expect(status).toBeLessThan(500);
  expect(body).not.toContain("INTERNAL_SERVER_ERROR");
  expect(body).not.toContain("SERVICE_UNAVAILABLE");
  expect(leakIn(body)).toBeNull();
}

async function gauge(name: string): Promise<number> {
  const { body } = await http(at, "/metrics", {}, { token: canaries.secret });
  return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(body)?.[1]);
}
