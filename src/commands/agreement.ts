/**
 * `npm run agreement -- FILE.jsonl` scores answers that people have graded with the configured scorer, and prints how well the
 * two agree as a JSON object on the last line. Each line of the file is {"question","referenceAnswer","answer","score"}: the
 * score is from 0 to 100; "keyPoints", a list, is optional.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { readConfig } from "../config.ts";
import type { Locale } from "../interview/model.ts";
import { total } from "../interview/scores.ts";
import { agreementOf } from "../interview/scoring/agreement.ts";
import { chainOf, openInterviewers } from "../interviewers.ts";
import type { Interviewer } from "../ports/interviewer.ts";

const lineSchema = z.object({
  question: z.string().min(1),
  referenceAnswer: z.string(),
  answer: z.string(),
  score: z.number().min(0).max(100),
  keyPoints: z.array(z.string()).optional(),
});
type Line = z.infer<typeof lineSchema>;

async function main(file: string | undefined): Promise<void> {
  if (!file) throw new Error("FILE is missing: npm run agreement -- FILE.jsonl");
  const lines = readLines(file);
  const config = readConfig(process.env);
  const { interviewer, hasModel, close } = await openInterviewers(config, chainOf(config), () => {}, null);
  try {
    console.log(`${lines.length} graded answers, scored one by one by the ${interviewer.name} interviewer`);
    const scores = await inOrder(lines, hasModel ? config.llmConcurrency : 1, (line) => scoreOf(interviewer, line));
    const figures = agreementOf(
      scores,
      lines.map((line) => line.score),
    );
    console.log(JSON.stringify({ n: lines.length, ...figures, scores }));
  } finally {
    close();
  }
}

function readLines(file: string): Line[] {
  // Some editors begin a file with a byte order mark.
  const lines = readFileSync(file, "utf8")
    .replace(/^\uFEFF/, "")
    .split("\n");
  return lines.flatMap((text, index) => {
    if (text.trim() === "") return [];
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new Error(`${file} line ${index + 1} is not JSON`);
    }
    const parsed = lineSchema.safeParse(value);
    if (parsed.success) return [parsed.data];
    const [issue] = parsed.error.issues;
    throw new Error(`${file} line ${index + 1}: ${issue?.path.join(".") || "the line"}: ${issue?.message}`);
  });
}

async function scoreOf(interviewer: Interviewer, line: Line): Promise<number> {
  const locale: Locale = /\p{Script=Han}/u.test(line.question + line.referenceAnswer + line.answer) ? "ZH" : "EN";
  if (line.answer.trim() === "") return 0;
  const answer = {
    questionId: "00000000-0000-4000-8000-000000000000",
    question: line.question,
    type: "GENERAL" as const,
    category: "General",
    level: "MID" as const,
    reference: {
      answer: line.referenceAnswer,
      keyPoints: (line.keyPoints ?? []).map((text) => ({ text, accept: [], followUp: null })),
    },
    answer: line.answer,
  };
  const scores = await interviewer.scoreAnswers(
    { locale, jobTitle: null, answers: [answer] },
    { signal: AbortSignal.timeout(300_000) },
  );
  const score = scores.get(answer.questionId);
  if (!score) throw new Error(`No score was given for "${line.answer.slice(0, 60)}"`);
  return total(score);
}

/** Works on at most `atOnce` items at the same time; the results are in the order of the items. */
async function inOrder<T, R>(items: T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  async function worker(): Promise<void> {
    while (next < items.length) {
      const at = next++;
      results[at] = await work(items[at]!);
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}

main(process.argv[2]).catch((error) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
