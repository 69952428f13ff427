import pg from "pg";
import { expect, it, vi } from "vitest";
import { answerAll, create, createSession } from "../support/interview.ts";
import { startProcess } from "../support/process.ts";
import { startPostgres, stopProcess } from "../support/servers.ts";
import { openWorld, type World } from "../support/world.ts";

it("says 503 and when to come back while the database is away, and goes on by itself", async () => {
  const first = await startPostgres();
  const world = await openWorld("pglite", { DATABASE_URL: first.url, DATABASE_TIMEOUT: "1s" });
  const input = { resumeText: "Java engineer", questionCount: 3 };
  const { data } = await world.gql(createSession, { input });
  const { id } = data.createSession.session;
  const read = "query ($id: ID!) { session(id: $id) { status } }";
  await world.gql(read, { id });
  await stopProcess(first.process, "SIGINT");

  const operations: [query: string, variables: object][] = [
    [createSession, { input }],
    [read, { id }],
    [`${read} # not asked before, so the executor answers`, { id }],
    ["{ viewer { sessions { totalCount } } }", {}],
  ];
  const asked = ["application/json", "application/graphql-response+json"].flatMap((accept) =>
    operations.map(async ([query, variables]) => {
      const response = await fetch(`${world.url}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", accept },
        body: JSON.stringify({ query, variables }),
      });
      expect(response.status).toBe(503);
      expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(response.headers.get("content-type")).toContain(accept);
      const { errors, ...rest } = (await response.json()) as { errors: { extensions: { code: string } }[] };
      expect(rest).toEqual({});
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(["SERVICE_UNAVAILABLE"]);
    }),
  );
  await Promise.all(asked);
  const health = await Promise.all(["live", "ready"].map((name) => fetch(`${world.url}/health/${name}`)));
  expect(health.map(({ status }) => status)).toEqual([200, 503]);
  const metrics = await fetch(`${world.url}/metrics`);
  expect(metrics.status).toBe(200);
  expect(await metrics.text()).toMatch(/vivavoce_jobs_waiting nan/i);

  const again = await startPostgres({ folder: first.folder, port: first.port });
  while ((await fetch(`${world.url}/health/ready`)).status !== 200);
  expect((await world.gql(read, { id })).data.session.status).toBe("CREATED");
  await world.close();
  await again.stop();
  await first.stop();
});

it("breaks a stream off before the event that cannot be read, so that its reader comes back for it", async () => {
  const world = await openWorld("postgres", { DATABASE_TIMEOUT: "1s" });
  const { session } = await create(world, { questionCount: 3, followUps: 0 });
  await answerAll(world, session.id);
  const whole = world.watch(events, { id: session.id, after: "0" });
  const newest = Number((await whole.until((event) => event.report)).cursor);
  const cursors = Array.from({ length: newest }, (_, index) => String(index + 1));

  const unlock = await lock(world, "report");
  const watch = world.watch(events, { id: session.id, after: "0" });
  let said = "";
  const read = async (): Promise<void> => {
    const stream = await open(world, session.id, "0");
    for await (const piece of stream.body!.pipeThrough(new TextDecoderStream())) said += piece;
  };
  const [ended] = await Promise.all([watch.ended, expect(read()).rejects.toThrow("terminated")]);
  expect(ended).toMatchObject({ code: 1013 });
  expect(watch.events.map(({ cursor }) => cursor)).toEqual(cursors.slice(0, -1));
  expect([...said.matchAll(/"cursor":"(\d+)"/g)].map((match) => match[1])).toEqual(cursors.slice(0, -1));
  expect(said).not.toMatch(/errors|complete/);
  await unlock();

  const again = world.watch(events, { id: session.id, after: String(newest - 1) });
  expect((await again.until(() => true)).cursor).toBe(String(newest));
  await world.close();
});

it("lets nobody begin a stream whose place cannot be read, and tells them to come back", async () => {
  const world = await openWorld("postgres", { DATABASE_TIMEOUT: "1s" });
  const { session } = await create(world, { questionCount: 3 });
  const unlock = await lock(world, "session_event");
  const watch = world.watch(events, { id: session.id, after: "0" });
  const stream = await open(world, session.id, "0");
  expect(await watch.ended).toMatchObject({ code: 1013 });
  expect(watch.events).toEqual([]);
  expect([stream.status, stream.headers.get("retry-after")]).toEqual([503, "1"]);
  expect(await stream.text()).toContain("SERVICE_UNAVAILABLE");
  await unlock();
  await world.close();
});

const events = `subscription($id: ID!, $after: ID) {
  sessionEvents(sessionId: $id, after: $after) { cursor ... on ReportReady { report { overallScore } } }
}`;

function open(world: World, id: string, after: string): Promise<Response> {
  return fetch(`${world.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ query: events, variables: { id, after } }),
  });
}

/** Nobody else reads the table until it is unlocked. */
async function lock(world: World, table: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: world.databaseUrl! });
  await client.connect();
  await client.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  return () => client.end();
}

it("logs what became of a connection, not all that hangs on it", async () => {
  const database = await startPostgres();
  const server = await startProcess({ DATABASE_URL: database.url });
  await stopProcess(database.process, "SIGQUIT");
  await vi.waitUntil(() => server.output().includes("database connection lost"), 10_000);
  await server.kill();
  await database.stop();
  const errors = server
    .output()
    .split("\n")
    .filter((line) => line.includes('"err"'))
    .map((line) => JSON.parse(line).err);
  const told = ["type", "message", "stack", "code", "errors"];
  expect(errors.flatMap((error) => Object.keys(error)).filter((name) => !told.includes(name))).toEqual([]);
  expect(errors.map(({ message }) => message)).toContain("Connection terminated unexpectedly");
});
