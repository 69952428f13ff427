import type { LearningStep, Summary } from "../../interview/model.ts";
import { type ResumeProfile, readResume } from "../../interview/resume.ts";
import { bandOf, total } from "../../interview/scores.ts";
import { readSkills, type Skill, withIncluded } from "../../interview/skills.ts";
import type { SummaryRequest } from "../../ports/interviewer.ts";
import type { Bank } from "./bank.ts";
import { roleOf } from "./closing.ts";
import { isCovered } from "./coverage.ts";
import { practiceFor } from "./practice.ts";
import { type Assessed, type SummaryTexts, summaryTexts } from "./summaryTexts.ts";

const mostItems = 8;
const strongFrom = 75;
const weakBelow = 60;

/** Summarises an interview from its scores and the key points made and missed, and from nothing else. */
export function summarize(bank: Bank, request: SummaryRequest): Summary {
  const { locale } = request;
  const say = summaryTexts[locale];
  const assessed = assess(bank, request);
  return {
    overallFeedback: overallFeedback(request, assessed, say),
    strengths: strengths(assessed, say),
    improvements: improvements(request, assessed, say),
    knowledgeGaps: knowledgeGaps(assessed, say),
    learningPath: learningPath(request, assessed, say),
    resumeImprovements: request.jobDescription === null ? [] : resumeImprovements(request, request.jobDescription, say),
  };
}

function assess(bank: Bank, { questions, locale }: SummaryRequest): Assessed[] {
  const accepts = new Map(
    bank.entries.flatMap(({ texts }) => texts[locale].keyPoints.map(({ text, accept }) => [text, accept] as const)),
  );
  return questions.map(({ text, category, isFollowUp, answer, score }) => {
    const isMade = (point: string) =>
      answer !== null && isCovered({ text: point, accept: accepts.get(point) ?? [] }, answer);
    return {
      text,
      category,
      isFollowUp,
      answer,
      score,
      total: total(score),
      made: score.keyPoints.filter(isMade),
      missed: score.keyPoints.filter((point) => !isMade(point)),
    };
  });
}

function overallFeedback(request: SummaryRequest, assessed: Assessed[], say: SummaryTexts): string {
  const { overallScore, answeredCount, totalQuestions, categoryScores, locale } = request;
  const role = roleOf(request);
  const answered = assessed.filter(({ answer }) => answer !== null);
  if (answered.length === 0)
    return [say.nothingAnswered(totalQuestions), say.notReady(role)].join(locale === "ZH" ? "" : " ");
  const made = answered.reduce((sum, question) => sum + question.made.length, 0);
  const points = answered.reduce((sum, question) => sum + question.score.keyPoints.length, 0);
  const ranked = categoryScores.toSorted((a, b) => b.score - a.score);
  const best = ranked[0];
  const worst = ranked.at(-1);
  const band = bandOf(overallScore);
  return [
    say.performance(overallScore, band, answeredCount, totalQuestions),
    ...(points > 0 ? [say.depth(made, points)] : []),
    ...(best && worst && best.score > worst.score ? [say.range(best, worst)] : []),
    say.readiness(band, role),
  ].join(locale === "ZH" ? "" : " ");
}

function strengths(assessed: Assessed[], say: SummaryTexts): string[] {
  const strong = assessed.filter(({ answer, total }) => answer !== null && total >= strongFrom);
  const single = strong
    .toSorted((a, b) => b.total - a.total)
    .map(({ category, made, text }) =>
      made.length > 0 ? say.strongPoints(category, made.slice(0, 2)) : say.strongAnswer(category, text),
    );
  const clear = assessed.filter(({ answer }) => answer !== null);
  const clarity = mean(clear.map(({ score }) => score.clarity));
  const partly = assessed
    .filter(({ answer, total, made }) => answer !== null && total >= weakBelow && total < strongFrom && made.length > 0)
    .map(({ category, made }) => say.partlyStrong(category, made[0] ?? ""));
  return distinct([...single, ...(clarity >= 24 ? [say.clear] : []), ...partly]).slice(0, mostItems);
}

function improvements(request: SummaryRequest, assessed: Assessed[], say: SummaryTexts): string[] {
  const open = assessed.filter(({ answer }) => answer === null);
  const unreached = request.totalQuestions - assessed.length;
  const answered = assessed.filter(({ answer }) => answer !== null);
  const lacking = answered
    .filter(({ total, missed }) => total < strongFrom && missed.length > 0)
    .toSorted((a, b) => a.total - b.total)
    .map(({ category, missed }) => say.missing(category, missed.slice(0, 2)));
  const vague = answered.filter(({ total, missed }) => total < weakBelow && missed.length === 0);
  const numberless = answered.filter(
    ({ category, answer }) => category === say.projectCategory && !/\d/.test(answer ?? ""),
  );
  return distinct([
    ...(open.length > 0 ? [say.unanswered(open.length, distinct(open.map(({ category }) => category)))] : []),
    ...(unreached > 0 ? [say.unreached(unreached)] : []),
    ...lacking.slice(0, 5),
    ...vague.map(({ category, text }) => say.vague(category, text)),
    ...(numberless.length > 0 ? [say.giveNumbers] : []),
    ...(answered.length > 0 && mean(answered.map(({ score }) => score.clarity)) < 15 ? [say.structure] : []),
  ]).slice(0, mostItems);
}

function knowledgeGaps(assessed: Assessed[], say: SummaryTexts): string[] {
  const weak = assessed.filter(({ total }) => total < weakBelow).toSorted((a, b) => a.total - b.total);
  const points = (rank: number) =>
    weak.flatMap(({ category, missed }) => missed.slice(rank, rank + 1).map((point) => say.gap(category, point)));
  return distinct([...points(0), ...points(1)]).slice(0, mostItems);
}

function learningPath(
  { categoryScores, locale }: SummaryRequest,
  assessed: Assessed[],
  say: SummaryTexts,
): LearningStep[] {
  return categoryScores
    .filter(({ score }) => score < strongFrom)
    .toSorted((a, b) => a.score - b.score)
    .slice(0, mostItems)
    .map(({ category }) => {
      const missed = assessed
        .filter((question) => question.category === category)
        .flatMap((question) => question.missed);
      const practice = practiceFor(category, locale);
      return { topic: category, advice: say.advice(distinct(missed).slice(0, 2), practice) };
    });
}

function resumeImprovements(request: SummaryRequest, jobDescription: string, say: SummaryTexts): string[] {
  const profile = readResume(request.resumeText);
  const wanted = readSkills(`${request.jobTitle ?? ""}\n${jobDescription}`);
  const shown = withIncluded(profile.skills);
  const absent = wanted.filter(({ name }) => !shown.has(name));
  const common = wanted.filter(({ name }) => shown.has(name));
  return [
    ...(absent.length > 0 ? [say.addSkills(spelt(absent))] : []),
    ...(common.length > 0 ? [say.leadWith(spelt(common))] : []),
    ...generalImprovements(request.resumeText, profile, say),
    ...(absent.length === 0 && common.length === 0 ? [say.useTheirWords] : []),
  ].slice(0, mostItems);
}

function generalImprovements(resumeText: string, profile: ResumeProfile, say: SummaryTexts): string[] {
  const bare = profile.projects.filter(({ technologies }) => technologies.length === 0).map(({ name }) => name);
  return [
    ...(hasResults(resumeText) ? [] : [say.addNumbers]),
    ...(profile.projects.length === 0 ? [say.addProjects] : []),
    ...(bare.length > 0 ? [say.nameTechnologies(bare.slice(0, 3))] : []),
    ...(profile.years === null ? [say.stateYears] : []),
  ];
}

/** Numbers with units: dates and version numbers are not results. */
function hasResults(text: string): boolean {
  return /\d\s?(?:%|percent|ms\b|s\b|x\b|k\b|million|users|requests|times|万|亿|倍|毫秒|秒|人|次|\+)/i.test(text);
}

function spelt(skills: Skill[]): string[] {
  return skills.slice(0, 6).map(({ written }) => written);
}

function mean(values: number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function distinct(values: string[]): string[] {
  return [...new Set(values)];
}
