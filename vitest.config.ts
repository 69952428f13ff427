import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/servers.ts"],
    pool: "forks",
    // The code runs as it does in production: Node strips the types and resolves the modules.
    experimental: { viteModuleRunner: false },
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Whatever is looked at again and again has as long as its test: how fast it comes about is the machine's affair.
    expect: { poll: { timeout: 60_000 } },
    teardownTimeout: 20_000,
  },
});
