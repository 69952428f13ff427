import { startPostgres, startRedis } from "../support/servers.ts";
import { documentAttacks } from "./documents.ts";
import { goodInputs } from "./good.ts";
import { type Offence, tryAttack, tryGood } from "./judge.ts";
import { canaries, startProduct } from "./target.ts";
import { getAttacks, transportAttacks } from "./transports.ts";

const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
const at = await startProduct("product", {
  DATABASE_URL: postgres.url,
  REDIS_URL: redis.url,
  ENCRYPTION_KEY: Buffer.alloc(32, 5).toString("base64"),
  METRICS_TOKEN: canaries.secret,
});
const offences: (Offence | null)[] = [];
let n = 0;
const only = process.argv[2];
for (const attack of [...documentAttacks(), ...getAttacks(), ...transportAttacks()]) {
  if (only && !attack.name.includes(only) && attack.row !== only) continue;
  n++;
  const t = performance.now();
  const offence = await tryAttack(at, attack);
  if (offence && process.env.V) console.log(at.output().slice(-1500)); if (offence) console.log(offence.row, "|", offence.name, "|", offence.what);
  if (performance.now() - t > 3000) console.log("slow", attack.name, Math.round(performance.now() - t));
  offences.push(offence);
  if (at.exited()) {
    console.log(at.output().slice(-2000));
    break;
  }
}
console.log("tried", n, "through", offences.filter(Boolean).length);
if (!only)
  for (const good of goodInputs()) {
    const o = await tryGood(at, good);
    if (o) console.log("GOOD", o.name, "|", o.what);
    n++;
  }
console.log("good done", n);
await at.stop();
await postgres.stop();
await redis.stop();
