import { execFileSync } from "node:child_process";
import { Redis } from "ioredis";
import pg from "pg";
import { failedStart } from "../support/process.ts";
import { leakIn, withoutStacks } from "./judge.ts";
import { http, post, socket, sse, subscribeFrame } from "./probes.ts";
import type { Attack } from "./table.ts";
import { canaries, secret, seed, type Target, token } from "./target.ts";

const create = `mutation($i: CreateSessionInput!) { createSession(input: $i) { __typename ... on Error { code message } ... on RateLimitedError { retryAfterMs } } }`;
const submit = `mutation($i: SubmitAnswerInput!) { submitAnswer(input: $i) { __typename } }`;
const fresh = (): object => ({ i: { resumeText: `R ${Math.random()}`, questionCount: 3, wait: false } });
const typeOf = ({ json }: { json: any }, field: string): string => json?.data?.[field]?.__typename ?? "";

/** Counts over calls: sent to a server whose limits are its own ones, with small numbers of connections. */
export function countingAttacks(second: () => Target): Attack[] {
  const flood = async (
    at: Target,
    calls: number,
    call: (n: number) => Promise<{ json: any }>,
    field: string,
  ): Promise<number> => {
    const answers = await Promise.all(Array.from({ length: calls }, (_, n) => call(n)));
    void at;
    return answers.filter((answer) => /Payload$/.test(typeOf(answer, field))).length;
  };
  const creates = (name: string, headers: (n: number) => Record<string, string>): Attack => ({
    row: "S43",
    name: `createSession 12 times, ${name}`,
    on: "http",
    run: async (at) => {
      // One address: whoever came before has used it up, so more than its share must not pass in all.
      const passed = await flood(
        at,
        12,
        async (n) => post(at, create, fresh(), { token: await token(`flood-${name}-${n}`), headers: headers(n) }),
        "createSession",
      );
      return passed <= 5 ? null : `${passed} passed`;
    },
  });
  return [
    {
      row: "S45",
      name: "100 parallel answers of one viewer on two nodes",
      on: "http",
      run: async (at) => {
        const as = { token: await token("racer") };
        const input = { sessionId: at.ada.session, questionIndex: 0, answer: "x" };
        const answers = await Promise.all(
          Array.from({ length: 100 }, (_, n) => post(n % 2 === 0 ? at : second(), submit, { i: input }, as)),
        );
        const passed = answers.filter((answer) => typeOf(answer, "submitAnswer") !== "RateLimitedError").length;
        // Ten a second; the calls may have taken a few seconds.
        const seconds = Math.ceil(Math.max(...answers.map(({ ms }) => ms)) / 1_000) + 1;
        return passed <= 10 * seconds && passed < 60 ? null : `${passed} passed in ${seconds} s`;
      },
    },
    creates("each with another X-Forwarded-For", (n) => ({ "x-forwarded-for": `203.0.113.${n}` })),
    creates("each with several X-Forwarded-For", (n) => ({
      "x-forwarded-for": `203.0.113.${n}, 198.51.100.${n}, 127.0.0.1`,
    })),
    creates("each with another Forwarded", (n) => ({ forwarded: `for=203.0.113.${n}` })),
    creates("each with another X-Real-IP", (n) => ({ "x-real-ip": `203.0.113.${n}` })),
    creates("each with another IPv6", (n) => ({
      "x-forwarded-for": `2001:db8::${n}`,
      "cf-connecting-ip": `2001:db8::${n}`,
    })),
    creates("names in other cases", (n) => ({
      "X-FORWARDED-FOR": `203.0.113.${n}`,
      "True-Client-IP": `203.0.113.${n}`,
    })),
    {
      row: "S44",
      name: "answers by alias, over the socket and by POST count together",
      on: "ws",
      run: async (at) => {
        const as = { token: await token("mixer") };
        const i = { sessionId: at.ada.session, questionIndex: 0, answer: "x" };
        const aliased = `mutation($i: SubmitAnswerInput!) { ${Array.from({ length: 14 }, (_, n) => `a${n}: submitAnswer(input: $i) { __typename }`).join(" ")} }`;
        const startedAt = performance.now();
        const [one, two, three] = await Promise.all([
          post(at, aliased, { i }, as),
          socket(at, { as, frames: [subscribeFrame("1", aliased, { i })], until: /"next"|"error"/ }),
          sse(at, aliased, { i }, as),
        ]);
        const passed = [one, two, three]
          .flatMap(({ json }) => Object.values(json?.data ?? {}))
          .filter((value: any) => value.__typename !== "RateLimitedError").length;
        const seconds = Math.ceil((performance.now() - startedAt) / 1_000) + 1;
        return passed <= 10 * seconds && passed < 42 ? null : `${passed} of 42 passed`;
      },
    },
    {
      row: "S44",
      name: "retryEvaluation counts with createSession",
      on: "http",
      run: async (at) => {
        const as = { token: await token("retrier") };
        const retry = "mutation($id: ID!) { retryEvaluation(input: { sessionId: $id }) { __typename } }";
        const answers = await Promise.all(
          Array.from({ length: 12 }, () => post(at, retry, { id: at.ada.session }, as)),
        );
        const passed = answers.filter((answer) => typeOf(answer, "retryEvaluation") !== "RateLimitedError").length;
        return passed <= 5 ? null : `${passed} passed`;
      },
    },
    {
      row: "S31",
      name: "the 6th socket of a viewer",
      on: "ws",
      mayBeBusy: true,
      run: async (at) => {
        const as = { token: await token("sockets") };
        const opened = await Promise.all(
          Array.from({ length: 8 }, () => socket(at, { as, frames: [], patience: 1_500 })),
        );
        const refused = opened.filter(({ close }) => close === 4429).length;
        return refused === 3 ? null : `${8 - refused} of 8 stayed open`;
      },
    },
    {
      row: "S31",
      name: "the 6th stream of a viewer",
      on: "sse",
      mayBeBusy: true,
      run: async (at) => {
        const as = { token: await token("streams"), headers: { accept: "text/event-stream" } };
        const body = JSON.stringify({ query: "subscription { viewerEvents { __typename } }" });
        const gone = new AbortController();
        const opened = await Promise.all(
          Array.from({ length: 8 }, () =>
            fetch(`${at.url}/graphql`, {
              method: "POST",
              body,
              headers: { "content-type": "application/json", authorization: `Bearer ${as.token}`, ...as.headers },
              signal: gone.signal,
            }),
          ),
        );
        gone.abort();
        const refused = opened.filter(({ status }) => status === 503).length;
        return refused === 3 ? null : `${8 - refused} of 8 stayed open`;
      },
    },
    {
      row: "S32",
      name: "60 silent sockets of one address",
      on: "ws",
      mayBeBusy: true,
      run: async (at) => {
        const opened = await Promise.all(
          Array.from({ length: 60 }, () => socket(at, { init: false, frames: [], patience: 700 })),
        );
        const refused = opened.filter(({ status }) => status === 503).length;
        return refused >= 40 ? null : `${60 - refused} of 60 got in`;
      },
    },
    {
      row: "S32",
      name: "sockets that leave while their token is looked at keep no place",
      on: "ws",
      mayBeBusy: true,
      run: async (at) => {
        const as = { token: await token("leaver") };
        const init = JSON.stringify({ type: "connection_init", payload: { authorization: `Bearer ${as.token}` } });
        for (let n = 0; n < 20; n++) {
          await socket(at, { init: false, frames: [init], after: (client) => setImmediate(() => client.terminate()) });
        }
        const last = await socket(at, { as, frames: [], until: /connection_ack/ });
        return last.body.includes("connection_ack") ? null : `close ${last.close}`;
      },
    },
  ];
}

/** Bad settings: the process must not start. */
export function startAttacks(): Attack[] {
  const cases: [string, Record<string, string>, string][] = [
    ["a blank secret", { AUTH_JWT_SECRET: "  " }, "AUTH_JWT_SECRET"],
    ["an empty secret", { AUTH_JWT_SECRET: "" }, "AUTH_JWT_SECRET"],
    ["a short secret", { AUTH_JWT_SECRET: "changeme" }, "AUTH_JWT_SECRET"],
    ["a secret of 31 bytes", { AUTH_JWT_SECRET: "x".repeat(31) }, "AUTH_JWT_SECRET"],
    ["no secret on all addresses", { HOST: "0.0.0.0" }, "AUTH_JWT_SECRET"],
    ["no secret on IPv6", { HOST: "::" }, "AUTH_JWT_SECRET"],
    ["a key set that is a file", { AUTH_JWKS_URL: "file:///etc/passwd" }, "AUTH_JWKS_URL"],
    ["a short encryption key", { ENCRYPTION_KEY: "c2hvcnQ=" }, "ENCRYPTION_KEY"],
    ["a short signing secret", { REPORT_URL_SECRET: "short" }, "REPORT_URL_SECRET"],
    ["a limit that is a word", { MAX_DEPTH: "many" }, "MAX_DEPTH"],
    ["a limit below nought", { MAX_TOKENS: "-1" }, "MAX_TOKENS"],
  ];
  return cases.map(
    ([name, env, variable]): Attack => ({
      row: "S64",
      name: `a start with ${name}`,
      on: "process",
      run: async () => {
        const { code, output } = await failedStart({
          NODE_ENV: "production",
          DATABASE_URL: "postgresql://127.0.0.1:1/none",
          ...env,
        });
        if (code === 0) return "it started";
        return output.startsWith(variable) && output.trim().split("\n").length === 1 ? null : output.slice(0, 200);
      },
    }),
  );
}

/** After everything else: where the marked words may not be found. */
export function leakAttacks(places: { databaseUrl: string; redisUrl: string; published: () => string }): Attack[] {
  return [
    {
      row: "S57",
      name: "the log, at its most talkative",
      on: "process",
      run: async (at) =>
        leakIn(withoutStacks(at.output())) ??
        (at.output().includes(at.token.ada) || at.output().includes(at.token.bob) ? "a token" : null),
    },
    {
      row: "S58",
      name: "the metrics",
      on: "http",
      run: async (at) => leakIn((await http(at, "/metrics", {}, { token: secret })).body),
    },
    {
      row: "S58",
      name: "the job table",
      on: "process",
      run: async () => marksIn(await dump(places.databaseUrl, "pgboss")),
    },
    { row: "S58", name: "what Redis was told", on: "process", run: async () => marksIn(places.published()) },
    { row: "S58", name: "what Redis keeps", on: "process", run: async () => marksIn(await redisDump(places.redisUrl)) },
    {
      row: "S59",
      name: "every table, at rest",
      on: "process",
      run: async () => marksIn(await dump(places.databaseUrl, "public")),
    },
    {
      row: "S61",
      name: "an export of Bob's",
      on: "http",
      run: async (at) => marksIn((await post(at, "{ exportMyData }")).body),
    },
    {
      row: "S66",
      name: "texts that make expressions slow",
      on: "http",
      run: async (at) => {
        for (const text of [
          `${"a".repeat(50_000)}!`,
          " ".repeat(90_000),
          "a@".repeat(40_000),
          `${"-".repeat(90_000)}x`,
          "((((".repeat(20_000),
          "1.".repeat(40_000),
          "\n\t".repeat(40_000),
          "```".repeat(30_000),
        ]) {
          const input = { resumeText: `x${text}`, questionCount: 3, forceCreate: true };
          const { ms, json } = await post(at, create, { i: input });
          if (typeOf({ json }, "createSession") !== "CreateSessionPayload") return JSON.stringify(json).slice(0, 150);
          if (ms > 2_000) return `${Math.round(ms)} ms for ${text.slice(0, 4)}…`;
        }
        return null;
      },
    },
    {
      row: "S42",
      name: "somebody else's looks like nobody's, in time too",
      on: "http",
      run: async (at) => {
        const query = "query($id: ID!) { session(id: $id) { id } }";
        const none = Buffer.from("InterviewSession:00000000-0000-4000-8000-000000000000").toString("base64");
        const times: Record<"theirs" | "none", number[]> = { theirs: [], none: [] };
        for (let n = 0; n < 60; n++) {
          times.theirs.push((await post(at, query, { id: at.ada.session })).ms);
          times.none.push((await post(at, query, { id: none })).ms);
        }
        const median = (list: number[]): number => list.sort((a, b) => a - b)[list.length >> 1]!;
        const gap = median(times.theirs) - median(times.none);
        // What a load takes more than a miss is far below what a network hides.
        return Math.abs(gap) < 5 ? null : `${gap.toFixed(1)} ms apart`;
      },
    },
    {
      row: "S60",
      name: "all tables after deleteMyData",
      on: "process",
      run: async (at) => {
        const owner = await token("carol-in-canary-land");
        const carol: Target = { ...at, token: { ...at.token, ada: owner } };
        await seed(carol);
        at.transcript.length = 0;
        const before = await dump(places.databaseUrl, "public");
        if (!before.includes("carol-in-canary-land")) return "the check finds nothing where something is";
        await post(at, "mutation { deleteMyData { deletedSessions } }", {}, { token: owner });
        const after = (await dump(places.databaseUrl, "public")) + (await dump(places.databaseUrl, "pgboss"));
        return after.includes("carol-in-canary-land") ? "her name is still there" : null;
      },
    },
  ];
}

/** What any server of ours publishes over Redis while the table runs. */
export async function listen(redisUrl: string): Promise<{ text(): string; stop(): void }> {
  const redis = new Redis(redisUrl);
  let text = "";
  redis.on("pmessage", (_pattern, channel, message) => (text += `${channel} ${message}\n`));
  await redis.psubscribe("*");
  return { text: () => text, stop: () => redis.disconnect() };
}

function marksIn(text: string): string | null {
  if (text === "") return "the check finds nothing at all";
  const found = Object.entries(canaries).find(([, word]) => text.includes(word));
  return found ? `${found[0]} in it` : null;
}

async function dump(databaseUrl: string, schema: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows: tables } = await client.query(
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = $1",
    [schema],
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await client.query(`SELECT t::text AS row FROM ${name} t`);
    texts.push(...rows.map(({ row }) => row));
  }
  await client.end();
  return texts.join("\n");
}

async function redisDump(redisUrl: string): Promise<string> {
  const redis = new Redis(redisUrl);
  const keys = await redis.keys("*");
  const values = await Promise.all(keys.map((key) => redis.dump(key).catch(() => "")));
  redis.disconnect();
  return `keys: ${keys.join("\n")}${values.join("\n")}`;
}

/** No secret and no private key in what is kept of the project. */
export function repositoryAttacks(root: string): Attack[] {
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
  return [
    {
      row: "S65",
      name: "keys in the files of the project",
      on: "process",
      run: async () => {
        const pattern =
          "-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|sk-[A-Za-z0-9]{32,}|ghp_[A-Za-z0-9]{36}|xox[bp]-[0-9]";
        try {
          return git("grep", "-lE", "-e", pattern).trim();
        } catch {
          return null;
        }
      },
    },
    {
      row: "S65",
      name: "packages without a checksum or from elsewhere than the registry",
      on: "process",
      run: async () => {
        const lock = JSON.parse(git("show", "HEAD:package-lock.json"));
        const odd = Object.entries<any>(lock.packages).filter(
          ([path, entry]) =>
            path.includes("node_modules/") &&
            !entry.link &&
            !entry.inBundle &&
            (!entry.integrity || /^(git|http:|file:)/.test(entry.resolved ?? "")),
        );
        return odd.length === 0
          ? null
          : odd
              .slice(0, 3)
              .map(([path]) => path)
              .join(", ");
      },
    },
  ];
}
