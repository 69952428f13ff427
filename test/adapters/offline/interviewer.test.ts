import { afterAll, describe, expect, it } from "vitest";
import { createBuiltInInterviewer } from "../../../src/adapters/offline/interviewer.ts";
import { createThreadedScorer } from "../../../src/adapters/offline/threadedScorer.ts";
import { allocateQuestions } from "../../../src/interview/allocation.ts";
import { categoryLabel } from "../../../src/interview/categories.ts";
import type { AnswerScore, Locale, QuestionDraft, QuestionType, Reference } from "../../../src/interview/model.ts";
import { readResume } from "../../../src/interview/resume.ts";
import { isNearDuplicate } from "../../../src/interview/similarity.ts";
import type {
  Call,
  Candidate,
  FollowUpRequest,
  NextQuestionRequest,
  SummaryRequest,
} from "../../../src/ports/interviewer.ts";
import { resumeText } from "../../interview/resumes.ts";
import { bank } from "../../interview/scoring/builtIn.ts";
import { smallBank } from "./banks.ts";

const { score, close } = createThreadedScorer();
afterAll(close);
const interviewer = createBuiltInInterviewer({ bank, score });
const call = (): Call => ({ signal: new AbortController().signal });

function candidate(resume: string, locale: Locale, job: Partial<Candidate> = {}): Candidate {
  return { locale, resumeText: resume, jobTitle: null, companyName: null, jobDescription: null, ...job };
}

async function plan(
  resume: string,
  count: number,
  options: { exclude?: string[]; seed?: string; locale?: Locale } = {},
) {
  const profile = readResume(resume);
  const drafts: QuestionDraft[] = [];
  const request = {
    ...candidate(resume, options.locale ?? profile.language),
    slots: allocateQuestions(profile, count),
    level: profile.level,
    exclude: options.exclude ?? [],
    seed: options.seed ?? "seed",
  };
  for await (const draft of interviewer.planQuestions(request, call())) drafts.push(draft);
  return drafts;
}

describe("planQuestions", () => {
  const names = ["java-backend.zh", "frontend.en", "python-ml.en", "python-backend.en", "devops.zh", "shop-manager.en"];

  it.each(names)("gives the types asked for, in order, in the session's language, for %s", async (name) => {
    for (const count of [3, 8, 20]) {
      const slots = allocateQuestions(readResume(resumeText(name)), count);
      const drafts = await plan(resumeText(name), count);
      expect(drafts.map(({ type }) => type)).toEqual(slots);
      for (const draft of drafts) {
        expect(draft.category).toBe(categoryLabel(draft.type, readResume(resumeText(name)).language));
        expect(draft.source).toBe("BANK");
        expect(draft.text).not.toMatch(/[{}]/);
        expect(JSON.stringify(draft.reference)).not.toMatch(/\{(?:project|technology)\}/);
      }
    }
  });

  it("repeats nothing over ten interviews of one résumé", async () => {
    const asked: string[] = [];
    for (let session = 0; session < 10; session += 1) {
      const drafts = await plan(resumeText("java-backend.zh"), 5, { exclude: asked, seed: `session ${session}` });
      for (const { text } of drafts) {
        expect(asked.filter((other) => isNearDuplicate(other, text))).toEqual([]);
        asked.push(text);
      }
    }
    expect(asked).toHaveLength(50);
  });

  it("is the same for the same seed and another for another", async () => {
    const texts = async (seed: string) => (await plan(resumeText("frontend.en"), 10, { seed })).map(({ text }) => text);
    expect(await texts("one")).toEqual(await texts("one"));
    expect(await texts("one")).not.toEqual(await texts("two"));
  });

  it("asks about the résumé's own projects and technologies", async () => {
    const projects = (await plan(resumeText("java-backend.zh"), 20)).filter(({ type }) => type === "PROJECT");
    expect(projects).toHaveLength(4);
    for (const { text } of projects) expect(text).toMatch(/电商平台后端系统|会员积分中心/);
    expect(new Set(projects.slice(0, 2).map(({ text }) => text.match(/电商平台后端系统|会员积分中心/)?.[0])).size).toBe(
      2,
    );
  });

  it("begins the next session of a résumé with another of its projects and technologies", async () => {
    const asked: string[] = [];
    for (let session = 0; session < 4; session += 1) {
      const drafts = await plan(resumeText("java-backend.zh"), 5, { exclude: asked, seed: `session ${session}` });
      asked.push(...drafts.filter(({ type }) => type === "PROJECT").map(({ text }) => text));
    }
    expect(asked.map((text) => text.match(/电商平台后端系统|会员积分中心/)?.[0])).toEqual([
      ..."电商平台后端系统 会员积分中心 电商平台后端系统 会员积分中心".split(" "),
    ]);
    const technologies = asked.filter((text) => text.includes("会员积分中心")).map((t) => t.match(/Redis|MySQL/i)?.[0]);
    expect(new Set(technologies)).toEqual(new Set(["Redis", "MySQL"]));
  });

  it("begins an adaptive interview with a project that earlier ones did not ask about", async () => {
    const request = { ...candidate(resumeText("python-backend.en"), "EN"), level: "MID" as const, seed: "s" };
    const first = await interviewer.nextQuestion({ ...request, exchanges: [], remaining: 5, exclude: [] }, call());
    expect(first.text).toContain("Berth Planner");
    const next = { ...request, exchanges: [], remaining: 5, exclude: [first.text] };
    expect((await interviewer.nextQuestion(next, call())).text).toContain("Tariff Service");
  });

  it("is as hard as the résumé's level", async () => {
    const levels = async (resume: string) => (await plan(resume, 10)).map(({ level }) => level);
    const senior = await levels("Senior Go developer, 9 years of experience\n\nProjects\n- Ledger: Go, Kafka");
    const junior = await levels("Junior Go developer\n\nProjects\n- Ledger: Go, Kafka");
    expect(senior.filter((level) => level === "SENIOR").length).toBeGreaterThanOrEqual(6);
    expect(junior.filter((level) => level === "JUNIOR").length).toBeGreaterThanOrEqual(6);
  });

  it("goes on with other types when the bank has no more of one", async () => {
    const small = createBuiltInInterviewer({ bank: smallBank(["MYSQL", "DATABASE"], 1), score, source: "FALLBACK" });
    const slots: QuestionType[] = ["MYSQL", "MYSQL", "MYSQL", "MYSQL", "MYSQL"];
    const drafts: QuestionDraft[] = [];
    const request = { ...candidate("x", "EN"), slots, level: "MID" as const, exclude: [], seed: "" };
    for await (const draft of small.planQuestions(request, call())) drafts.push(draft);
    expect(drafts.map(({ type }) => type)).toEqual(["MYSQL", "MYSQL", "MYSQL", "DATABASE", "DATABASE"]);
    expect(new Set(drafts.map(({ text }) => text)).size).toBe(5);
    expect(drafts.every(({ source }) => source === "FALLBACK")).toBe(true);
  });

  it("stops when it is told to", async () => {
    const stop = new AbortController();
    const request = { ...candidate("x", "EN"), slots: ["GENERAL", "GENERAL"] as QuestionType[], level: "MID" as const };
    const questions = interviewer.planQuestions({ ...request, exclude: [], seed: "" }, { signal: stop.signal });
    const drafts: QuestionDraft[] = [];
    const reading = (async () => {
      for await (const draft of questions) {
        drafts.push(draft);
        stop.abort(new Error("gone"));
      }
    })();
    await expect(reading).rejects.toThrow("gone");
    expect(drafts).toHaveLength(1);
  });
});

const reference: Reference = {
  answer:
    "A covering index holds every column that the query needs. The rows themselves are then never read. " +
    "It costs writes and memory.",
  keyPoints: [
    {
      text: "A covering index holds every column the query needs",
      accept: ["every column"],
      followUp: "What shows it in EXPLAIN?",
    },
    {
      text: "The table lookup is saved",
      accept: ["never read", "no lookup"],
      followUp: "How much does the saved lookup bring?",
    },
    {
      text: "It costs writes and memory",
      accept: ["costs", "slower writes"],
      followUp: "When would you drop such an index?",
    },
  ],
};

function followUpRequest(...answers: string[]): FollowUpRequest {
  const main = { text: "What is a covering index?", type: "MYSQL" as const, category: "MySQL", reference };
  const questions = [main.text, "What shows it in EXPLAIN?", "How much does the saved lookup bring?"];
  const exchanges = answers.map((answer, index) => ({ question: questions[index] ?? "", answer }));
  return { ...candidate("x", "EN"), level: "MID", main, exchanges, exclude: [], seed: "" };
}

describe("followUp", () => {
  it("asks about the most important point that the answer left out", async () => {
    const draft = await interviewer.followUp(followUpRequest("It makes queries faster but costs memory."), call());
    expect(draft).toMatchObject({
      text: "What shows it in EXPLAIN?",
      type: "MYSQL",
      category: "MySQL",
      source: "BANK",
    });
    expect(draft?.reference.keyPoints.map(({ text }) => text)).toEqual([reference.keyPoints[0]?.text]);
    expect(draft?.reference.answer).toContain("every column");
    expect(draft?.reference.answer).not.toContain("costs writes");
  });

  it("passes over what was said or asked already", async () => {
    const first = await interviewer.followUp(followUpRequest("It holds every column."), call());
    expect(first?.text).toBe("How much does the saved lookup bring?");
    const second = await interviewer.followUp(
      followUpRequest("It makes queries faster.", "The Extra column does."),
      call(),
    );
    expect(second?.text).toBe("How much does the saved lookup bring?");
  });

  it.each([
    ["EN", "It makes queries faster.", /^Could you say more about this: “[^”]+”\?$/],
    ["ZH", "查询会变快。", /^请再谈谈这一点：“[^”]+”。$/],
  ] as const)(
    "asks in %s for the points themselves where a model named them, one after the other",
    async (...given) => {
      const [locale, answer, form] = given;
      const points = locale === "EN" ? ["Holds every column", "Costs writes"] : ["包含全部列", "写入变慢"];
      const keyPoints = points.map((text) => ({ text, accept: [], followUp: null }));
      const main = { ...followUpRequest(answer).main, reference: { answer: `${points.join("。")}。`, keyPoints } };
      const request = { ...followUpRequest(answer), locale, main };
      const exclude: string[] = [];
      for (const point of points) {
        const draft = (await interviewer.followUp({ ...request, exclude }, call()))!;
        expect(draft.text).toMatch(form);
        expect(draft.text).toContain(point);
        expect(draft.reference.keyPoints.map(({ text }) => text)).toEqual([point]);
        exclude.push(draft.text);
      }
      expect(await interviewer.followUp({ ...request, exclude }, call())).toBeNull();
    },
  );

  it("asks for no point of a model that was made, and cuts one that is long", async () => {
    const long = "😀".repeat(150) + "word ".repeat(40);
    const keyPoints = ["Holds every column of the query", long].map((text) => ({ text, accept: [], followUp: null }));
    const answer = "It holds every column of the query.";
    const main = { ...followUpRequest(answer).main, reference: { answer, keyPoints } };
    const draft = await interviewer.followUp({ ...followUpRequest(answer), main }, call());
    expect(draft?.text).toBe(`Could you say more about this: “${"😀".repeat(150)}${"word ".repeat(10)}…”?`);
  });

  it("asks nothing when all is said, all is asked, or the candidate does not know", async () => {
    const none = [
      followUpRequest("It holds every column, rows are never read, and it costs writes."),
      followUpRequest("It makes queries faster, though it costs memory.", "The Extra column.", "A lot."),
      followUpRequest("I don't know."),
      followUpRequest("不知道"),
    ];
    for (const request of none) expect(await interviewer.followUp(request, call())).toBeNull();
  });

  it("lets the text be watched while it is written", async () => {
    let written = "";
    const onText = (offset: number, text: string) => {
      expect(offset).toBe([...written].length);
      written += text;
    };
    const draft = await interviewer.followUp(followUpRequest("It makes queries faster."), { ...call(), onText });
    expect(written).toBe(draft?.text);
  });
});

const job = {
  jobTitle: "Platform Engineer",
  companyName: "Nordwind",
  jobDescription: "We run Kafka and Kubernetes on Linux; you will own our Go services, PostgreSQL and Redis.",
};

describe("nextQuestion", () => {
  async function interview(answers: (draft: QuestionDraft) => string, total = 8): Promise<QuestionDraft[]> {
    const drafts: QuestionDraft[] = [];
    for (let remaining = total; remaining > 0; remaining -= 1) {
      const request: NextQuestionRequest = {
        ...candidate(resumeText("python-backend.en"), "EN", job),
        level: "MID",
        exchanges: drafts.map((draft) => ({ question: draft.text, type: draft.type, answer: answers(draft) })),
        remaining,
        exclude: [],
        seed: "adaptive",
      };
      drafts.push(await interviewer.nextQuestion(request, call()));
    }
    return drafts;
  }

  it("opens with a project, changes the topic after weak answers and closes with the role", async () => {
    const drafts = await interview(() => "I don't know.");
    expect(drafts[0]?.type).toBe("PROJECT");
    expect(drafts.filter(({ type }, index) => type === drafts[index - 1]?.type)).toEqual([]);
    expect(drafts.at(-1)).toMatchObject({ type: "BEHAVIORAL" });
    expect(drafts.at(-1)?.text).toContain("Platform Engineer role at Nordwind");
  });

  it("digs deeper after a strong answer, once", async () => {
    const drafts = await interview(({ reference }) => reference.answer);
    expect(drafts[1]?.type).toBe(drafts[0]?.type);
    expect(drafts[2]?.type).not.toBe(drafts[1]?.type);
  });

  it("repeats nothing", async () => {
    for (const answer of ["I don't know.", "It depends on the load, because every cache has limits."]) {
      const texts = (await interview(() => answer, 20)).map(({ text }) => text);
      expect(
        texts.filter((text, index) => texts.slice(0, index).some((other) => isNearDuplicate(text, other))),
      ).toEqual([]);
    }
  });

  it("asks about what the job asks for", async () => {
    const drafts = await interview(() => "I don't know.", 10);
    expect(drafts.map(({ text }) => text).join(" ")).toMatch(/Kafka|Kubernetes|Postgres|Redis|Linux|container|queue/i);
  });
});

describe("scoreAnswers", () => {
  it("scores every answer by its id and tells of each at once", async () => {
    const heard: string[] = [];
    const answers = ["a", "b"].map((questionId) => ({
      questionId,
      question: "What is a covering index?",
      type: "MYSQL" as const,
      category: "MySQL",
      level: "MID" as const,
      reference,
      answer: questionId === "a" ? reference.answer : "I don't know",
    }));
    const onScore = (id: string) => heard.push(id);
    const scores = await interviewer.scoreAnswers({ locale: "EN", jobTitle: null, answers }, { ...call(), onScore });
    expect([...scores.keys()]).toEqual(["a", "b"]);
    expect(heard).toEqual(["a", "b"]);
    const total = (score: AnswerScore | undefined) =>
      score ? score.accuracy + score.completeness + score.clarity : -1;
    expect(total(scores.get("a"))).toBeGreaterThanOrEqual(70);
    expect(total(scores.get("b"))).toBeLessThanOrEqual(10);
  });
});

describe("summarize", () => {
  const keyPoints = reference.keyPoints.map(({ text }) => text);
  const scored = (total: number): AnswerScore => ({
    accuracy: Math.round(total * 0.4),
    completeness: Math.round(total * 0.3),
    clarity: Math.round(total * 0.3),
    feedback: "…",
    referenceAnswer: reference.answer,
    keyPoints,
    evidence: [],
  });

  function request(locale: Locale, given: [category: string, answer: string | null, total: number][]): SummaryRequest {
    return {
      ...candidate(resumeText("python-backend.en"), locale, job),
      mode: "PLANNED",
      overallScore: Math.round(given.reduce((sum, [, , total]) => sum + total, 0) / given.length),
      totalQuestions: given.length,
      answeredCount: given.filter(([, answer]) => answer !== null).length,
      categoryScores: given.map(([category, , score]) => ({ category, score, questionCount: 1 })),
      questions: given.map(([category, answer, total]) => ({
        text: `A question about ${category}?`,
        category,
        isFollowUp: false,
        answer,
        score: scored(total),
      })),
    };
  }

  it("names what was good, what was missing and what to do about it", async () => {
    const given = request("EN", [
      ["MySQL", "A covering index holds every column the query needs, so the table lookup is saved.", 90],
      ["Redis", "It is fast.", 30],
      ["Networking", null, 0],
    ]);
    const summary = await interviewer.summarize(given, call());
    expect(summary.overallFeedback).toMatch(/40 of 100.*2 of 3/);
    expect(summary.overallFeedback).toContain("Platform Engineer role at Nordwind");
    expect(summary.strengths.join()).toContain("MySQL");
    expect(summary.strengths.join()).not.toContain("Redis");
    expect(summary.improvements.join()).toMatch(/Networking.*Redis/);
    expect(summary.knowledgeGaps).toContain("Redis: The table lookup is saved");
    expect(summary.learningPath.map(({ topic }) => topic)).toEqual(["Networking", "Redis"]);
    expect(summary.resumeImprovements.join()).toMatch(/Kafka, Kubernetes/);
  });

  it("does not miss a skill in a résumé that shows it under a longer name", async () => {
    const { resumeImprovements } = await interviewer.summarize(
      {
        ...request("EN", [["MySQL", null, 0]]),
        resumeText: "Java engineer, 5 years: Spring Boot, Spring Cloud, PostgreSQL",
        jobDescription: "You know Java, Spring, SQL and Kafka well, and build services with your team.",
      },
      call(),
    );
    expect(resumeImprovements[0]).toMatch(/asks for Kafka, which/);
    expect(resumeImprovements[1]).toContain("Java, Spring, SQL");
  });

  it("is honest about an interview without an answer", async () => {
    const given = request("EN", [["MySQL", null, 0]]);
    const summary = await interviewer.summarize({ ...given, jobDescription: null }, call());
    expect(summary.strengths).toEqual([]);
    expect(summary.resumeImprovements).toEqual([]);
    expect(summary.overallFeedback).toContain("No question of 1 was answered");
    expect(summary.learningPath).not.toEqual([]);
  });

  it("writes Chinese for a Chinese session, and never more than eight items", async () => {
    const many = Array.from({ length: 20 }, (_, index): [string, string, number] => [
      `类别${index}`,
      "很快",
      index % 2 ? 90 : 20,
    ]);
    const summary = await interviewer.summarize(request("ZH", many), call());
    expect(summary.overallFeedback).toMatch(/本次面试得分55分.*Nordwind的Platform Engineer岗位/);
    for (const list of [summary.strengths, summary.improvements, summary.knowledgeGaps, summary.learningPath]) {
      expect(list.length).toBeGreaterThan(0);
      expect(list.length).toBeLessThanOrEqual(8);
    }
    for (const text of summary.strengths) expect(text).toMatch(/\p{Script=Han}/u);
  });
});
