import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { createDatabase, createEmbeddedTables } from "../support/databases.ts";
import { createSession, submitAnswer } from "../support/interview.ts";
import { startProcess } from "../support/process.ts";
import { post } from "../support/world.ts";

const program = resolve(import.meta.dirname, "../../src/commands/move.ts");
const everything = `{ viewer { sessions { edges { node { id questions { text answer { text isDraft } } } } } resumes { edges { node { id } } } } }`;

it("moves everything from the embedded database to PostgreSQL, and an interview goes on there", async () => {
  const env = { DATA_DIR: mkdtempSync(join(tmpdir(), "vivavoce-")) };
  const before = await startProcess(env);
  const make = async (url: string, input: object) =>
    (await post<any>(url, createSession, { input: { questionCount: 3, followUps: 0, ...input } })).data.createSession
      .session;
  const answer = async (url: string, sessionId: string, questionIndex: number) =>
    (await post<any>(url, submitAnswer, { input: { sessionId, questionIndex, answer: `Answer ${questionIndex}` } }))
      .data.submitAnswer;
  const done = await make(before.url, { resumeText: "Java engineer" });
  for (const index of [0, 1, 2]) await answer(before.url, done.id, index);
  const open = await make(before.url, { resumeText: "前端工程师", locale: "ZH" });
  await answer(before.url, open.id, 0);
  const old = (await post<any>(before.url, everything)).data;
  await before.terminate();

  const databaseUrl = await createDatabase();
  const run = () =>
    promisify(execFile)(process.execPath, [program], { env: { ...process.env, ...env, DATABASE_URL: databaseUrl } });
  expect((await run()).stdout).toContain("Everything has been moved");
  await expect(run()).rejects.toThrow(/DATABASE_URL names a database that is not empty/);

  const after = await startProcess({ DATABASE_URL: databaseUrl });
  const answered = await post<any>(after.url, everything);
  expect(answered.errors).toBeUndefined();
  const moved = answered.data;
  expect(moved).toEqual(old);
  expect((await answer(after.url, open.id, 1)).hasNextQuestion).toBe(true);
  await after.kill();
});

it.each([
  ["without a target", {}, /^DATABASE_URL must be the PostgreSQL database to move to\n$/],
  [
    "with a target that nobody answers at",
    { DATABASE_URL: "postgresql://127.0.0.1:1/none" },
    /^DATABASE_URL cannot be reached: /,
  ],
  [
    "without a source",
    { DATABASE_URL: "postgresql://127.0.0.1:1/none", DATA_DIR: "/dev/null" },
    /^DATA_DIR has no embedded database: /,
  ],
])("%s it names the setting", async (_, env, told) => {
  const dataDir = mkdtempSync(join(tmpdir(), "vivavoce-"));
  await createEmbeddedTables(dataDir);
  const run = promisify(execFile)(process.execPath, [program], { env: { DATA_DIR: dataDir, ...env } });
  await expect(run).rejects.toMatchObject({ stderr: expect.stringMatching(told) });
});
