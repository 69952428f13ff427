import { categoryLabel } from "../../interview/categories.ts";
import type { AnswerScore, CategoryScore, Locale, ScoreBand } from "../../interview/model.ts";

/** A question with its key points, made and missed. */
export interface Assessed {
  text: string;
  category: string;
  isFollowUp: boolean;
  answer: string | null;
  score: AnswerScore;
  /** 0-100 */
  total: number;
  /** Key points that the answer makes. */
  made: string[];
  missed: string[];
}

/** The built-in summary's sentences, in one language. */
export interface SummaryTexts {
  projectCategory: string;
  nothingAnswered(totalQuestions: number): string;
  notReady(role: string): string;
  performance(score: number, band: ScoreBand, answered: number, totalQuestions: number): string;
  depth(made: number, points: number): string;
  range(best: CategoryScore, worst: CategoryScore): string;
  readiness(band: ScoreBand, role: string): string;
  strongPoints(category: string, points: string[]): string;
  strongAnswer(category: string, question: string): string;
  partlyStrong(category: string, point: string): string;
  clear: string;
  unanswered(count: number, categories: string[]): string;
  unreached(count: number): string;
  missing(category: string, points: string[]): string;
  vague(category: string, question: string): string;
  giveNumbers: string;
  structure: string;
  gap(category: string, point: string): string;
  advice(missed: string[], practice: string): string;
  addSkills(skills: string[]): string;
  leadWith(skills: string[]): string;
  addNumbers: string;
  addProjects: string;
  nameTechnologies(projects: string[]): string;
  stateYears: string;
  useTheirWords: string;
}

export const summaryTexts: Record<Locale, SummaryTexts> = {
  EN: {
    projectCategory: categoryLabel("PROJECT", "EN"),
    nothingAnswered: (totalQuestions) =>
      `No question of ${totalQuestions} was answered, so the interview scores 0 and shows nothing about ` +
      "performance or technical depth, neither good nor bad.",
    notReady: (role) =>
      `Whether you are ready for ${role} cannot be told from this interview: take it again and answer.`,
    performance: (score, band, answered, totalQuestions) =>
      `You scored ${score} of 100, ${performanceEN[band]}, with ${answered} of ${totalQuestions} questions answered.`,
    depth: (made, points) =>
      `In technical depth your answers made ${made} of the ${points} points that strong answers to the same questions ` +
      `make${made * 2 < points ? ": they stay on the surface and need reasons, mechanisms and limits" : made * 4 < points * 3 ? ": the basis is there, the details are not always" : ", which shows real understanding"}.`,
    range: (best, worst) =>
      `You did best in ${best.category} (${best.score}) and least well in ${worst.category} (${worst.score}).`,
    readiness: (band, role) => readinessEN[band](role),
    strongPoints: (category, points) => `${category}: you brought up what matters: ${points.map(bare).join("; ")}.`,
    strongAnswer: (category, question) => `${category}: a strong answer to “${short(question)}”`,
    partlyStrong: (category, point) => `${category}: you know this part: ${bare(point)}.`,
    clear: "Your answers are well structured and easy to follow.",
    unanswered: (count, categories) =>
      `Answer every question, if only in part: ${count} stayed open (${categories.join(", ")}), which counts 0.`,
    unreached: (count) =>
      `Go on to the end: ${count} more ${count === 1 ? "question was" : "questions were"} never reached.`,
    missing: (category, points) => `${category}: your answer left out: ${points.map(bare).join("; ")}.`,
    vague: (category, question) => `${category}: be more precise in your answer to “${short(question)}”`,
    giveNumbers: "When you speak of your projects, give numbers: load, latency, users, what changed and by how much.",
    structure: "Give your answers a shape: first the answer in one sentence, then the reason, then an example.",
    gap: (category, point) => `${category}: ${bare(point)}`,
    advice: (missed, practice) =>
      missed.length > 0 ? `Review these points: ${missed.map(bare).join("; ")}. ${practice}` : practice,
    addSkills: (skills) =>
      `The job asks for ${skills.join(", ")}, which your résumé does not show: say where you used them, or prepare to ` +
      "explain how you would learn them.",
    leadWith: (skills) =>
      `Put ${skills.join(", ")} at the top, with the project that proves each: the job asks for them.`,
    addNumbers: "Add results that can be measured to your projects: users served, time saved, errors or costs reduced.",
    addProjects:
      "Add a section with two or three projects: the task, your own part in it, the technologies, the outcome.",
    nameTechnologies: (projects) => `Name the technologies that you used in ${projects.join(", ")}.`,
    stateYears: "State how many years you have worked, or give dates for each job.",
    useTheirWords:
      "Take up the words of the job description where they are true of you, so that the fit can be seen at once.",
  },
  ZH: {
    projectCategory: categoryLabel("PROJECT", "ZH"),
    nothingAnswered: (totalQuestions) =>
      `本次面试共${totalQuestions}题，均未作答，得分为0，无法据此判断你的表现和技术深度。`,
    notReady: (role) => `是否胜任${role}也无从判断，建议重新参加面试并完成作答。`,
    performance: (score, band, answered, totalQuestions) =>
      `本次面试得分${score}分（满分100），${performanceZH[band]}，共${totalQuestions}题，作答${answered}题。`,
    depth: (made, points) =>
      `技术深度方面，优秀回答应包含的${points}个要点中，你答到了${made}个，${made * 2 < points ? "回答多停留在表面，需要补充原理、原因和边界条件" : made * 4 < points * 3 ? "基础具备，但细节不够完整" : "理解较为扎实"}。`,
    range: (best, worst) =>
      `表现最好的是${best.category}（${best.score}分），最薄弱的是${worst.category}（${worst.score}分）。`,
    readiness: (band, role) => readinessZH[band](role),
    strongPoints: (category, points) => `${category}：答到了关键要点：${points.map(bare).join("；")}。`,
    strongAnswer: (category, question) => `${category}：“${short(question)}”回答得很好。`,
    partlyStrong: (category, point) => `${category}：掌握了这一点：${bare(point)}。`,
    clear: "回答结构清晰，表达易于理解。",
    unanswered: (count, categories) =>
      `尽量回答每一道题，哪怕只答出一部分：有${count}题未作答（${categories.join("、")}），均计0分。`,
    unreached: (count) => `请完成整场面试：还有${count}题未进行到。`,
    missing: (category, points) => `${category}：回答遗漏了：${points.map(bare).join("；")}。`,
    vague: (category, question) => `${category}：“${short(question)}”的回答需要更准确、更具体。`,
    giveNumbers: "谈项目时要用数据说话：并发量、响应时间、用户规模，以及改进前后的变化幅度。",
    structure: "注意回答的结构：先用一句话给出结论，再说明原因，最后举例。",
    gap: (category, point) => `${category}：${bare(point)}`,
    advice: (missed, practice) =>
      missed.length > 0 ? `重点复习：${missed.map(bare).join("；")}。${practice}` : practice,
    addSkills: (skills) => `岗位要求${skills.join("、")}，但简历中没有体现：请补充使用经历，或准备好说明你将如何学习。`,
    leadWith: (skills) => `把${skills.join("、")}放在简历靠前的位置，并用对应的项目作证明，这些正是岗位所需。`,
    addNumbers: "为项目补充可量化的成果，例如服务的用户量、节省的时间、降低的错误率或成本。",
    addProjects: "增加项目经历，写两到三个项目：任务、本人职责、所用技术和最终成果。",
    nameTechnologies: (projects) => `写明${projects.join("、")}中使用的技术。`,
    stateYears: "写明工作年限，或为每段经历标注起止时间。",
    useTheirWords: "在属实的前提下采用职位描述中的用语，让匹配度一目了然。",
  },
};

const performanceEN: Record<ScoreBand, string> = {
  EXCELLENT: "an excellent performance",
  GOOD: "a good performance",
  ADEQUATE: "an adequate performance",
  NEEDS_IMPROVEMENT: "a performance that needs improvement",
};

const performanceZH: Record<ScoreBand, string> = {
  EXCELLENT: "表现优秀",
  GOOD: "表现良好",
  ADEQUATE: "表现合格",
  NEEDS_IMPROVEMENT: "表现有待提高",
};

const readinessEN: Record<ScoreBand, (role: string) => string> = {
  EXCELLENT: (role) => `You are ready for ${role}.`,
  GOOD: (role) => `You are nearly ready for ${role}: close the few gaps below and go.`,
  ADEQUATE: (role) => `For ${role} you have a basis, but the gaps below would come up in a real interview.`,
  NEEDS_IMPROVEMENT: (role) => `You are not ready for ${role} yet: work through the learning path first.`,
};

const readinessZH: Record<ScoreBand, (role: string) => string> = {
  EXCELLENT: (role) => `你已具备胜任${role}的能力。`,
  GOOD: (role) => `你已基本具备胜任${role}的能力，补齐下列少数不足即可。`,
  ADEQUATE: (role) => `对于${role}，你已有一定基础，但下列不足在真实面试中会被追问。`,
  NEEDS_IMPROVEMENT: (role) => `目前距离${role}的要求还有差距，建议先按学习路径补强。`,
};

function bare(point: string): string {
  return point.replace(/[.。;；\s]+$/, "");
}

function short(question: string): string {
  const characters = [...question];
  return characters.length <= 80 ? question : `${characters.slice(0, 79).join("").trimEnd()}…`;
}
