import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bench, type Benchmark, interleave, type Program, type Row, row, startProgram } from "../harness.ts";
import { type Load, load, postRequest } from "../load.ts";
import { ask, bearer, type Servers, startProduct, startServers } from "../product.ts";
import { fill, globalSessionId } from "../sessions.ts";

export const benchmark: Benchmark = {
  id: "B1",
  title: "one session with 8 answers, 50 connections",
  run,
};

const query = /* GraphQL */ `
  query Session($id: ID!) {
    session(id: $id) {
      id status turn cursor totalQuestions currentQuestionIndex
      questions { index text answer { text submittedAt } }
    }
  }
`;

/** Read in turn; few enough to be in anybody's memory. */
const known = 100;
const connections = 50;

async function run(bench: Bench): Promise<Row[]> {
  const servers = await startServers();
  const programs: Program[] = [];
  const folder = mkdtempSync(join(tmpdir(), "vivavoce-bench-"));
  try {
    const product = await startProduct(servers);
    programs.push(product);
    await fill(servers.postgres.url, { sessions: known, answers: 8, ownerId: "ann" });
    const authorization = await bearer("ann");
    const sessions: Record<string, unknown> = {};
    const bodies: Buffer[] = [];
    for (let n = 1; n <= known; n++) {
      const id = globalSessionId(n);
      const data = await ask<{ session: unknown }>(product.url, authorization, query, { id });
      sessions[id] = data.session;
      bodies.push(Buffer.from(JSON.stringify({ data })));
    }
    const file = join(folder, "sessions.json");
    writeFileSync(file, JSON.stringify(sessions));

    const start = async (name: string): Promise<Program> => {
      const program = await startProgram(`baselines/${name}.mjs`, { env: { SESSIONS: file, NODE_ENV: "production" } });
      programs.push(program);
      return program;
    };
    const arms = {
      ours: product,
      mercurius: await start("mercurius"),
      nodeHttp: await start("nodeHttp"),
      yoga: await start("yoga"),
      apollo: await start("apollo"),
    };
    const loadOf = (program: Program): Load => {
      const url = `${program.url}/graphql`;
      const requests = bodies.map((_, index) =>
        postRequest(url, { query, variables: { id: globalSessionId(index + 1) } }, authorization),
      );
      return {
        url,
        connections,
        seconds: bench.quick ? 2 : 5,
        request: (n) => requests[n % known]!,
        check(body, n) {
          if (!body.equals(bodies[n % known]!) && !isSame(body, bodies[n % known]!))
            throw new Error(`Another answer than ours: ${body}`);
        },
      };
    };
    const samples = await interleave(bench, {
      ours: () => load(loadOf(arms.ours)),
      mercurius: () => load(loadOf(arms.mercurius)),
      nodeHttp: () => load(loadOf(arms.nodeHttp)),
      yoga: () => load(loadOf(arms.yoga)),
      apollo: () => load(loadOf(arms.apollo)),
    });
    const perSecond = (name: keyof typeof arms) => samples[name].map((sample) => sample.perSecond);
    const p99 = (name: keyof typeof arms) => samples[name].map((sample) => sample.p99);
    const what = "session with 8 answers, requests/s";
    const against = (id: string, baseline: Exclude<keyof typeof arms, "ours">, name: string, atLeast: number) =>
      row(id, what, perSecond("ours"), perSecond(baseline), name, { atLeast });
    return [
      against("B1", "mercurius", "Mercurius with jit, unprotected", 0.95),
      against("B1.http", "nodeHttp", "bare node:http", 0.75),
      against("B1.yoga", "yoga", "stock Yoga", 1),
      row("B1.yoga", "the same, p99 at full load", p99("ours"), p99("yoga"), "stock Yoga", { atMost: 1 }),
      against("B1.apollo", "apollo", "stock Apollo Server", 1),
      await fromPostgres(bench, servers, product, authorization, programs),
    ];
  } finally {
    for (const program of programs) await program.stop();
    await servers.stop();
    rmSync(folder, { recursive: true });
  }
}

/** So many that each is forgotten by the time that it is read again. */
const many = 20_000;

/** The same where nothing is in memory. */
async function fromPostgres(
  bench: Bench,
  { postgres }: Servers,
  product: Program,
  authorization: string,
  programs: Program[],
): Promise<Row> {
  await fill(postgres.url, { sessions: many, answers: 8, ownerId: "ann", group: 1 });
  const env = { DATABASE_URL: postgres.url, NODE_ENV: "production" };
  const nodePg = await startProgram("baselines/nodePg.mjs", { env });
  programs.push(nodePg);
  const idOf = (n: number): string => globalSessionId(1 + (n % many), 1);
  for (let n = 0; n < 10; n++) {
    const variables = { id: idOf(n) };
    const [ours, theirs] = await Promise.all(
      [product, nodePg].map(({ url }) => ask<object>(url, authorization, query, variables)),
    );
    if (JSON.stringify(ours) !== JSON.stringify(theirs)) throw new Error("The two answer differently");
  }
  let read = 0;
  const measure = (program: Program) => () => {
    const url = `${program.url}/graphql`;
    const begin = read;
    return load({
      url,
      connections,
      seconds: bench.quick ? 2 : 5,
      request(n) {
        read = Math.max(read, begin + n + 1);
        return postRequest(url, { query, variables: { id: idOf(begin + n) } }, authorization);
      },
      check(body, n) {
        const { session } = JSON.parse(body.toString()).data;
        if (session.id !== idOf(begin + n) || session.questions.length !== 9)
          throw new Error(`Another session: ${body}`);
      },
    });
  };
  const samples = await interleave(bench, { ours: measure(product), nodePg: measure(nodePg) });
  const [ours, baseline] = [samples.ours, samples.nodePg].map((all) => all.map((sample) => sample.perSecond));
  const what = "the same from PostgreSQL, requests/s";
  return row("B1.pg", what, ours!, baseline!, "a handler written by hand", { atLeast: 0.8 });
}

/** Apollo Server ends its answers with a line end. */
function isSame(body: Buffer, expected: Buffer): boolean {
  return body.toString().trimEnd() === expected.toString();
}
