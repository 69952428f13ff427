import { allocateQuestions } from "../../interview/allocation.ts";
import { categoryLabel } from "../../interview/categories.ts";
import {
  type Level,
  type Locale,
  levels,
  type QuestionDraft,
  type QuestionSource,
  type QuestionType,
} from "../../interview/model.ts";
import { type ResumeProfile, readResume } from "../../interview/resume.ts";
import { total } from "../../interview/scores.ts";
import { isDontKnow } from "../../interview/scoring/dontKnow.ts";
import { isTool, readSkills } from "../../interview/skills.ts";
import type { Call, Candidate, Interviewer, NextQuestionRequest } from "../../ports/interviewer.ts";
import {
  type Bank,
  type BankEntry,
  type Blanks,
  chooseEntry,
  fillBlanks,
  indexQuestions,
  type QuestionIndex,
  referenceOf,
  type Wish,
} from "./bank.ts";
import { closingQuestion } from "./closing.ts";
import { nextFollowUp } from "./followUp.ts";
import { summarize } from "./summary.ts";
import type { Scorer } from "./threadedScorer.ts";

/**
 * An interviewer without a model: asks from the bank, scores by key points. The same request gives the same reply. The
 * source of its questions is FALLBACK when it stands in for a model.
 */
export function createBuiltInInterviewer({
  bank,
  score,
  source = "BANK",
}: {
  bank: Bank;
  score: Scorer;
  source?: Extract<QuestionSource, "BANK" | "FALLBACK">;
}): Interviewer {
  const index = indexQuestions(bank);
  return {
    name: "built-in",

    async *planQuestions(request, call) {
      const profile = readResume(request.resumeText);
      const skills = wantedSkills(profile, request);
      const exclude = [...request.exclude];
      const pull = new Map<string, number>();
      for (const type of request.slots) {
        call.signal.throwIfAborted();
        const blanks = blanksFor(profile, exclude);
        const { locale, level, seed } = request;
        const entry = chooseEntry(bank, { type, level, locale, skills, pull, exclude, blanks, seed });
        const draft = draftFrom(entry, blanks, locale, source);
        for (const tag of entry.tags) pull.set(tag, (pull.get(tag) ?? 0) - repeatedTopic);
        exclude.push(draft.text);
        yield draft;
      }
    },

    async followUp(request, call) {
      call.signal.throwIfAborted();
      const followUp = nextFollowUp(request, index);
      if (!followUp) return null;
      const { type, category } = request.main;
      return streamed({ ...followUp, type, category, level: request.level, source }, call);
    },

    async nextQuestion(request, call) {
      call.signal.throwIfAborted();
      return streamed(await adaptiveQuestion(bank, index, score, request, source, call.signal), call);
    },

    async scoreAnswers({ answers, locale }, call) {
      const scores = new Map();
      for (const answer of answers) {
        const found = await score(answer, locale, call.signal);
        scores.set(answer.questionId, found);
        call.onScore?.(answer.questionId, found);
      }
      return scores;
    },

    async summarize(request, call) {
      call.signal.throwIfAborted();
      return summarize(bank, request);
    },
  };
}

/** How much an earlier question with the same tag repels another one. */
const repeatedTopic = 0.75;

function draftFrom(entry: BankEntry, blanks: Blanks, locale: Locale, source: QuestionSource): QuestionDraft {
  const { question, answer, keyPoints } = entry.texts[locale];
  const fill = (text: string) => fillBlanks(text, blanks, locale);
  return {
    text: fill(question),
    type: entry.type,
    category: categoryLabel(entry.type, locale),
    level: entry.level,
    source,
    reference: {
      answer: fill(answer),
      keyPoints: keyPoints.map((point) => ({ ...point, text: fill(point.text), followUp: point.followUp.question })),
    },
  };
}

/** The job's skills count most, then the résumé's. */
function wantedSkills(profile: ResumeProfile, { jobTitle, jobDescription }: Candidate): Map<string, number> {
  const job = readSkills(`${jobTitle ?? ""}\n${jobDescription ?? ""}`);
  const wanted = new Map(profile.skills.map(({ name }) => [name, job.length > 0 ? 1.5 : 2]));
  for (const { name } of job) wanted.set(name, 2);
  return wanted;
}

/**
 * The least-asked project, and its least-asked technology, so that the next session of a résumé begins with another
 * one.
 */
function blanksFor({ projects, skills }: ResumeProfile, asked: readonly string[]): Blanks {
  const written = new Map(skills.map((skill) => [skill.name, skill.written]));
  const project = leastNamed(projects, ({ name }) => name, asked);
  const known = (project?.technologies ?? skills.map(({ name }) => name)).filter(isTool);
  const about = project ? asked.filter((text) => text.includes(project.name)) : asked;
  const technology = leastNamed(
    known.map((name) => written.get(name) ?? name),
    (name) => name,
    about,
  );
  return { project: project?.name ?? null, technology: technology ?? null };
}

/** The item that the fewest texts mention; of several the first. */
function leastNamed<T>(items: readonly T[], nameOf: (item: T) => string, texts: readonly string[]): T | undefined {
  const counts = items.map((item) => texts.filter((text) => text.includes(nameOf(item))).length);
  return items[counts.indexOf(Math.min(...counts))];
}

/** Streams a question in pieces, without splitting characters. */
function streamed(draft: QuestionDraft, call: Call): QuestionDraft {
  const characters = [...draft.text];
  for (let offset = 0; call.onText && offset < characters.length; offset += pieceLength) {
    call.onText(offset, characters.slice(offset, offset + pieceLength).join(""));
  }
  return draft;
}

const pieceLength = 24;

async function adaptiveQuestion(
  bank: Bank,
  index: QuestionIndex,
  score: Scorer,
  request: NextQuestionRequest,
  source: QuestionSource,
  signal: AbortSignal,
): Promise<QuestionDraft> {
  const { locale, exchanges, remaining, seed } = request;
  const exclude = [...request.exclude, ...exchanges.map(({ question }) => question)];
  if (remaining <= 1) {
    const closing = closingQuestion(request, exclude, source);
    if (closing) return closing;
  }
  const profile = readResume(request.resumeText);
  const blanks = blanksFor(profile, exclude);
  const wish = { locale, skills: wantedSkills(profile, request), exclude, blanks, seed };
  const entry = chooseEntry(bank, { ...wish, ...(await directionAfter(index, score, request, profile, signal)) });
  return draftFrom(entry, blanks, locale, source);
}

type Direction = Pick<Wish, "type" | "level" | "pull">;

/** Goes deeper after a good answer, at most twice in a row; otherwise changes the topic. */
async function directionAfter(
  index: QuestionIndex,
  score: Scorer,
  request: NextQuestionRequest,
  profile: ResumeProfile,
  signal: AbortSignal,
): Promise<Direction> {
  const { exchanges, level, locale, remaining } = request;
  if (remaining <= 1) return { type: "BEHAVIORAL", level, pull: new Map() };
  const last = exchanges.at(-1);
  const entry = last ? index.entryOf(last.question, locale) : null;
  const asked = exchanges.map(({ type }) => type);
  if (last && asked.at(-2) !== last.type && (await isStrong(entry, last, request, score, signal))) {
    const pull = new Map(entry?.tags.map((tag) => [tag, sameTopic]));
    return { type: last.type, level: oneHarder(entry?.level ?? level), pull };
  }
  const pull = new Map(entry?.tags.map((tag) => [tag, -sameTopic]));
  return { type: freshType(request, profile, asked), level, pull };
}

const sameTopic = 1.5;
const strongFrom = 70;

async function isStrong(
  entry: BankEntry | null,
  { question, type, answer }: NextQuestionRequest["exchanges"][number],
  { level, locale }: NextQuestionRequest,
  score: Scorer,
  signal: AbortSignal,
): Promise<boolean> {
  if (isDontKnow(answer)) return false;
  if (!entry) return answer.length >= (locale === "ZH" ? 150 : 500);
  const category = categoryLabel(type, locale);
  const reference = referenceOf(entry.texts[locale]);
  const toScore = { questionId: entry.id, question, type, category, level, reference, answer };
  // Urgent: the next question waits for it.
  return total(await score(toScore, locale, signal, true)) >= strongFrom;
}

function oneHarder(level: Level): Level {
  return levels[Math.min(levels.indexOf(level) + 1, levels.length - 1)] ?? level;
}

/** The first type in a plan for this job that has not been asked yet. */
function freshType(request: NextQuestionRequest, profile: ResumeProfile, asked: QuestionType[]): QuestionType {
  const plan = allocateQuestions(forJob(profile, request), asked.length + request.remaining);
  const left = [...plan];
  // One behavioural question is reserved for the end.
  for (const type of [...asked, "BEHAVIORAL" as const]) {
    const at = left.indexOf(type);
    if (at >= 0) left.splice(at, 1);
  }
  const others = left.filter((type) => type !== asked.at(-1));
  return (
    others.find((type) => !asked.includes(type)) ?? others[0] ?? plan.find((type) => type !== asked.at(-1)) ?? "GENERAL"
  );
}

/** Adapts the profile to the job: the job's track, if it has one, and its skills besides the résumé's. */
function forJob(profile: ResumeProfile, { jobTitle, jobDescription }: Candidate): ResumeProfile {
  const job = readResume(`${jobTitle ?? ""}\n${jobDescription ?? ""}`);
  return {
    ...profile,
    track: job.track === "GENERAL" ? profile.track : job.track,
    skills: [...job.skills, ...profile.skills],
  };
}
