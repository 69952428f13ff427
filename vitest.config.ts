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

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/servers.ts"],
    pool: "forks",
    execArgv: [compiledOnce],
    // The code runs as it does in production: Node strips the types and resolves the modules.
    experimental: { viteModuleRunner: false },
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Whatever is looked at again and again has as long as its test: how fast it comes about is the machine's affair.
    expect: { poll: { timeout: 60_000 } },
    teardownTimeout: 20_000,
  },
});
