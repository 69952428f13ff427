import { Answering } from "../answering.ts";
import { type Bench, type Benchmark, interleave, type Program, type Row } from "../harness.ts";
import { type Load, load, postRequest } from "../load.ts";
import { bearer, createDatabase, startProduct, startServers } from "../product.ts";
import { fill, globalSessionId } from "../sessions.ts";

export const benchmark: Benchmark = {
  id: "GROWTH",
  title: "the same work beside many more sessions",
  run,
};

const query = /* GraphQL */ `
  query Session($id: ID!) {
    session(id: $id) { id status cursor questions { index text answer { text submittedAt } } }
  }
`;

/** Requests a second: far from what the server can do, so that it is not the queue that is measured. */
const rate = 200;
const answers = 8;

interface Arm {
  sessions: number;
  program: Program;
  answering: Answering;
}

async function run(bench: Bench): Promise<Row[]> {
  const servers = await startServers({ durable: true });
  const arms: Arm[] = [];
  try {
    const authorization = await bearer("ann");
    for (const sessions of bench.quick ? [1_000, 30_000] : [1_000, 100_000, 1_000_000]) {
      bench.progress(`filling in ${sessions} sessions`);
      const databaseUrl = await createDatabase(servers, `sessions_${sessions}`);
      const program = await startProduct(servers, { databaseUrl, env: { ROLE: "api" } });
      arms.push({ sessions, program, answering: new Answering(sessions, authorization, answers) });
      await fill(databaseUrl, { sessions, answers, ownerId: "ann", planned: 10 });
    }
    const seconds = bench.quick ? 2 : 8;
    const open = { connections: 50, seconds, rate };
    const measure = (work: (arm: Arm) => Pick<Load, "url" | "request" | "check">) =>
      interleave(
        bench,
        Object.fromEntries(arms.map((arm) => [String(arm.sessions), () => load({ ...open, ...work(arm) })])),
      );
    const reads = await measure(({ sessions, program }) => readsOf(program, sessions, authorization));
    const writes = await measure(({ program, answering }) => answering.load(`${program.url}/graphql`));

    const rows: Row[] = [];
    for (const [kind, what, samples] of [
      ["read", "session with 8 answers from PostgreSQL, p99 in ms", reads],
      ["answer", "submitAnswer, durable, p99 in ms", writes],
    ] as const) {
      const p99 = (sessions: number): number[] => samples[String(sessions)]!.map((sample) => sample.p99);
      for (const { sessions } of arms.slice(1)) {
        rows.push({
          id: `GROWTH.${kind}`,
          what: `${what}, ${sessions} sessions`,
          ours: p99(sessions),
          baseline: p99(1_000),
          baselineName: "the same with 1,000 sessions",
          goal: { atMost: 1.3 },
        });
      }
    }
    return rows;
  } finally {
    for (const { program } of arms) await program.stop();
    await servers.stop();
  }
}

/** Sessions from all over the table, most of them not read before. */
function readsOf(program: Program, sessions: number, authorization: string): Pick<Load, "url" | "request" | "check"> {
  const url = `${program.url}/graphql`;
  const place = (n: number): number => 1 + ((n * 7_919) % sessions);
  return {
    url,
    request: (n) => postRequest(url, { query, variables: { id: globalSessionId(place(n)) } }, authorization),
    check(body, n) {
      const { data } = JSON.parse(body.toString());
      if (data?.session?.id !== globalSessionId(place(n)) || !(data.session.questions.length > answers)) {
        throw new Error(`Another session was asked for: ${body}`);
      }
    },
  };
}
