import { Answering } from "../answering.ts";
import { type Bench, type Benchmark, interleave, type Program, type Row, row, startProgram } from "../harness.ts";
import { load } from "../load.ts";
import { bearer, createDatabase, startProduct, startServers } from "../product.ts";
import { fill } from "../sessions.ts";

export const benchmark: Benchmark = {
  id: "B5",
  title: "submitAnswer on a PostgreSQL that waits for its disk, 32 connections",
  run,
};

const sessions = 10_000;

async function run(bench: Bench): Promise<Row[]> {
  const servers = await startServers({ durable: true });
  const programs: Program[] = [];
  try {
    const authorization = await bearer("ann");
    // Each arm has a database of its own, and the same sessions in it.
    const databases = await Promise.all(["ours", "raw", "prisma"].map((name) => createDatabase(servers, name)));
    for (const databaseUrl of databases) {
      // The product makes the tables. Jobs are stored, and done elsewhere.
      const product = await startProduct(servers, { databaseUrl, env: { ROLE: "api" } });
      await fill(databaseUrl, { sessions, answers: 0, ownerId: "ann", planned: 12 });
      if (databaseUrl === databases[0]) programs.push(product);
      else await product.stop();
    }
    const start = (name: string, databaseUrl: string) =>
      startProgram(`baselines/${name}.mjs`, { env: { DATABASE_URL: databaseUrl, NODE_ENV: "production" } });
    programs.push(await start("rawInsert", databases[1]!));
    programs.push(await start("prismaSubmit", databases[2]!));

    const [ours, raw, prisma] = programs.map((program) => {
      const answering = new Answering(sessions, authorization);
      const seconds = bench.quick ? 2 : 5;
      return () => load({ ...answering.load(`${program.url}/graphql`), connections: 32, seconds });
    });
    const samples = await interleave(bench, { ours: ours!, raw: raw!, prisma: prisma! });
    const perSecond = (name: keyof typeof samples) => samples[name].map((sample) => sample.perSecond);
    const p99 = (name: keyof typeof samples) => samples[name].map((sample) => sample.p99);
    const what = "submitAnswer, durable, mutations/s";
    return [
      row("B5", what, perSecond("ours"), perSecond("raw"), "a raw prepared insert behind node:http", { atLeast: 0.45 }),
      row("B5.prisma", what, perSecond("ours"), perSecond("prisma"), "a Prisma interactive transaction", {
        atLeast: 3,
      }),
      row("B5.p99", "submitAnswer, durable, p99", p99("ours"), p99("prisma"), "a Prisma interactive transaction", {
        atMost: 1,
      }),
    ];
  } finally {
    for (const program of programs) await program.stop();
    await servers.stop();
  }
}
