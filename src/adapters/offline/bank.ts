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
  /** Skills that make the question suitable for a résumé. */
  tags: string[];
  texts: Record<Locale, BankText>;
}

export interface BankText extends Sayings {
  /** May contain the blanks {project} and {technology}, and [text] that is omitted if the blank in it has no value. */
  question: string;
  answer: string;
  keyPoints: (BankPoint & { followUp: FollowUpText })[];
  /** Fingerprint of the question without its blanks and optional text. */
  print: Fingerprint;
}

/** A question about a point that an answer left out. */
export interface FollowUpText extends Sayings {
  question: string;
  answer: string;
  keyPoints: BankPoint[];
}

type BankPoint = Pick<KeyPoint, "text" | "accept">;

/** A question and its follow-ups. */
export function askedIn(text: BankText): (BankText | FollowUpText)[] {
  return [text, ...text.keyPoints.map(({ followUp }) => followUp)];
}

/** Everything people answer besides the reference. */
export function saidTo(sayings: Sayings): string[] {
  return [...rightSayings(sayings), ...sayings.misconceptions];
}

/** The reference that an answer is graded against. */
export function referenceOf({ answer, keyPoints }: { answer: string; keyPoints: BankPoint[] }): Reference {
  return { answer, keyPoints: keyPoints.map(({ text, accept }) => ({ text, accept, followUp: null })) };
}

/** Reads and validates the bank's files, one per type. Throws an Error that names a faulty file. */
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
/** The fields that questions and follow-ups share. */
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

/** Types whose questions are about one's own work. */
const openTypes: QuestionType[] = ["PROJECT", "BEHAVIORAL", "GENERAL"];

function printed(text: z.infer<typeof textSchema>, isOpen: boolean): BankText {
  const print = fingerprint(text.question.replaceAll(dispensable, " ").replaceAll(blank, " "));
  const keyPoints = text.keyPoints.map((point) => ({ ...point, followUp: { ...point.followUp, isOpen } }));
  return { ...text, keyPoints, isOpen, print };
}

/** The desired properties of the next question. */
export interface Wish {
  type: QuestionType;
  level: Level;
  locale: Locale;
  /** The weight of each skill: 0 none, 1 low, 2 high. */
  skills: ReadonlyMap<string, number>;
  /** Tags that attract (above 0) or repel (below 0). */
  pull: ReadonlyMap<string, number>;
  /** Texts, with their blanks filled, that must not be repeated, not even reworded. */
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
 * The best entry: of the desired type and close to its level; if none is left of another level, then of a related type.
 * Only an exhausted bank repeats itself.
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

const kindOfProject =
  /\s(?:systems?|platform|app|application|site|website|service|tool|portal|dashboard|engine|pipeline|library|framework|api|gateway|server|client|backend|frontend|chatbot|plugin|extension|marketplace|project|redesign|rewrite|migration|integration|module)$/i;

/** A project that is named after its kind takes an article: "the Leave management system", but "OrderHub". */
function spokenProject(name: string, locale: Locale): string {
  return locale === "EN" && kindOfProject.test(name) && !/^the |^\S+['’]s /i.test(name) ? `the ${name}` : name;
}

/** Fills the blanks; without a value, omits the optional text or uses a generic word. */
export function fillBlanks(text: string, { project, technology }: Blanks, locale: Locale): string {
  const blanks: Blanks = { project: project && spokenProject(project, locale), technology };
  return text
    .replaceAll(dispensable, (_, words: string, name: keyof Blanks) => (blanks[name] === null ? "" : words))
    .replaceAll(blank, (_, name: keyof Blanks) => blanks[name] ?? fallbackBlanks[locale][name])
    .replace(/^[a-z]/, (first) => first.toUpperCase());
}

/** Finds the bank's entry for a question from an interview. */
export interface QuestionIndex {
  /** The entry that the question was made from; null if it is from elsewhere or a follow-up. */
  entryOf(question: string, locale: Locale): BankEntry | null;
  /** The follow-up with that text. */
  followUpOf(question: string): FollowUpText | null;
  /** What people answer to the question or follow-up. */
  sayingsOn(question: string, locale: Locale): Sayings | null;
}

/** Looks up the exact text first, which finds nearly all; only questions with blanks have other texts. */
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

/** Recognises a question with blanks by its own words, whatever fills the blanks. */
function isKnown({ question, print }: BankText, known: readonly Fingerprint[]): boolean {
  const hasBlanks = question.includes("{");
  return known.some((other) => areNearDuplicates(print, other) || (hasBlanks && containment(print, other) >= 0.9));
}

function usesMissingBlank(question: string, blanks: Blanks): boolean {
  return [...question.replaceAll(dispensable, "").matchAll(blank)].some(
    ([, name]) => blanks[name as keyof Blanks] === null,
  );
}

/** Related types, for when a type is exhausted. */
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

/** Java comes last: nobody who never used it is asked about it before everything else is exhausted. */
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

/** FNV-1a with a final mix: uniform over [0, 1) and the same on every machine. */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
