import pg from "pg";
import { expect, it } from "vitest";
import { answerAll, create, fetchPrinted, sessionEvents } from "../support/interview.ts";
import { openWorld } from "../support/world.ts";

it("gives a printed report, says when to come back while it is printed, and forgets it with its session", async () => {
  const world = await openWorld("postgres");
  const { session } = await create(world, { questionCount: 3, followUps: 0 });
  const watching = world.watch(sessionEvents, { id: session.id, after: "0" });
  await answerAll(world, session.id);
  const { report } = await watching.until((event) => event.__typename === "ReportReady");
  const first = await fetchPrinted(report.pdfUrl);
  expect(first.status).toBe(200);
  const printed = await first.bytes();

  const database = new pg.Client({ connectionString: world.databaseUrl! });
  await database.connect();
  const { rows } = await database.query("DELETE FROM report_file WHERE format = 'pdf' RETURNING report_id, bytes");
  const early = await fetch(report.pdfUrl);
  expect(early.status).toBe(503);
  expect(Number(early.headers.get("retry-after"))).toBeGreaterThan(0);

  const waiting = fetch(report.pdfUrl);
  const [{ report_id, bytes }] = rows;
  await database.query("INSERT INTO report_file (report_id, format, bytes) VALUES ($1, 'pdf', $2)", [report_id, bytes]);
  expect(await (await waiting).bytes()).toEqual(printed);
  await database.end();

  await world.gql("mutation($id: ID!) { deleteSession(input: { sessionId: $id }) { __typename } }", { id: session.id });
  expect((await fetch(report.pdfUrl)).status).toBe(404);
  await world.close();
});

it("lets pages of an allowed origin alone read a report, or when to come back for it", async () => {
  const allowed = "https://app.example.org";
  const world = await openWorld("postgres", { ALLOWED_ORIGINS: allowed });
  const { session } = await create(world, { questionCount: 3, followUps: 0 });
  const watching = world.watch(sessionEvents, { id: session.id, after: "0" });
  await answerAll(world, session.id);
  const { report } = await watching.until((event) => event.__typename === "ReportReady");
  expect((await fetchPrinted(report.pdfUrl)).status).toBe(200);
  const readBy = async (origin: string) => {
    const { status, headers } = await fetch(report.pdfUrl, { headers: { origin } });
    const names = ["access-control-allow-origin", "access-control-expose-headers", "vary"];
    return [status, ...names.map((name) => headers.get(name))];
  };
  expect(await readBy(allowed)).toEqual([200, allowed, "retry-after", "Origin"]);
  expect(await readBy("https://evil.example.org")).toEqual([200, null, null, "Origin"]);
  await world.close();
});

it("says that a report cannot be printed once that was given up", async () => {
  const world = await openWorld("postgres");
  const { session } = await create(world, { questionCount: 3, followUps: 0 });
  const watching = world.watch(sessionEvents, { id: session.id, after: "0" });
  await answerAll(world, session.id);
  const { report } = await watching.until((event) => event.__typename === "ReportReady");
  const { data } = await world.gql("query($id: ID!) { session(id: $id) { report { markdownUrl } } }", {
    id: session.id,
  });
  expect((await fetchPrinted(report.pdfUrl)).status).toBe(200);

  const database = new pg.Client({ connectionString: world.databaseUrl! });
  await database.connect();
  await database.query("DELETE FROM report_file WHERE format = 'pdf'");
  await database.query(`INSERT INTO pgboss.job (name, data)
    SELECT 'interview_abandoned', data FROM pgboss.job WHERE data->>'kind' = 'PRINT_REPORT'`);
  await database.end();
  const given = await fetchPrinted(report.pdfUrl);
  expect([given.status, await given.text()]).toEqual([500, expect.stringContaining("could not be printed")]);
  expect((await fetch(data.session.report.markdownUrl)).status).toBe(200);
  await world.close();
});

it("prints the interviews of a trend under the ids by which clients know them", async () => {
  const world = await openWorld("postgres");
  const interview = async (): Promise<{ id: string; markdown: string }> => {
    const { session } = await create(world, { questionCount: 3, followUps: 0, resumeId: "cv" });
    const watching = world.watch(sessionEvents, { id: session.id, after: "0" });
    await answerAll(world, session.id);
    await watching.until((event) => event.__typename === "ReportReady");
    const { data } = await world.gql("query($id: ID!) { session(id: $id) { report { markdownUrl } } }", {
      id: session.id,
    });
    return { id: session.id, markdown: await (await fetchPrinted(data.session.report.markdownUrl)).text() };
  };
  const first = await interview();
  const second = await interview();
  const [, trends = ""] = second.markdown.split("### Score progression");
  for (const { id } of [first, second]) {
    expect(trends).toContain(id);
    expect(trends).not.toContain(Buffer.from(id, "base64").toString().split(":")[1]);
  }
  await world.close();
});
