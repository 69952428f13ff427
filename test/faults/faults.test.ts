import { afterAll, beforeAll, expect, it } from "vitest";
import { type Cluster, startCluster } from "./cluster.ts";
import { runScenario } from "./run.ts";
import { scenarios } from "./scenarios.ts";

/** The quick form: the faults that take no long waits. `npm run faults` does all of them, with more candidates. */
const quick = [
  "F1",
  "F2",
  "F3",
  "F4c",
  "F6",
  "F7",
  "F9",
  "F10",
  "F12",
  "F16",
  "F19",
  "F20",
  "F21",
  "F22",
  "F26",
  "F28",
];

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.stop());

it.each(scenarios.filter(({ id }) => quick.includes(id)))(
  "$id: $name costs nothing that was promised",
  async (scenario) => {
    for (const node of cluster.nodes) await node.ready();
    const { violations, operations } = await runScenario(cluster, scenario, 6);
    expect(violations).toEqual([]);
    expect(operations).toBeGreaterThan(30);
  },
  180_000,
);
