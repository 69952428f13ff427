import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import {
  type KeyPoint,
  type Level,
  type Locale,
  levels,
  type QuestionType,
  questionTypes,
  type Reference,
  type Sayings,
} from "../../interview/model.ts";
import { rightSayings } from "../../interview/scoring/misconceptions.ts";
import { areNearDuplicates, containment, type Fingerprint, fingerprint } from "../../interview/similarity.ts";
import { sum } from "../../interview/sum.ts";

/** The built-in questions of all types and levels, in English and Chinese. */
export interface Bank {
  readonly entries: readonly BankEntry[];
}

export interface BankEntry {
  id: string;
  type: QuestionType;
  level: Level;
  /** The skills which, shown in a résumé, make the question apt. */
  tags: string[];
  texts: Record<Locale, BankText>;
}

export interface BankText extends Sayings {
  /** May hold the blanks {project} and {technology}, and [words] that are left out where the blank in them is missing. */
  question: string;
  answer: string;
  keyPoints: (BankPoint & { followUp: FollowUpText })[];
  /** Of the question without its blanks and the words that may be left out. */
  print: Fingerprint;
}

/** A question about a point that an answer left out. */
export interface FollowUpText extends Sayings {
  question: string;
  answer: string;
  keyPoints: BankPoint[];
}

type BankPoint = Pick<KeyPoint, "text" | "accept">;

/** A question and what follows it up. */
export function askedIn(text: BankText): (BankText | FollowUpText)[] {
  return [text, ...text.keyPoints.map(({ followUp }) => followUp)];
}

/** What people say to a question beside its reference. */
export function saidTo(sayings: Sayings): string[] {
  return [...rightSayings(sayings), ...sayings.misconceptions];
}

/** What an answer is graded by. */
export function referenceOf({ answer, keyPoints }: { answer: string; keyPoints: BankPoint[] }): Reference {
  return { answer, keyPoints: keyPoints.map(({ text, accept }) => ({ text, accept, followUp: null })) };
}

/** Reads and checks the files beside this one, a file a type. Throws an Error that names the file at fault. */
export function loadBank(folder = join(import.meta.dirname, "bank")): Bank {
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  const entries = files.sort().flatMap((file) => readBankFile(folder, file));
  const ids = new Set<string>();
  for (const { id } of entries) {
    if (ids.has(id)) throw new Error(`The question bank has two entries with the id ${id}`);
    ids.add(id);
  }
  return { entries };
}

const wording = z.string().trim().min(1);
const pointSchema = z.object({ text: wording, accept: z.array(wording).min(1) });
/** What a question has, and what follows it up. */
const askedSchema = z.object({
  question: wording,
  answer: wording,
  plainAnswers: z.array(wording).min(1),
  expertAnswers: z.array(wording).default([]),
  facts: z.array(wording).default([]),
});
const followUpSchema = askedSchema.extend({
  misconceptions: z.array(wording).min(2),
  keyPoints: z.array(pointSchema).min(1),
});
const textSchema = askedSchema.extend({
  misconceptions: z.array(wording).min(5),
  keyPoints: z
    .array(pointSchema.extend({ followUp: followUpSchema }))
    .min(3)
    .max(6),
});
const fileSchema = z.array(
  z.object({
    id: z.string().regex(/^[a-z0-9-]+$/),
    level: z.enum(levels),
    tags: z.array(z.string().trim().toLowerCase().min(1)).min(1),
    EN: textSchema,
    ZH: textSchema,
  }),
);

function readBankFile(folder: string, file: string): BankEntry[] {
  const type = questionTypes.find((type) => `${type.toLowerCase().replaceAll("_", "-")}.json` === file);
  if (!type) throw new Error(`The question bank's file ${file} is not named by a question type`);
  const parsed = fileSchema.safeParse(parseJson(readFileSync(join(folder, file), "utf8"), file));
  if (!parsed.success) throw new Error(`The question bank's file ${file}: ${z.prettifyError(parsed.error)}`);
  const textOf = (text: z.infer<typeof textSchema>): BankText => printed(text, openTypes.includes(type));
  return parsed.data.map(({ EN, ZH, ...entry }) => ({ ...entry, type, texts: { EN: textOf(EN), ZH: textOf(ZH) } }));
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`The question bank's file ${file} is not JSON`, { cause });
  }
}

/** Their questions are about one's own work. */
const openTypes: QuestionType[] = ["PROJECT", "BEHAVIORAL", "GENERAL"];

function printed(text: z.infer<typeof textSchema>, isOpen: boolean): BankText {
  const print = fingerprint(text.question.replaceAll(dispensable, " ").replaceAll(blank, " "));
  const keyPoints = text.keyPoints.map((point) => ({ ...point, followUp: { ...point.followUp, isOpen } }));
  return { ...text, keyPoints, isOpen, print };
}

/** What the next question should be like. */
export interface Wish {
  type: QuestionType;
  level: Level;
  locale: Locale;
  /** How much each skill speaks for a question about it: 0 not at all, 1 a little, 2 most. */
  skills: ReadonlyMap<string, number>;
  /** Tags that draw a question nearer (above 0) or push it away (below 0). */
  pull: ReadonlyMap<string, number>;
  /** Filled texts that must not come back, also not reworded. */
  exclude: readonly string[];
  blanks: Blanks;
  seed: string;
}

/** What PROJECT questions are about. */
export interface Blanks {
  project: string | null;
  technology: string | null;
}

/**
 * The entry that suits the wish best: of its type and near its level if there is one left, else of another level,
 * else of a neighbouring type. Only a bank that is used up repeats itself.
 */
export function chooseEntry(bank: Bank, wish: Wish): BankEntry {
  const known = wish.exclude.map(fingerprint);
  const typeRank = rankTypes(wish.type);
  const cost = (entry: BankEntry) =>
    1000 * (typeRank.get(entry.type) ?? typeRank.size) +
    2 * levelDistance(entry.level, wish.level) +
    1.5 * (2 - Math.min(2, best(entry.tags.map((tag) => wish.skills.get(tag) ?? 0)))) +
    (usesMissingBlank(entry.texts[wish.locale].question, wish.blanks) ? 4 : 0) -
    sum(entry.tags.map((tag) => wish.pull.get(tag) ?? 0)) +
    fraction(`${wish.seed}/${entry.id}`);
  const byCost = bank.entries.map((entry) => ({ entry, cost: cost(entry) })).sort((a, b) => a.cost - b.cost);
  const choice = byCost.find(({ entry }) => !isKnown(entry.texts[wish.locale], known)) ?? byCost[0];
  if (!choice) throw new Error("The question bank is empty");
  return choice.entry;
}

const blank = /\{(project|technology)\}/g;
const dispensable = /\[([^[\]{}]*\{(project|technology)\}[^[\]{}]*)\]/g;

const fallbackBlanks: Record<Locale, Record<keyof Blanks, string>> = {
  EN: { project: "your most recent project", technology: "its main technology" },
  ZH: { project: "你最近的项目", technology: "其中的核心技术" },
};

/** The text with its blanks filled; where a name is missing, without what is said of it or with words that do without. */
export function fillBlanks(text: string, blanks: Blanks, locale: Locale): string {
  return text
    .replaceAll(dispensable, (_, words: string, name: keyof Blanks) => (blanks[name] === null ? "" : words))
    .replaceAll(blank, (_, name: keyof Blanks) => blanks[name] ?? fallbackBlanks[locale][name])
    .replace(/^[a-z]/, (first) => first.toUpperCase());
}

/** Finds what the bank has about a question that was asked in an interview. */
export interface QuestionIndex {
  /** The entry that the question was made from; null if it was not made from this bank, or is a follow-up. */
  entryOf(question: string, locale: Locale): BankEntry | null;
  /** The follow-up of that text. */
  followUpOf(question: string): FollowUpText | null;
  /** What people say to the question or the follow-up. */
  sayingsOn(question: string, locale: Locale): Sayings | null;
}

/** By the exact text first, as nearly all questions are asked; only with its blanks filled a question is another text. */
export function indexQuestions({ entries }: Bank): QuestionIndex {
  const questions = new Map<string, BankEntry>();
  const followUps = new Map<string, FollowUpText>();
  for (const entry of entries) {
    for (const { question, keyPoints } of Object.values(entry.texts)) {
      questions.set(question, entry);
      for (const { followUp } of keyPoints) followUps.set(followUp.question, followUp);
    }
  }
  const entryOf = (question: string, locale: Locale): BankEntry | null => {
    const exact = questions.get(question);
    if (exact) return exact;
    const known = [fingerprint(question)];
    return entries.find((entry) => isKnown(entry.texts[locale], known)) ?? null;
  };
  const followUpOf = (question: string): FollowUpText | null => followUps.get(question) ?? null;
  return {
    entryOf,
    followUpOf,
    sayingsOn: (question, locale) => followUpOf(question) ?? entryOf(question, locale)?.texts[locale] ?? null,
  };
}

/** A question with blanks is told by its own words, whichever project it was filled with. */
function isKnown({ question, print }: BankText, known: readonly Fingerprint[]): boolean {
  const hasBlanks = question.includes("{");
  return known.some((other) => areNearDuplicates(print, other) || (hasBlanks && containment(print, other) >= 0.9));
}

function usesMissingBlank(question: string, blanks: Blanks): boolean {
  return [...question.replaceAll(dispensable, "").matchAll(blank)].some(
    ([, name]) => blanks[name as keyof Blanks] === null,
  );
}

/** Where to look when a type is used up. */
const neighbours: Record<QuestionType, QuestionType[]> = {
  PROJECT: ["BEHAVIORAL", "GENERAL"],
  JAVA_BASIC: ["JAVA_COLLECTION", "JAVA_CONCURRENT", "SPRING"],
  JAVA_COLLECTION: ["JAVA_BASIC", "JAVA_CONCURRENT", "SPRING"],
  JAVA_CONCURRENT: ["JAVA_BASIC", "JAVA_COLLECTION", "OPERATING_SYSTEMS"],
  MYSQL: ["DATABASE", "REDIS"],
  REDIS: ["DATABASE", "MYSQL", "DISTRIBUTED_SYSTEMS"],
  SPRING: ["SPRING_BOOT", "JAVA_BASIC", "BACKEND"],
  SPRING_BOOT: ["SPRING", "JAVA_BASIC", "BACKEND"],
  FRONTEND: ["NETWORKING", "TESTING"],
  BACKEND: ["SYSTEM_DESIGN", "DISTRIBUTED_SYSTEMS", "NETWORKING"],
  DATABASE: ["MYSQL", "REDIS", "BACKEND"],
  DISTRIBUTED_SYSTEMS: ["SYSTEM_DESIGN", "BACKEND", "NETWORKING"],
  SYSTEM_DESIGN: ["DISTRIBUTED_SYSTEMS", "BACKEND"],
  ALGORITHMS: ["GENERAL", "SYSTEM_DESIGN"],
  NETWORKING: ["OPERATING_SYSTEMS", "BACKEND"],
  OPERATING_SYSTEMS: ["NETWORKING", "ALGORITHMS"],
  DEVOPS: ["OPERATING_SYSTEMS", "NETWORKING", "TESTING"],
  TESTING: ["GENERAL", "DEVOPS"],
  MACHINE_LEARNING: ["ALGORITHMS", "DATABASE"],
  BEHAVIORAL: ["GENERAL", "PROJECT"],
  GENERAL: ["BEHAVIORAL", "PROJECT"],
};

/** Java comes last, so that nobody who never wrote it is asked about it before all else is used up. */
function rankTypes(type: QuestionType): Map<QuestionType, number> {
  const java: QuestionType[] = ["JAVA_BASIC", "JAVA_COLLECTION", "JAVA_CONCURRENT", "SPRING", "SPRING_BOOT"];
  const others = questionTypes.filter((other) => !java.includes(other));
  const order = new Set<QuestionType>([type, ...neighbours[type], "GENERAL", "BEHAVIORAL", ...others, ...java]);
  return new Map([...order].map((ranked, rank) => [ranked, rank]));
}

function levelDistance(a: Level, b: Level): number {
  return Math.abs(levels.indexOf(a) - levels.indexOf(b));
}

function best(values: number[]): number {
  return Math.max(0, ...values);
}

/** FNV-1a with a final mix: evenly spread over [0, 1), the same on every machine. */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
