import { expect, it } from "vitest";
import { answerAll, create, fetchPrinted, sessionEvents } from "../support/interview.ts";
import { openWorld } from "../support/world.ts";

it("counts a category as one, in whichever languages its interviews were held", async () => {
  const world = await openWorld("postgres");
  const input = { resumeText: "Java engineer, MySQL and Redis", resumeId: "cv", questionCount: 3, followUps: 0 };
  const interview = async (locale: "EN" | "ZH"): Promise<string> => {
    const { session } = await create(world, { ...input, locale });
    const watching = world.watch(sessionEvents, { id: session.id, after: "0" });
    await answerAll(world, session.id);
    await watching.until((event) => event.__typename === "ReportReady");
    const { data } = await world.gql("query($id: ID!) { session(id: $id) { report { markdownUrl } } }", {
      id: session.id,
    });
    return (await fetchPrinted(data.session.report.markdownUrl)).text();
  };
  await interview("EN");
  const printed = await interview("ZH");
  const { data } = await world.gql("{ viewer { trends { categories { category questionCount } } } }");
  expect(data.viewer.trends.categories).toEqual(
    ["项目经历", "MySQL", "Redis"].map((category) => ({ category, questionCount: 2 })),
  );
  expect(printed).toContain("### 各类别强弱");
  expect(printed).not.toContain("Project experience");
  await world.close();
});
