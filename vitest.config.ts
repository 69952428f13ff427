import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { compiledOnce } from "./test/support/process.ts";

/** What takes longest begins first: begun last it leaves the other workers idle for a minute. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith("test/faults/faults.test.ts");
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

const everywhere = {
  pool: "forks",
  execArgv: [compiledOnce],
  // The code runs as it does in production: Node strips the types and resolves the modules.
  experimental: { viteModuleRunner: false },
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // Whatever is looked at again and again has as long as its test: how fast it comes about is the machine's affair.
  expect: { poll: { timeout: 60_000 } },
} as const;

/** What leaves nothing behind in its process, or only what nobody else looks at. */
const together = ["interview", "usecases", "graphql", "adapters/offline"].map((name) => `test/${name}/**/*.test.ts`);

export default defineConfig({
  test: {
    globalSetup: ["test/support/servers.ts"],
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    teardownTimeout: 20_000,
    projects: [
      { test: { ...everywhere, name: "apart", include: ["test/**/*.test.ts"], exclude: together } },
      // One process after the other would read the same code again for each file, a quarter of what it takes.
      { test: { ...everywhere, name: "together", include: together, isolate: false } },
    ],
  },
});
