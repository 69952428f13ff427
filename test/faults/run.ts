/**
 * `npm run faults` does every fault once; `npm run faults -- --kills 500 --operations 10000` goes on with kills at random
 * moments until both are reached; `--only F5,F10` chooses; `--prove` takes guards out of the source, one after the
 * other, and fails where the checker does not find it. Prints what was tried and what was violated.
 */
import { parseArgs } from "node:util";
import { Candidate, type CandidateOptions, type History } from "./candidate.ts";
import { check, type Stored, type Violation } from "./checker.ts";
import { type Cluster, pause, startCluster } from "./cluster.ts";
import { guards, withoutGuard } from "./guards.ts";
import { Missed, type Scenario, scenarios } from "./scenarios.ts";

interface Outcome {
  id: string;
  name: string;
  operations: number;
  kills: number;
  slowestMs: number;
  totalMs: number;
  /** What the scenario measured. */
  figures: string | null;
  /** Why what was to be tried did not come about. */
  missed: string | null;
  violations: Violation[];
}

export async function runScenario(cluster: Cluster, scenario: Scenario, candidates: number): Promise<Outcome> {
  const startedAt = performance.now();
  const kills = cluster.kills;
  let acks = 0;
  await scenario.prepare?.(cluster);
  const options: CandidateOptions = { ...scenario.candidates, onAck: () => acks++ };
  const running = Promise.allSettled(
    Array.from({ length: candidates }, async (_, n) => {
      await pause(n * 40);
      // Were the choice left to chance, all might take the node that nothing happens to.
      const candidate = new Candidate(cluster, { ...options, node: n });
      return candidate.run().catch((error: Error) => {
        candidate.history.untyped.push(error.message);
        return candidate.history;
      });
    }),
  );
  const broken: Violation[] = [];
  let missed: string | null = null;
  const figures = await scenario
    .harm(cluster, () => acks)
    .catch((error: Error) => {
      if (error instanceof Missed) missed = error.message;
      else broken.push({ invariant: "I7", what: `${scenario.id}: ${error.message}` });
    });
  const histories = (await running).flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const violations = [...broken, ...check(histories, await readStored(cluster, histories))];
  cluster.model.next();
  return {
    id: scenario.id,
    name: scenario.name,
    operations: histories.reduce((sum, history) => sum + history.operations, 0),
    kills: cluster.kills - kills,
    slowestMs: Math.round(Math.max(...histories.map((history) => history.slowestMs))),
    totalMs: Math.round(performance.now() - startedAt),
    figures: typeof figures === "string" ? figures : null,
    missed,
    violations,
  };
}

/** Until what is to be tried has come about. */
async function tryScenario(cluster: Cluster, scenario: Scenario, candidates: number): Promise<Outcome> {
  for (let round = 1; ; round++) {
    const outcome = await runScenario(cluster, scenario, candidates);
    if (outcome.missed === null || outcome.violations.length > 0) return outcome;
    console.log(`${scenario.id}: ${outcome.missed}`);
    if (round === 5) throw new Error(`${scenario.id} did not come about in ${round} rounds`);
  }
}

export async function readStored(cluster: Cluster, histories: History[]): Promise<Stored> {
  const owners = histories.map((history) => history.viewer);
  const of = "FROM interview_session s WHERE s.owner_id = ANY($1)";
  const join = (table: string): string =>
    `FROM ${table} JOIN question q ON q.id = ${table}.question_id JOIN interview_session s ON s.id = q.session_id
     WHERE s.owner_id = ANY($1)`;
  const [sessions, events, answers, scores, reports] = await Promise.all([
    cluster.query(`SELECT id, owner_id AS "ownerId", seq, status, evaluation_status AS evaluation ${of}`, [owners]),
    cluster.query(
      `SELECT session_id AS "sessionId", e.seq, e.kind FROM session_event e JOIN interview_session s ON s.id = e.session_id
       WHERE s.owner_id = ANY($1)`,
      [owners],
    ),
    cluster.query(
      `SELECT q.session_id AS "sessionId", q.index, answer.text, answer.is_draft AS "isDraft" ${join("answer")}`,
      [owners],
    ),
    cluster.query(
      `SELECT q.session_id AS "sessionId", score.question_id AS "questionId", score.version, score.announced ${join("score")}`,
      [owners],
    ),
    cluster.query(
      `SELECT session_id AS "sessionId", r.version FROM report r JOIN interview_session s ON s.id = r.session_id
       WHERE s.owner_id = ANY($1)`,
      [owners],
    ),
  ]);
  return { sessions, events, answers, scores, reports } as Stored;
}

/** Kills at random moments, of any node, until so many operations and kills are done. */
function randomKills(seconds: number): Scenario {
  return {
    id: "random",
    name: `kills at random moments for ${seconds} s`,
    async harm(cluster) {
      const until = performance.now() + seconds * 1_000;
      while (performance.now() < until) {
        await pause(100 + Math.random() * 900);
        await cluster.nodes[Math.floor(Math.random() * cluster.nodes.length)]!.kill();
      }
    },
    candidates: { questions: 5, limitMs: 300_000 },
  };
}

function print(outcome: Outcome): void {
  const { id, name, operations, kills, slowestMs, totalMs, figures, violations } = outcome;
  const columns = [
    id.padEnd(7),
    `${operations} ops`.padEnd(9),
    `${kills} kills`.padEnd(9),
    `slowest ${slowestMs} ms`.padEnd(17),
  ];
  console.log(`${columns.join(" ")} ${(totalMs / 1_000).toFixed(1)} s  ${violations.length} violations  ${name}`);
  if (figures !== null) console.log(`        ${figures}`);
  for (const { invariant, what } of violations) console.log(`        ${invariant} ${what}`);
}

/** Shows that the checker can fail: without a guard it has to find violations. */
async function prove(candidates: number, only: string[] | undefined): Promise<void> {
  for (const [index, guard] of guards.entries()) {
    if (only && !guard.scenarios.some((id) => only.includes(id))) continue;
    const cluster = await startCluster({ source: withoutGuard(guard, index) });
    let found = 0;
    try {
      for (const scenario of scenarios.filter(({ id }) => guard.scenarios.includes(id))) {
        const outcome = await tryScenario(cluster, { ...scenario, candidates: { limitMs: 45_000 } }, candidates);
        const violations = outcome.violations.filter(({ invariant }) => guard.invariants.includes(invariant));
        found += violations.length;
        if (outcome.figures !== null) console.log(`        ${outcome.figures}`);
        // Others too: they say why a scenario did not come about.
        for (const { invariant, what } of outcome.violations.slice(0, 2)) console.log(`        ${invariant} ${what}`);
      }
    } finally {
      await cluster.stop();
    }
    console.log(`${found > 0 ? "found" : "NOT FOUND"}: without ${guard.name}: ${found} violations`);
    if (found === 0) process.exitCode = 1;
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      candidates: { type: "string", default: "20" },
      kills: { type: "string", default: "0" },
      operations: { type: "string", default: "0" },
      prove: { type: "boolean", default: false },
    },
  });
  const chosen = values.only?.split(",");
  if (values.prove) return prove(Number(values.candidates), chosen);
  const cluster = await startCluster();
  const outcomes: Outcome[] = [];
  try {
    for (const scenario of scenarios) {
      if (chosen && !chosen.some((id) => scenario.id === id || scenario.id.replace(/[a-z]$/, "") === id)) continue;
      for (const node of cluster.nodes) await node.ready();
      const outcome = await tryScenario(cluster, scenario, Number(values.candidates));
      outcomes.push(outcome);
      print(outcome);
    }
    const sum = (of: (outcome: Outcome) => number): number => outcomes.reduce((total, one) => total + of(one), 0);
    while (cluster.kills < Number(values.kills) || sum((one) => one.operations) < Number(values.operations)) {
      const outcome = await runScenario(cluster, randomKills(60), Number(values.candidates) * 2);
      outcomes.push(outcome);
      print(outcome);
    }
    const violations = outcomes.flatMap((outcome) => outcome.violations);
    const by = Object.entries(Object.groupBy(violations, (one) => one.invariant)).map(
      ([name, all]) => `${name} ${all!.length}`,
    );
    const slowest = outcomes.map((outcome) => outcome.slowestMs).sort((a, b) => a - b);
    console.log(
      `${outcomes.length} faults tried, ${cluster.kills} kills, ${sum((one) => one.operations)} acknowledged operations, ` +
        `${violations.length} violations${by.length > 0 ? ` (${by.join(", ")})` : ""}, slowest operation ` +
        `p50 ${slowest[Math.floor(slowest.length / 2)] ?? 0} ms, max ${slowest.at(-1) ?? 0} ms`,
    );
    process.exitCode = violations.length === 0 ? 0 : 1;
  } finally {
    await cluster.stop();
  }
}

if (import.meta.main) await main();
