import { describe, expect, it } from "vitest";
import { type ResumeProfile, readResume } from "../../src/interview/resume.ts";
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

  it.each<[string, Partial<ResumeProfile>, Record<string, string>]>([
    [
      "one-line-projects.en",
      { language: "EN", track: "BACKEND", level: "SENIOR", years: 6 },
      { OrderHub: "go kafka", LedgerSync: "postgresql", "Fleet Map": "" },
    ],
    [
      "date-role.zh",
      { language: "ZH", track: "JAVA", level: "SENIOR", years: 5 },
      { 智慧物流调度系统: "spring boot,mysql", 订单中心: "kafka" },
    ],
    [
      "quoted-prose.zh",
      { language: "ZH", track: "JAVA", level: "SENIOR", years: 6 },
      { 闪购平台: "redis rocketmq", 会员中心: "mysql" },
    ],
    ["book-marks.zh", { language: "ZH", track: "JAVA", level: "MID", years: 3 }, { 积分商城: "spring boot,mysql" }],
    [
      "work-projects.en",
      { language: "EN", track: "JAVA", level: "SENIOR", years: 9 },
      { "Atlas billing platform": "spring boot,mysql", "Hermes notification service": "kafka" },
    ],
    [
      "prose.en",
      { language: "EN", track: "MACHINE_LEARNING", level: "MID", years: 3 },
      { ChurnGuard: "python xgboost airflow", ShelfMate: "pytorch" },
    ],
    [
      "graduate.zh",
      { language: "ZH", track: "FRONTEND", level: "JUNIOR", years: null },
      { 校园二手交易平台: "vue vite express" },
    ],
    [
      "table.zh",
      { language: "ZH", track: "TESTING", level: "MID", years: 4 },
      { 接口自动化平台: "python pytest jenkins", 全链路压测系统: "jmeter docker" },
    ],
    [
      "pipes.en",
      { language: "EN", track: "JAVA", level: "MID", years: 2 },
      { "E-commerce Platform": "java,spring boot,redis", "Fraud Radar": "python kafka", "Tide Tables": "flask" },
    ],
    [
      "dates-first.en",
      { language: "EN", track: "BACKEND", level: "MID", years: 4 },
      { "Payment Gateway": "spring boot,mysql", "Inventory Service": "java redis", "Night Owl": "go" },
    ],
    [
      "numbered.en",
      { language: "EN", track: "MOBILE", level: "SENIOR", years: 7 },
      { "Parcel Locker App": "android kotlin", "Field Notes": "android java sqlite" },
    ],
    [
      "project-numbers.zh",
      { language: "ZH", track: "DATA", level: "SENIOR", years: 6 },
      { 实时用户画像平台: "flink clickhouse", 离线数仓建设: "hive spark" },
    ],
    [
      "open-source.en",
      { language: "EN", track: "SYSTEMS", level: "SENIOR", years: 9 },
      { tinykv: "rust grpc", "Prism UI": "react", Loomweave: "go redis" },
    ],
    [
      "sentences.en",
      { language: "EN", track: "FRONTEND", level: "JUNIOR", years: 1 },
      { Mealmap: "vue", Parley: "node.js websocket" },
    ],
    [
      "work-bullets.zh",
      { language: "ZH", track: "BACKEND", level: "SENIOR", years: 8 },
      { 统一收银台系统: "system design,go,kafka,mysql", 风控决策平台: "flink redis" },
    ],
  ])("reads %s as a person does", (name, summary, projects) => {
    const profile = readResume(resumeText(name));
    expect(profile).toMatchObject({ ...summary, hasExperience: true });
    const named = Object.entries(projects).map(([name, technologies]) => {
      const separator = technologies.includes(",") ? "," : " ";
      return { name, technologies: technologies.split(separator).filter((technology) => technology !== "") };
    });
    expect(profile.projects).toEqual(named);
  });

  it.each([
    // Dates, roles and technologies around the name.
    ["Projects\nJan 2018 - Present: Atlas\nFeb 2017 – Jan 2018: Borealis", "Atlas|Borealis"],
    ["Projects\nOrderHub, Backend Developer, 2021\n- Go\nLedger, Lead Engineer, 2020\n- Java", "OrderHub|Ledger"],
    ["Projects\nOrderHub\nBackend Developer\n2021\n- Go\n\nLedger\nLead Engineer\n2020\n- Java", "OrderHub|Ledger"],
    [
      "Projects\n1. FIFA 2022 Predictor - Python\n2. Task Manager (React)\n3. Tower of Hanoi in Rust",
      "FIFA 2022 Predictor|Task Manager|Tower of Hanoi",
    ],
    [
      "项目经验\n2022.03 - 2023.01    在线教育平台    后端开发\n技术栈：Go\n2021.01 - 2022.02    内容审核系统    项目负责人",
      "在线教育平台|内容审核系统",
    ],
    [
      "项目经验\n在线教育平台 | 后端开发 | 2022.03 - 2023.01\n内容审核系统 | 后端开发 | 2021.01 - 2022.02",
      "在线教育平台|内容审核系统",
    ],
    [
      "项目经历\n电商平台-订单中心 后端开发 2020.01-2021.01\n负责订单\n社区团购-后端开发 2019.01-2020.01",
      "电商平台-订单中心|社区团购",
    ],
    [
      "项目经历\n【智慧园区平台】2021.03-2022.01\n用Java\n\n【能耗监测系统】2020.01-2021.01\n用Go",
      "智慧园区平台|能耗监测系统",
    ],
    // Lists and tables.
    [
      "项目经历：智慧园区平台（Java、Redis）、能耗监测系统（Go），门禁小程序（Vue）。技能：Java",
      "智慧园区平台|能耗监测系统|门禁小程序",
    ],
    ["Selected projects: OrderHub — order management (Go); LedgerSync — bookkeeping (Java)", "OrderHub|LedgerSync"],
    ["Projects: Acme Website, London", "Acme Website"],
    ["Projects: OrderHub (Go, Kafka),\n  LedgerSync (PostgreSQL)", "OrderHub|LedgerSync"],
    [
      "| Project | Year | Stack |\n|---|---|---|\n| OrderHub | 2021 | Go |\n| [Ledger](https://x.y) | 2020 | Java |",
      "OrderHub|Ledger",
    ],
    ["项目名称\t时间\t角色\n智慧园区平台\t2021\t后端\n能耗系统\t2020\t后端", "智慧园区平台|能耗系统"],
    ["Full-stack dev. Projects include OrderHub (Go) and ShelfMate (Python). Also wrote docs.", "OrderHub|ShelfMate"],
    ["我的主要项目有：订单中心、支付网关、风控平台。技术栈：Java、Redis。", "订单中心|支付网关|风控平台"],
    ["Projects\nThe Great Suspender (JavaScript)\nA Better Todo (React)", "The Great Suspender|A Better Todo"],
    // Names in quotes and amid sentences.
    ['Projects\n**Design System "Prism"** (CSS)\n - 60 components', 'Design System "Prism"'],
    ["项目经历\n负责“闪购平台”项目，使用Redis\n负责《积分商城》项目，使用Go", "闪购平台|积分商城"],
    [
      "我曾主导公司核心交易系统的重构，并负责搭建了实时风控平台，使用Flink。另参与开源社区Apache项目。",
      "核心交易系统|实时风控平台",
    ],
    [
      "Experience\n- Designed and built Beacon, a feature flag service in Go\n- Led the Data Migration project",
      "Beacon|Data Migration",
    ],
  ])("names the projects in %j", (text, names) => {
    expect(readResume(text).projects.map(({ name }) => name)).toEqual(names.split("|"));
  });

  it.each([
    "Projects\nDeveloped a system for booking rooms using PHP and MySQL.\nImplemented a REST API.",
    "Projects\nMany projects in the field of logistics, see GitHub.",
    "Projects: various",
    "项目经验：丰富",
    "Projects\nBackend Developer | 2021 - 2022 | Go, Kafka",
    "Experience\n- Created a Kafka pipeline and built Kubernetes platform\n- Built React application\n- Led Marketing, a team",
    "Experience\n- Developed Scalable Web Application\n- Built the Android app\n- Worked at Contoso, a bank",
    "My key projects include improving quality and cutting costs.",
    'I won the "Best Hack" award and read "Clean Code". My colleague named Peter built clusters.',
    "负责公司多个项目的开发，参与系统维护，搭建微服务平台。曾获得“优秀员工”称号，发表《缓存的一致性》。",
  ])("takes nothing for a project's name in %j", (text) => {
    expect(readResume(text).projects).toEqual([]);
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
    ["names in sentences", "built the Atlas "],
    ["names in Chinese sentences", "负责订单系统，"],
    ["quotes", "“"],
    ["listed projects", "项目：甲乙（丙），"],
    ["lines without a mark", "x\n"],
    ["rows", "Aa | b | 2021\n"],
    ["roles", "后端 "],
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
