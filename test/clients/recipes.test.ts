import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { answerInterview, ask, makeInterview, State } from "../support/ask.ts";
import { startProcess } from "../support/process.ts";
import { freePort } from "../support/servers.ts";

type Watch = (url: string, sessionId: string, onEvent: (event: { cursor: string | null }) => void) => () => void;

const root = resolve(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/frontend.md"), "utf8");
// Within the project, so that its packages are found.
const folder = join(root, "test/generated/recipes");
const dataDir = mkdtempSync(join(tmpdir(), "vivavoce-recipes-"));

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
});

function recipe(name: string): string {
  const found = new RegExp(`^\`\`\`\\w+ recipe=${name}\\n(.*?)^\`\`\``, "ms").exec(page)?.[1];
  if (found === undefined) throw new Error(`docs/frontend.md has no recipe ${name}`);
  return found;
}

async function watchOf(name: string): Promise<Watch> {
  const file = join(folder, `${name}.ts`);
  writeFileSync(file, recipe(name));
  return (await import(pathToFileURL(file).href)).watch;
}

it("follows a session as docs/frontend.md says, over a restart, each event once", async () => {
  const env = { DATA_DIR: dataDir, PORT: String(await freePort()) };
  let server = await startProcess(env);
  const { url } = server;
  const sessionId = await makeInterview(url, "of recipes");

  const followers = await Promise.all(["plain", "apollo", "urql"].map(async (name) => follow(await watchOf(name))));
  await Promise.all(followers.map((follower) => follower.reached(2)));
  await server.kill();
  server = await startProcess(env);
  await answerInterview(url, sessionId);
  const newest = await finished();
  for (const follower of followers) {
    await follower.reached(newest);
    expect(follower.cursors).toEqual(Array.from({ length: newest }, (_, index) => index + 1));
    follower.stop();
  }

  const stream = await overCurl(newest);
  expect(stream).toContain(`"__typename":"ReportReady","cursor":"${newest}"`);
  await server.kill();

  function follow(watch: Watch) {
    const cursors: number[] = [];
    const waiting = new Set<() => void>();
    const stop = watch(url, sessionId, ({ cursor }) => {
      if (cursor !== null) cursors.push(Number(cursor));
      for (const look of [...waiting]) look();
    });
    const reached = (cursor: number): Promise<void> =>
      new Promise((done) => {
        const look = (): void => {
          if ((cursors.at(-1) ?? 0) < cursor) return;
          waiting.delete(look);
          done();
        };
        waiting.add(look);
        look();
      });
    return { cursors, stop, reached };
  }

  /** The number of the last event, once the report is there. */
  async function finished(): Promise<number> {
    const last = follow(await watchOf("plain"));
    for (let seen = 1; ; seen++) {
      await last.reached(seen);
      const { session } = await ask(url, State, { id: sessionId });
      if (session?.status !== "EVALUATED") continue;
      last.stop();
      return Number(session.cursor);
    }
  }

  function overCurl(until: number): Promise<string> {
    const child = spawn("sh", ["-c", recipe("sse")], {
      env: { PATH: process.env.PATH, VIVAVOCE_URL: url, SESSION_ID: sessionId },
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    });
    let text = "";
    child.stdout.setEncoding("utf8");
    return new Promise((done, failed) => {
      child.once("error", failed);
      child.once("exit", () => failed(new Error(`The stream ended: ${text}`)));
      child.stdout.on("data", (piece: string) => {
        text += piece;
        if (!text.includes(`"cursor":"${until}"`)) return;
        child.removeAllListeners("exit");
        process.kill(-child.pid!, "SIGTERM");
        done(text);
      });
    });
  }
});
