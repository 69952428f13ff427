import { describe, expect, it } from "vitest";
import { readResume } from "../../src/interview/resume.ts";
import { readSkills } from "../../src/interview/skills.ts";
import { resumeText } from "./resumes.ts";

const namesIn = (text: string) => readSkills(text).map(({ name }) => name);

describe("readResume", () => {
  it("reads a Chinese Java résumé", () => {
    const profile = readResume(resumeText("java-backend.zh"));
    expect(profile).toMatchObject({ language: "ZH", years: 5, level: "SENIOR", track: "JAVA", hasExperience: true });
    expect(profile.projects.map(({ name }) => name)).toEqual(["电商平台后端系统", "会员积分中心"]);
    expect(profile.projects[1]?.technologies).toEqual(["redis", "mysql"]);
    expect(profile.skills.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["java", "spring boot", "spring cloud", "mysql", "redis", "kafka", "microservices"]),
    );
  });

  it("reads a Markdown front-end résumé", () => {
    const profile = readResume(resumeText("frontend.en"));
    expect(profile).toMatchObject({ language: "EN", years: 6, level: "SENIOR", track: "FRONTEND" });
    expect(profile.projects).toEqual([
      { name: "Checkout redesign", technologies: ["react", "redux"] },
      { name: "Pulse dashboard", technologies: ["next.js", "graphql", "websocket"] },
    ]);
    expect(profile.skills[0]).toEqual({ name: "react", written: "React", mentions: 4 });
    expect(profile.skills.map(({ name }) => name)).not.toContain("java");
    expect(profile.skills.map(({ name }) => name)).not.toContain("go");
  });

  it.each([
    ["python-ml.en", "MACHINE_LEARNING", "MID", 3, ["Invoice Reader", "Churn Radar"]],
    ["python-backend.en", "BACKEND", "MID", 4, ["Berth Planner", "Tariff Service"]],
    ["devops.zh", "DEVOPS", "MID", 3, ["统一发布平台", "监控告警体系"]],
    ["shop-manager.en", "GENERAL", "MID", 4, []],
  ])("reads %s as %s", (name, track, level, years, projects) => {
    const profile = readResume(resumeText(name));
    expect(profile).toMatchObject({ track, level, years });
    expect(profile.projects.map((project) => project.name)).toEqual(projects);
  });

  it("finds projects under each kind of heading and list", () => {
    const names = (text: string) => readResume(text).projects.map(({ name }) => name);
    expect(names("Jane\n\nProjects\n- Alpha: a shop in Vue\n- Beta: a game")).toEqual(["Alpha", "Beta"]);
    expect(names("Jane\n\n## Personal Projects\n**Alpha** (2020)\n- Vue\n**Beta** | Go\n- fast")).toEqual([
      "Alpha",
      "Beta",
    ]);
    expect(names("三、项目经历\n项目一：订单中心\n内容：重构\n项目二：支付网关\n内容：对账")).toEqual([
      "订单中心",
      "支付网关",
    ]);
    expect(names("项目经验\n2020.01-2021.03 风控平台\n- 规则引擎\n\n2021.04-至今 营销平台\n- 优惠券")).toEqual([
      "风控平台",
      "营销平台",
    ]);
    expect(names("项目经历\n1、商城\n（1）负责权限\n（2）性能优化\n2、官网")).toEqual(["商城", "官网"]);
    expect(names("Experience\nAcme Ltd, developer\n- wrote things")).toEqual([]);
  });

  it("finds a project in a résumé of one line as on a line of its own", () => {
    const own = readResume(
      "Java developer, 4 years of experience.\nProject: Order Desk, a Spring Boot service.\nSkills: Go",
    );
    const inline = readResume(
      "Java developer, 4 years of experience. Project: Order Desk, a Spring Boot service. Skills: Go",
    );
    expect(inline.projects).toEqual([{ name: "Order Desk", technologies: ["spring boot"] }]);
    expect(inline.projects).toEqual(own.projects);
    const chinese = readResume("五年Java开发。项目：订单中心，一个Spring Boot服务，使用Redis。技能：Go。").projects;
    expect(chinese).toEqual([{ name: "订单中心", technologies: ["spring boot", "redis"] }]);
    expect(readResume("I like each project: they teach me a lot.").projects).toEqual([]);
  });

  it.each([
    ["Junior developer\nGraduated 2023", "JUNIOR"],
    ["Web developer with 1 year of experience in PHP", "JUNIOR"],
    ["Web developer with 3+ years of experience in PHP", "MID"],
    ["应届毕业生 求职意向：前端", "JUNIOR"],
    ["后端开发，八年工作经验", "SENIOR"],
    ["陈强 | Golang后端开发 | 6年", "SENIOR"],
    ["Software engineer", "MID"],
  ])("sees the level in %j", (text, level) => {
    expect(readResume(text).level).toBe(level);
  });

  it("counts years from dates when they are not stated", () => {
    const text = "Education\nBSc, 2010 - 2014\n\nExperience\nAcme, 2015 - 2018\nBolt, 2018 - 2021\n";
    expect(readResume(text).years).toBe(6);
  });

  it("reads nonsense, blanks and markup without complaint", () => {
    for (const text of ["", "   \n", "@@@ ### ***", "💼💼💼", "\u0000\ud800", "1. \n2. \n"]) {
      expect(readResume(text)).toMatchObject({ skills: [], projects: [], track: "GENERAL", hasExperience: false });
    }
  });

  it.each([
    ["spaces", " "],
    ["digits", "1"],
    ["words", "java "],
    ["dots", "."],
    ["Han characters", "年"],
    ["open brackets", "("],
    ["short lines", "1. a\n"],
    ["years", "10 years of "],
    ["Chinese labels", "项目："],
    ["dashes", " - "],
    ["year ranges", "2019 - 2020 "],
    ["front-ends", "front end "],
  ])("takes time linear in the length of %s", (_, piece) => {
    const text = `Projects\n${piece.repeat(Math.ceil(100_000 / piece.length))}`;
    const started = performance.now();
    readResume(text);
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});

describe("readSkills", () => {
  it("keeps apart what only looks alike", () => {
    expect(namesIn("JavaScript and TypeScript")).toEqual(["javascript", "typescript"]);
    expect(namesIn("Java, JavaScript")).toEqual(["java", "javascript"]);
    expect(namesIn("a good cargo going to MongoDB")).toEqual(["mongodb"]);
    expect(namesIn("Spring Boot and Spring Cloud")).toEqual(["spring boot", "spring cloud"]);
    expect(namesIn("React Native")).toEqual(["react native"]);
  });

  it("takes everyday words for skills only where they are meant so", () => {
    expect(namesIn("We go to market, react to change and rest in spring 2020.")).toEqual([]);
    expect(namesIn("Go the extra mile. Vitamin C. Series C funding, plan R")).toEqual([]);
    expect(namesIn("Languages: C, C++, C#, Go, R, Rust")).toEqual(["c", "c++", "c#", "go", "r", "rust"]);
    expect(namesIn("go, react, rust")).toEqual(["go", "react", "rust"]);
    expect(namesIn("services in Go")).toEqual(["go"]);
  });

  it("knows other spellings, versions and Chinese names", () => {
    expect(
      namesIn("K8s, Golang, Postgres, ReactJS, Vue3, Java8, python3.11, Node.js, HTML5, scikit-learn, CI/CD"),
    ).toEqual([..."kubernetes go postgresql react vue java python node.js html".split(" "), "scikit learn", "ci/cd"]);
    expect(namesIn("熟悉Java并发、微服务和消息队列，使用SpringBoot开发")).toEqual([
      "java concurrency",
      "microservices",
      "message queue",
      "spring boot",
    ]);
  });
});
