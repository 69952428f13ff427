import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { gql } from "@apollo/client";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { answerInterview, ask, makeInterview, State } from "../support/ask.ts";
import { createTables } from "../support/databases.ts";
import { answerAll, create, sessionEvents } from "../support/interview.ts";
import { startProcess } from "../support/process.ts";
import { pdf } from "../support/resumeFiles.ts";
import { freePort } from "../support/servers.ts";
import { mintToken, testSecret } from "../support/tokens.ts";
import { openWorld, type World } from "../support/world.ts";

type Watch = (
  url: string,
  sessionId: string,
  onEvent: (event: { cursor: string | null }) => void,
  token?: () => Promise<string>,
) => () => void;

const root = resolve(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/clients.md"), "utf8");
// Within the project, so that its packages are found.
const folder = join(root, "test/generated/recipes");

beforeAll(() => void mkdirSync(folder, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function recipe(name: string): string {
  const found = new RegExp(`^\`\`\`\\w+ recipe=${name}\\n(.*?)^\`\`\``, "ms").exec(page)?.[1];
  if (found === undefined) throw new Error(`docs/clients.md has no recipe ${name}`);
  return found;
}

async function load(name: string): Promise<any> {
  const file = join(folder, `${name}.ts`);
  writeFileSync(file, recipe(name));
  return import(pathToFileURL(file).href);
}

async function watchOf(name: string): Promise<Watch> {
  return (await load(name)).watch;
}

it("follows a session as docs/clients.md says, over a restart, each event once", async () => {
  // How fast a database answers is the machine's affair.
  const env = { DATABASE_URL: await createTables(), DATABASE_TIMEOUT: "60s", PORT: String(await freePort()) };
  let server = await startProcess(env);
  const { url } = server;
  const sessionId = await makeInterview(url, "of recipes");

  const followers = await Promise.all(
    ["plain", "apollo", "urql", "relay"].map(async (name) => follow(await watchOf(name))),
  );
  const overCurl = startCurl();
  await Promise.all([...followers, overCurl].map((follower) => follower.reached(2)));
  await server.kill();
  server = await startProcess(env);
  await answerInterview(url, sessionId);
  const newest = await finished();
  for (const follower of followers) {
    await follower.reached(newest);
    expect(follower.cursors).toEqual(Array.from({ length: newest }, (_, index) => index + 1));
    follower.stop();
  }

  await overCurl.reached(newest);
  expect(overCurl.cursors()).toEqual(Array.from({ length: newest }, (_, index) => index + 1));
  overCurl.stop();
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

  function startCurl() {
    const events = join(folder, "events.txt");
    const env = { PATH: process.env.PATH, VIVAVOCE_URL: url, SESSION_ID: sessionId, EVENTS: events };
    const child = spawn("sh", ["-c", recipe("sse")], { env, stdio: ["ignore", "ignore", "inherit"], detached: true });
    const cursors = (): number[] =>
      [...(existsSync(events) ? readFileSync(events, "utf8") : "").matchAll(/"cursor":"(\d+)"/g)].map((match) =>
        Number(match[1]),
      );
    return {
      cursors,
      reached: (cursor: number) => vi.waitUntil(() => (cursors().at(-1) ?? 0) >= cursor, { timeout: 90_000 }),
      stop: () => process.kill(-child.pid!, "SIGTERM"),
    };
  }
}, 180_000);

it("says why there is no stream, and does not ask for it again and again", async () => {
  const world = await openWorld("pglite");
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  const stop = (await watchOf("plain"))(world.url, "nonsense", () => {});
  await vi.waitUntil(() => said.mock.calls.length > 0, { timeout: 90_000 });
  stop();
  said.mockRestore();
  await world.close();
}, 180_000);

it("comes back with a fresh token when the one it had has ended", async () => {
  const world = await openWorld("postgres", { AUTH_JWT_SECRET: testSecret });
  const own: World = {
    ...world,
    gql: async (query, variables) => world.gql(query, variables, { authorization: `Bearer ${await mintToken("ada")}` }),
  };
  const { session } = await create(own, { questionCount: 3, followUps: 0 });
  const cursors: number[] = [];
  let asked = 0;
  const watch = await watchOf("plain");
  const stop = watch(
    world.url,
    session.id,
    ({ cursor }) => void (cursor !== null && cursors.push(Number(cursor))),
    () => mintToken("ada", "candidate", { expires: asked++ === 0 ? new Date(Date.now() + 2_000) : "1h" }),
  );
  await vi.waitUntil(() => asked === 2, { timeout: 90_000 });
  await answerAll(own, session.id);
  const last = world.watch(
    sessionEvents,
    { id: session.id, after: "0" },
    { authorization: `Bearer ${await mintToken("ada")}` },
  );
  const { cursor } = await last.until((event) => event.__typename === "ReportReady");
  await vi.waitUntil(() => cursors.at(-1) === Number(cursor), { timeout: 90_000 });
  expect(cursors).toEqual(Array.from({ length: Number(cursor) }, (_, index) => index + 1));
  stop();
  await world.close();
}, 180_000);

it("shows a draft before the server has it, and sends a file with curl", async () => {
  const world = await openWorld("postgres");
  const { session } = await create(world);
  const { client, socket } = (await load("apollo")).createApollo(world.url);
  const { saveDraft } = await load("drafts");
  const question = session.currentQuestion;
  const saving = saveDraft(client, { sessionId: session.id, question, text: "So far" });
  const shown = (): unknown =>
    client.cache.readFragment(
      { id: `Question:${question.id}`, fragment: gql`fragment Shown on Question { answer { text isDraft } }` },
      true,
    );
  expect(shown()).toMatchObject({ answer: { text: "So far", isDraft: true } });
  await saving;
  expect(shown()).toMatchObject({ answer: { text: "So far", isDraft: true } });
  client.stop();
  await socket.dispose();

  const file = join(folder, "cv.pdf");
  writeFileSync(file, await pdf(["Ada Example, engineer"]));
  const env = { PATH: process.env.PATH, VIVAVOCE_URL: world.url, FILE: file };
  const answer = JSON.parse(
    await promisify(execFile)("sh", ["-c", recipe("upload")], { env }).then(({ stdout }) => stdout),
  );
  expect(answer.data.createResume.resume.text).toBe("Ada Example, engineer");
  await world.close();
});
