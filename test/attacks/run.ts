/**
 * `npm run attack` tries every bad input on the product as it runs in production, and every good one; the same bad inputs
 * then go to a stock server, to one without any care and to the product with its limits lifted, so that each check is
 * seen to fail somewhere. `--product` leaves those out, `--compare` the first; `--only S7` (or a part of a name) chooses;
 * `--why` prints what got through, and how.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { startPostgres, startRedis, stopProcess } from "../support/servers.ts";
import { documentAttacks } from "./documents.ts";
import { goodInputs, goodWhereOpen } from "./good.ts";
import { type Offence, stillServes, tryAttack, tryGood } from "./judge.ts";
import { modelAttacks, startObedientModel } from "./model.ts";
import { countingAttacks, leakAttacks, listen, repositoryAttacks, startAttacks } from "./processes.ts";
import { stockIds } from "./stock.ts";
import type { Attack } from "./table.ts";
import { canaries, secret, startProduct, type Target } from "./target.ts";
import { getAttacks, transportAttacks } from "./transports.ts";

const { values: options } = parseArgs({
  options: {
    product: { type: "boolean" },
    compare: { type: "boolean" },
    only: { type: "string" },
    why: { type: "boolean" },
  },
});
const chosen = (attack: Attack): boolean =>
  options.only === undefined || attack.row === options.only || attack.name.includes(options.only);
const unlimited = {
  MAX_TOKENS: "1000000",
  MAX_DEPTH: "1000",
  MAX_ALIASES: "10000",
  MAX_DIRECTIVES: "10000",
  MAX_COST: "100000000",
  MAX_BREADTH: "100000",
  MAX_BODY: String(1 << 30),
  MAX_FRAME: String(1 << 30),
  MAX_FRAME_RATE: "off",
  MAX_SUBSCRIPTIONS: "100000",
  INTROSPECTION: "on",
  GRAPHIQL: "on",
  ALLOWED_ORIGINS: "*",
  INIT_TIMEOUT: "1h",
  HEADERS_TIMEOUT: "1h",
  BODY_TIMEOUT: "1h",
};

const [postgres, limitsPostgres, openPostgres, redis] = await Promise.all([
  startPostgres(),
  startPostgres(),
  startPostgres(),
  startRedis(),
]);
const model = await startObedientModel();
const wiretap = await listen(redis.url);
const stops: (() => Promise<void>)[] = [];
const started = async (name: string, env: Record<string, string>): Promise<Target> => {
  console.error(`… ${name}`);
  const target = await startProduct(name, env);
  stops.push(target.stop);
  return target;
};
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void cleanUp().then(() => process.exit(1)));
try {
  process.exitCode = await main();
} finally {
  await cleanUp();
}

async function cleanUp(): Promise<void> {
  for (const stop of stops) await stop();
  wiretap.stop();
  await model.server.close();
  await Promise.all([postgres.stop(), limitsPostgres.stop(), openPostgres.stop(), redis.stop()]);
}

async function main(): Promise<number> {
  if (options.compare) {
    return (await compare(tableForAll())) ? 0 : 1;
  }
  const key = Buffer.alloc(32, 5).toString("base64");
  const product = await started("product", {
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    ENCRYPTION_KEY: key,
    METRICS_TOKEN: secret,
  });
  const onProduct = tableForAll();
  const offences: Offence[] = [];
  let tried = 0;
  const tryAll = async (at: Target, attacks: Attack[]): Promise<void> => {
    for (const attack of attacks.filter(chosen)) {
      tried++;
      const startedAt = performance.now();
      const offence = await tryAttack(at, attack);
      const seconds = (performance.now() - startedAt) / 1_000;
      if (offence || seconds > 3)
        console.error(`${attack.row} ${attack.name}: ${offence?.what ?? "refused"} (${seconds.toFixed(1)} s)`);
      if (offence) offences.push(offence);
    }
  };
  await tryAll(product, onProduct);

  const limits = {
    DATABASE_URL: limitsPostgres.url,
    REDIS_URL: redis.url,
    MAX_SOCKETS_PER_VIEWER: "5",
    MAX_SOCKETS_PER_ADDRESS: "20",
  };
  const counting = { RATE_LIMIT_CREATE: "off", RATE_LIMIT_SUBMIT: "10/1s" };
  const first = await started("limits", { ...limits, ...counting });
  // Seeded while creating was free; what is attacked counts.
  const second = await started("limits", { ...limits, RATE_LIMIT_CREATE: "off", RATE_LIMIT_SUBMIT: "10/1s" });
  const counted = await limitedAgain(first, limits);
  await tryAll(
    counted,
    countingAttacks(() => second),
  );

  const withModel = await started("model", {
    DATABASE_URL: openPostgres.url,
    LLM_PROVIDERS: "probe",
    PROBE_BASE_URL: model.server.url,
    PROBE_MODEL: "probe",
    PROBE_API_KEY: canaries.modelKey,
    LLM_TRIES: "2",
  });
  await tryAll(withModel, modelAttacks(model));
  await tryAll(product, startAttacks());
  await tryAll(product, repositoryAttacks(resolve(import.meta.dirname, "../..")));
  const places = { databaseUrl: postgres.url, redisUrl: redis.url, published: wiretap.text };
  await tryAll(product, leakAttacks(places));

  const refused: Offence[] = [];
  const goods = options.only ? [] : goodInputs();
  for (const good of goods) {
    const offence = await tryGood(product, good);
    if (offence) refused.push(offence);
  }
  for (const { row, name, what } of [...offences, ...refused]) console.log(`  ${row}  ${name}: ${what}`);
  console.log(`tried ${tried}, got through ${offences.length}, good refused ${refused.length} of ${goods.length}`);
  const allSeen = options.product || (await compare(onProduct));
  return offences.length + refused.length === 0 && allSeen ? 0 : 1;
}

/** What can be tried on any server. */
function tableForAll(): Attack[] {
  return [...documentAttacks(), ...getAttacks(), ...transportAttacks()].filter(chosen);
}

/** The same database behind a process that counts creations too. */
async function limitedAgain(seeded: Target, limits: Record<string, string>): Promise<Target> {
  const { startProcess } = await import("../support/process.ts");
  const { audience, issuer } = await import("./target.ts");
  const child = await startProcess({
    NODE_ENV: "production",
    AUTH_JWT_SECRET: secret,
    AUTH_ISSUER: issuer,
    AUTH_AUDIENCE: audience,
    ...limits,
    RATE_LIMIT_CREATE: "5/60s",
    RATE_LIMIT_SUBMIT: "10/1s",
  });
  stops.push(child.kill);
  return {
    ...seeded,
    url: child.url,
    output: child.output,
    exited: () => child.child.exitCode !== null,
    transcript: [],
  };
}

/** Whether each check is seen to fail: what both other servers refuse is left for the product with its limits lifted. */
async function compare(attacks: Attack[]): Promise<boolean> {
  let unseen = attacks;
  for (const kind of ["stock", "naive", "lifted"] as const) {
    const start = (): Promise<Target> => (kind === "lifted" ? startLifted() : startOther(kind));
    const tried = kind === "lifted" ? unseen : attacks;
    const through = new Set<Attack>();
    let at = await start();
    for (const good of kind === "lifted" ? goodWhereOpen : []) {
      const offence = await tryGood(at, good);
      if (offence) console.log(`  ${offence.name}: ${offence.what}`);
    }
    let ends = 0;
    for (const attack of tried) {
      const offence = await tryAttack(at, attack);
      // A probe that breaks says nothing of the server.
      if (offence && !offence.byProbe) through.add(attack);
      if (offence && (options.why || offence.byProbe)) {
        console.log(`  ${kind}: ${attack.row}  ${attack.name}: ${offence.what.slice(0, 200)}`);
      }
      // What ended or is stuck would fail at anything: the next attack gets a new one.
      if (offence && (await stillServes(at)) !== null) {
        ends++;
        await at.stop();
        at = await start();
      }
    }
    unseen = unseen.filter((attack) => !through.has(attack));
    const ended = ends > 0 ? `, ended or stuck ${ends}` : "";
    console.log(`${kind}: tried ${tried.length}, got through ${through.size}${ended}`);
  }
  console.log(`seen to fail elsewhere: ${attacks.length - unseen.length} of ${attacks.length}`);
  for (const { row, name } of unseen) console.log(`  not seen to fail: ${row}  ${name}`);
  return unseen.length === 0;
}

async function startLifted(): Promise<Target> {
  const lifted = await started("lifted", { DATABASE_URL: openPostgres.url, ...unlimited });
  lifted.patienceMs = 2_500;
  return lifted;
}

async function startOther(kind: "stock" | "naive"): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), "stock-"));
  const child = spawn(process.execPath, [resolve(import.meta.dirname, "stock.ts"), kind], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const url = await new Promise<string>((found, failed) => {
    child.stdout.on("data", () => {
      const address = /ready at (\S+)/.exec(output)?.[1];
      if (address) found(address);
    });
    child.once("exit", () => failed(new Error(output)));
  });
  const stop = async (): Promise<void> => {
    await stopProcess(child, "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  stops.push(stop);
  const { token } = await import("./target.ts");
  return {
    name: kind,
    url,
    transcript: [],
    patienceMs: 1_500,
    ada: stockIds,
    token: { ada: await token("ada"), bob: await token("bob"), eve: await token("eve", { role: "reviewer" }) },
    output: () => output,
    exited: () => child.exitCode !== null || child.signalCode !== null,
    transports: ["http", "sse", "ws"],
    stop,
  };
}
