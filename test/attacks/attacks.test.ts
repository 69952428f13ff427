import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTables } from "../support/databases.ts";
import { documentAttacks } from "./documents.ts";
import { goodInputs } from "./good.ts";
import { tryAttack, tryGood } from "./judge.ts";
import { canaries, startProduct, type Target } from "./target.ts";
import { getAttacks, transportAttacks } from "./transports.ts";

/** All rows of the table that need no long wait, in one test a row; `npm run attack` tries the rest too. */
let at: Target;
beforeAll(async () => {
  at = await startProduct("product", { DATABASE_URL: await createTables(), METRICS_TOKEN: canaries.secret });
});
afterAll(() => at.stop());

const slow = /never ends|says nothing|50 MB|ends under|5,000|10,000 tiny|101st|leave no place/;
const attacks = [...documentAttacks(), ...getAttacks(), ...transportAttacks()].filter(({ name }) => !slow.test(name));

describe.each([...new Set(attacks.map(({ row }) => row))].sort())("%s", (row) => {
  it("is refused, in every variant", async () => {
    const offences = [];
    for (const attack of attacks.filter((one) => one.row === row)) offences.push(await tryAttack(at, attack));
    expect(offences.filter((offence) => offence !== null)).toEqual([]);
  });
});

it("lets good inputs pass", async () => {
  const offences = [];
  for (const good of goodInputs()) offences.push(await tryGood(at, good));
  expect(offences.filter((offence) => offence !== null)).toEqual([]);
});
