import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/servers.ts"],
    pool: "forks",
    // The code runs as it does in production: Node strips the types and resolves the modules.
    experimental: { viteModuleRunner: false },
    maxWorkers: 2,
    // Browsers and whole clusters on two busy cores are late now and then: what fails is tried again before it counts.
    retry: process.env.CI ? 2 : 0,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
  },
});
