import { expect, it, vi } from "vitest";
import { createSession } from "../support/interview.ts";
import { startProcess } from "../support/process.ts";
import { startPostgres, stopProcess } from "../support/servers.ts";
import { openWorld } from "../support/world.ts";

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
