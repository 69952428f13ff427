import { describe, expect, it } from "vitest";
import { allocateQuestions } from "../../src/interview/allocation.ts";
import type { QuestionType } from "../../src/interview/model.ts";
import { readResume } from "../../src/interview/resume.ts";
import { withoutDenials } from "../../src/interview/resumeDenials.ts";
import { readSkills, type Track } from "../../src/interview/skills.ts";

const typesFor = (text: string, count = 20) => new Set(allocateQuestions(readResume(text), count));

const javaTypes: QuestionType[] = [
  "JAVA_BASIC",
  "JAVA_COLLECTION",
  "JAVA_CONCURRENT",
  "SPRING",
  "SPRING_BOOT",
  "MYSQL",
  "REDIS",
];

const javaScriptResume = `John Doe
JavaScript Developer
Skills: JavaScript, React, Redux, HTML, CSS, Webpack
Experience
2021 - 2025 JavaScript Developer at A, built SPA in React
2018 - 2021 JavaScript Engineer at B, jQuery`;

/** What short résumés are about. */
const table: Record<Track, string[]> = {
  JAVA: [
    "java spring mysql",
    "5 years Java",
    "Java dev Redis",
    "Java",
    "Javaer, MySQL",
    "JAVA DEVELOPER",
    "J2EE",
    "Spring Boot",
    "spring boot developer",
    "Java / JavaScript developer",
    "Jane Roe\njane@example.com\n+1 555 0100\nJava, MySQL",
    "10 years of experience in Java",
    "Looking for my first job. I know some Java.",
    "I work with Java every day at a bank in London.",
    "Not only Java but also Spring",
    "Java teacher",
    "Java实习生",
    "Java 开发工程师",
    "Java 3年",
    "三年Java经验",
    "精通Java",
    "熟悉spring框架",
    "会计系统开发 Java",
  ],
  FRONTEND: [
    javaScriptResume,
    "JavaScript engineer",
    "Senior JavaScript engineer. 6 years of JavaScript, HTML and CSS.",
    "JavaScript developer with node.js",
    "Experienced JavaScript programmer, D3.js charts",
    "JavaScript developer. I do not know Java.",
    "Java Script developer",
    "java-script developer",
    "JAVASCRIPT DEVELOPER",
    "js",
    "TypeScript developer",
    "react developer",
    "Front-end developer without Java. React, CSS",
    "JavaScript工程师",
    "JS开发",
    "Vue 高级开发",
    "前端开发，不会Java",
    "前端，没学过 Java 和 Spring",
    "Java没学过，会Vue",
  ],
  BACKEND: [
    "Ruby on Rails developer, PostgreSQL",
    "Go developer at Google",
    "experienced go developer",
    "Node.js developer, React",
    "Python",
    "C# developer",
    "I am not a Java developer. I write Python and Django.",
    "No Java. Go only.",
    "不会Java但会Python",
    "五年go开发",
    "熟悉go语言",
    "Python工程师",
  ],
  FULL_STACK: ["Full-stack JavaScript developer, Node.js, React, MongoDB", "MERN stack"],
  MACHINE_LEARNING: ["Machine learning", "neural network engineer, PyTorch"],
  DATA: ["MySQL DBA", "Data analyst, SQL, Excel", "大数据开发"],
  DEVOPS: ["Docker", "Linux administrator", "Kubernetes node, pods", "运维"],
  TESTING: ["QA", "Selenium tester", "软件测试"],
  MOBILE: ["React Native developer", "Swift developer", "Android 开发"],
  SYSTEMS: [
    "Rust systems programmer, linux kernel",
    "C++ embedded linux kernel drivers",
    "rust developer",
    "C developer",
    "C++ 开发",
  ],
  NETWORK: ["Network engineer, Cisco, BGP, OSPF", "网络工程师"],
  SECURITY: ["Security engineer, pentesting", "Network security engineer", "网络安全工程师"],
  GENERAL: [
    "Worked at Google in spring 2020. Express delivery. Swift payments.",
    "Bank clerk: SWIFT transfers, Excel",
    "Trip to Java, Indonesia; tour guide",
    "Java coffee barista",
    "Rust removal and painting",
    "Nurse. Injections of 5 ml",
    "HR manager. Hired Java developers and Python engineers.",
    "Secretary. Office, e-mail, HTML newsletter",
    "Taxi driver. Licence: C, E",
    "BIOS engineer",
    "automobile engineer",
    "中国移动工程师",
    "会计 Excel",
    "店长，五年零售，会一点Python",
  ],
};

const cases = Object.entries(table).flatMap(([track, texts]) => texts.map((text) => [text, track as Track] as const));

describe("a short résumé", () => {
  it.each(cases)("%j is %s", (text, track) => {
    expect(readResume(text).track).toBe(track);
  });

  it.each(table.JAVA)("%j gets the Java interview", (text) => {
    expect(allocateQuestions(readResume(text), 10).toSorted()).toEqual(
      [
        ...["PROJECT", "PROJECT", "MYSQL", "MYSQL", "REDIS", "REDIS"],
        ...["JAVA_BASIC", "JAVA_COLLECTION", "JAVA_CONCURRENT", "SPRING"],
      ].toSorted(),
    );
  });

  it.each([...table.FRONTEND, ...table.SYSTEMS, ...table.GENERAL])(
    "%j gets no question of the Java interview",
    (text) => {
      for (const type of javaTypes) expect(typesFor(text)).not.toContain(type);
    },
  );

  it.each<[string, QuestionType]>([
    ["Network engineer, Cisco, BGP, OSPF", "NETWORKING"],
    ["Security engineer, pentesting", "OPERATING_SYSTEMS"],
    ["MySQL DBA", "MYSQL"],
    ["Oracle DBA", "DATABASE"],
    ["C++ embedded linux kernel drivers", "OPERATING_SYSTEMS"],
    ["Ruby on Rails developer, PostgreSQL", "DATABASE"],
  ])("%j is asked about %s", (text, type) => {
    expect(typesFor(text, 5)).toContain(type);
  });

  it.each(table.GENERAL)("%j is asked about general things alone", (text) => {
    const technical = [...typesFor(text)].filter((type) => !["PROJECT", "BEHAVIORAL", "GENERAL"].includes(type));
    expect(technical).toEqual([]);
  });
});

describe("withoutDenials", () => {
  it.each([
    ["I do not know Java or Spring. I know Go.", "go"],
    ["I don't know Java but I know Python", "python"],
    ["I have never used Kafka; Redis every day", "redis"],
    ["No experience with Kubernetes, some Docker", "docker"],
    ["JavaScript (not Java)", "javascript"],
    ["Java: none. Python: good", "python"],
    ["不懂Java和Spring，熟悉Go", "go"],
    ["没有Java经验，熟悉Vue", "vue"],
    ["Java 不熟，Go 熟练", "go"],
    ["Java不仅用过，还精通", "java"],
    ["保证Redis不会宕机", "redis"],
  ])("leaves of %j %s", (text, skills) => {
    expect(
      readSkills(withoutDenials(text))
        .map(({ name }) => name)
        .join(),
    ).toBe(skills);
  });

  it.each(["not ", "no a ", "不会", "不会a但", "a", "a不会", "do not know ", "java - none "])(
    "takes time linear in the length of %j",
    (piece) => {
      const text = piece.repeat(Math.ceil(100_000 / piece.length));
      const started = performance.now();
      withoutDenials(text);
      expect(performance.now() - started).toBeLessThan(5_000);
    },
  );
});
