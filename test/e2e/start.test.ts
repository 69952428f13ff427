import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { failedStart, killedStart, startProcess } from "../support/process.ts";
import { post } from "../support/world.ts";

const unreachable = "postgres://nobody@127.0.0.1:1/none";

const dataDir = (): string => mkdtempSync(join(tmpdir(), "vivavoce-"));

it.each([
  ["PORT", { PORT: "seventy" }],
  ["ROLE", { ROLE: "boss" }],
  ["WAIT_LIMIT", { WAIT_LIMIT: "long" }],
  ["INIT_TIMEOUT", { INIT_TIMEOUT: "30d" }],
  ["HEADERS_TIMEOUT", { BODY_TIMEOUT: "8s" }],
  ["RATE_LIMIT_CREATE", { RATE_LIMIT_CREATE: "5 a minute" }],
  ["RATE_LIMIT_SUBMIT", { RATE_LIMIT_SUBMIT: "10/1s/2" }],
  ["HOST", { HOST: "no host", AUTH_JWT_SECRET: "a".repeat(32) }],
  ["DATA_DIR", { DATA_DIR: import.meta.filename }],
  ["DATA_DIR", { DATA_DIR: "/proc/vivavoce/data" }],
  ["PUBLIC_URL", { PUBLIC_URL: "https://example.com/?api" }],
  ["LLM_PROVIDERS", { LLM_PROVIDERS: "openai,openai", OPENAI_API_KEY: "key" }],
  [
    "LLM_PROVIDERS",
    { LLM_PROVIDERS: "my-model,my_model", MY_MODEL_BASE_URL: "http://127.0.0.1:9", MY_MODEL_MODEL: "m" },
  ],
  ["OPENAI_API_KEY", { OPENAI_API_KEY: "“sk-quoted”" }],
  ["OPENAI_API_KEY", { OPENAI_API_KEY: "sk-one\nsk-two" }],
  ["TRUSTED_DOCUMENTS", { TRUSTED_DOCUMENTS: "no such file" }],
  ["DATABASE_URL", { DATABASE_URL: "mysql://somewhere" }],
  ["DATABASE_URL", { ROLE: "worker" }],
  ["AUTH_JWT_SECRET", { AUTH_JWT_SECRET: "short" }],
  ["AUTH_JWT_SECRET", { AUTH_JWT_SECRET: "" }],
  ["AUTH_JWT_SECRET", { HOST: "0.0.0.0" }],
  ["AUTH_JWKS_URL", { AUTH_JWT_SECRET: "a".repeat(32), AUTH_JWKS_URL: "https://example.com/keys" }],
  ["ALLOWED_ORIGINS", { ALLOWED_ORIGINS: "example.com/app" }],
  ["ENCRYPTION_KEY", { ENCRYPTION_KEY: "c2hvcnQ=" }],
  ["DATABASE_URL", { DATABASE_URL: unreachable }],
  ["DATABASE_URL", { DATABASE_URL: unreachable, DATABASE_DIRECT_URL: inject("postgresUrl") }],
  ["DATABASE_DIRECT_URL", { DATABASE_URL: inject("postgresUrl"), DATABASE_DIRECT_URL: unreachable }],
  ["DATABASE_URL", { DATABASE_URL: inject("postgresUrl").replace("postgres@", "stranger@") }],
  ["DATABASE_URL", { DATABASE_URL: `${inject("postgresUrl")}?sslmode=no-verify` }],
  ["REDIS_URL", { REDIS_URL: "redis://:half%@127.0.0.1:6379" }],
])("a fault of %s ends the start with one line that names it: %o", async (name, env) => {
  const { code, output } = await failedStart({ DATA_DIR: dataDir(), ...env });
  expect(code).toBe(1);
  expect(output.trim().split("\n")).toHaveLength(1);
  expect(output).toContain(name);
  expect(output).not.toContain("sk-");
});

it("begins a database anew that the first start did not live to make", async () => {
  const folder = dataDir();
  await killedStart({ DATA_DIR: folder }, () => existsSync(join(folder, "pglite/global/pg_control")));
  expect(existsSync(join(folder, "pglite.unfinished"))).toBe(true);
  const second = await startProcess({ DATA_DIR: folder });
  expect(await second.terminate()).toBe(0);
  expect(existsSync(join(folder, "pglite.unfinished"))).toBe(false);
});

it("gives a data folder to one process only", async () => {
  const folder = dataDir();
  const first = await startProcess({ DATA_DIR: folder });
  const second = await failedStart({ DATA_DIR: folder });
  expect(second.code).toBe(1);
  expect(second.output).toContain("DATA_DIR");
  expect(await first.terminate()).toBe(0);
  const third = await startProcess({ DATA_DIR: folder });
  expect(await third.terminate()).toBe(0);
});

it("begins on a sealed database with the key that sealed it, and names the setting otherwise", async () => {
  const env = { DATA_DIR: dataDir(), ENCRYPTION_KEY: Buffer.alloc(32, 7).toString("base64") };
  const first = await startProcess(env);
  const created = await post<any>(
    first.url,
    `mutation { createSession(input: { resumeText: "Engineer, TypeScript", questionCount: 3 }) {
      ... on CreateSessionPayload { session { id } } } }`,
  );
  await first.terminate();
  for (const ENCRYPTION_KEY of ["", Buffer.alloc(32, 8).toString("base64")]) {
    const { code, output } = await failedStart({ ...env, ENCRYPTION_KEY });
    expect(code).toBe(1);
    expect(output).toMatch(/^ENCRYPTION_KEY .*\n$/);
  }
  const again = await startProcess(env);
  const { id } = created.data.createSession.session;
  const { data } = await post(again.url, "query($id: ID!) { session(id: $id) { resume { text } } }", { id });
  expect(data).toEqual({ session: { resume: { text: "Engineer, TypeScript" } } });
  await again.terminate();
});
