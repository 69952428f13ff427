import type { z } from "zod";
import { categoryLabel } from "../../interview/categories.ts";
import type { AnswerScore, KeyPoint, Locale, QuestionDraft, Summary } from "../../interview/model.ts";
import {
  createEchoCheck,
  type EchoCheck,
  type Instructions,
  prepareInstructions,
} from "../../interview/prompts/echo.ts";
import { followUpPrompt, followUpReply } from "../../interview/prompts/followUp.ts";
import { nextQuestionPrompt, nextQuestionReply } from "../../interview/prompts/nextQuestion.ts";
import { type PlannedQuestion, plannedQuestion, planPrompt } from "../../interview/prompts/planQuestions.ts";
import { isNoQuestion, isWrittenIn, type Prompt } from "../../interview/prompts/prompt.ts";
import { replySchema, withoutExtras } from "../../interview/prompts/replySchema.ts";
import { answerIds, answerScoreReply, scorePrompt } from "../../interview/prompts/scoreAnswers.ts";
import { summaryPrompt, summaryReply } from "../../interview/prompts/summarize.ts";
import { dontKnowScore } from "../../interview/scores.ts";
import { isDontKnow } from "../../interview/scoring/dontKnow.ts";
import { areNearDuplicates, type Fingerprint, fingerprint } from "../../interview/similarity.ts";
import { visibleText } from "../../interview/textBlocks.ts";
import {
  type Call,
  type FollowUpRequest,
  type Interviewer,
  InterviewerUnavailable,
  type PlanRequest,
  type ScoreRequest,
} from "../../ports/interviewer.ts";
import type { SharedPauses } from "../../ports/pauses.ts";
import { type CallRecord, type ChainProvider, createChain, type Manner, type ModelLimits, type Task } from "./chain.ts";
import { BadReply } from "./failures.ts";
import { createHandOver } from "./handOver.ts";
import { createItemReader, createPlaceReader, faultsOf } from "./items.ts";
import { createJsonScanner, findJson, withoutThoughts } from "./json.ts";

export interface ModelInterviewerOptions {
  /** In the order in which they are tried; at least one. */
  providers: ChainProvider[];
  limits?: Partial<ModelLimits>;
  onCall?(record: CallRecord): void;
  /** Shared pauses, if other nodes call the same providers. */
  pauses?: SharedPauses | null;
  /** The clock for pauses, in milliseconds. */
  now?(): number;
}

export interface ModelInterviewer extends Interviewer {
  /** Closes idle connections. */
  close(): void;
}

const usualLimits: ModelLimits = {
  concurrency: 16,
  connectMs: 5_000,
  firstTokenMs: 30_000,
  unstreamedTokenMs: 5,
  idleMs: 15_000,
  totalMs: 120_000,
  tries: 4,
  backOffMs: 500,
  backOffMaxMs: 8_000,
  retryAfterMaxMs: 30_000,
  takeOverMs: 1_500,
  fullAgainMs: 600_000,
  breakerFailures: 5,
  breakerOpenMs: 5_000,
  patienceMs: 10_000,
};

/** An interviewer that uses language models through any Chat Completions endpoint. */
export function createModelInterviewer(options: ModelInterviewerOptions): ModelInterviewer {
  const { providers, limits, onCall = () => {}, pauses = null, now = () => performance.now() } = options;
  const chain = createChain(providers, { ...usualLimits, ...limits }, onCall, pauses, now);
  const rules = new Map<string, Instructions>();
  const schemas = new WeakMap<z.ZodType, Instructions>();

  /** Cached: there are few instructions, and schemas are mostly the same. */
  function echoOf({ system, schema, closing }: Prompt, nonce: string): EchoChecks {
    const rule = rules.get(system) ?? prepareInstructions(system);
    rules.set(system, rule);
    const form = schemas.get(schema) ?? prepareInstructions(JSON.stringify(replySchema(schema)));
    schemas.set(schema, form);
    return {
      whole: createEchoCheck([rule]),
      texts: createEchoCheck([rule, form, prepareInstructions(closing)], nonce),
    };
  }

  return {
    name: providers.map(({ name }) => name).join(" → "),
    close: () => chain.close(),

    async *planQuestions(request, call) {
      const stopped = new AbortController();
      const signal = AbortSignal.any([call.signal, stopped.signal]);
      const drafts = createHandOver<QuestionDraft>();
      const { task, rest } = planTask(request, echoOf, drafts.push);
      const work = chain.run(task, { ...call, signal });
      work.then(drafts.end, (error) => {
        // The questions before them will not come any more: those that exist are delivered anyway.
        if (error instanceof InterviewerUnavailable) rest().forEach(drafts.push);
        drafts.fail(error);
      });
      try {
        yield* drafts.items();
      } finally {
        stopped.abort();
        await work.catch(() => {});
      }
    },

    async followUp(request, call) {
      const answer = request.exchanges.at(-1)?.answer ?? "";
      call.signal.throwIfAborted();
      if (isDontKnow(answer)) return null;
      const { type, category } = request.main;
      const known = [request.main.text, ...request.exclude, ...request.exchanges.map(({ question }) => question)];
      return single(chain.run, request, call, (nonce) => {
        const prompt = followUpPrompt(request, nonce);
        const echo = echoOf(prompt, nonce);
        const accept = (reply: z.infer<typeof followUpReply>): QuestionDraft | null => {
          const { question, referenceAnswer, keyPoints } = reply;
          if (!question || isNoQuestion(question)) return null;
          if (!referenceAnswer?.trim()) throw new BadReply("referenceAnswer: is missing.");
          refuseForeign(question, request.locale);
          refuseRepeat(question, known.map(fingerprint));
          const points = keyPoints.length > 0 ? keyPoints : sentencesOf(referenceAnswer);
          const draft = draftOf({ question, referenceAnswer, keyPoints: points });
          return { ...draft, type, category, level: request.level };
        };
        return { prompt, echo, schema: followUpReply, accept };
      });
    },

    async nextQuestion(request, call) {
      const known = [...request.exclude, ...request.exchanges.map(({ question }) => question)];
      return single(chain.run, request, call, (nonce) => {
        const prompt = nextQuestionPrompt(request, nonce);
        const accept = (reply: z.infer<typeof nextQuestionReply>): QuestionDraft => {
          refuseForeign(reply.question, request.locale);
          refuseRepeat(reply.question, known.map(fingerprint));
          const { type } = reply;
          return { ...draftOf(reply), type, category: categoryLabel(type, request.locale), level: request.level };
        };
        return { prompt, echo: echoOf(prompt, nonce), schema: nextQuestionReply, accept };
      });
    },

    async scoreAnswers(request, call) {
      const scores = new Map<string, AnswerScore>();
      const found = (questionId: string, score: AnswerScore): void => {
        scores.set(questionId, score);
        call.onScore?.(questionId, score);
      };
      // An answer that says "I don't know" needs no model, and no model is to find it worth more.
      const [unknown, judged] = parted(request.answers, ({ answer }) => isDontKnow(answer));
      for (const answer of unknown) found(answer.questionId, dontKnowScore(answer, request.locale));
      if (judged.length === 0) return scores;
      try {
        await chain.run(scoreTask({ ...request, answers: judged }, echoOf, found), call);
      } catch (error) {
        // Scores found so far are returned: the caller asks again for the rest.
        if (!(error instanceof InterviewerUnavailable) || scores.size === unknown.length) throw error;
      }
      return scores;
    },

    async summarize(request, call) {
      return single(chain.run, { ...request, seed: "summary" }, { ...call, onText: () => {} }, (nonce, { again }) => {
        const prompt = summaryPrompt(request, nonce);
        const accept = (reply: z.infer<typeof summaryReply>): Summary => {
          const { locale } = request;
          if (!again && !isWrittenIn(locale, reply.overallFeedback)) {
            throw new BadReply(`overallFeedback: ${foreign[locale]}.`);
          }
          return {
            overallFeedback: tidy(reply.overallFeedback),
            strengths: points(reply.strengths),
            improvements: points(reply.improvements),
            knowledgeGaps: points(reply.knowledgeGaps),
            learningPath: reply.learningPath
              .map(({ topic, advice }) => ({ topic: tidy(topic), advice: tidy(advice) }))
              .filter(({ topic, advice }) => topic !== "" && advice !== "")
              .slice(0, mostPoints),
            resumeImprovements: request.jobDescription === null ? [] : points(reply.resumeImprovements),
          };
        };
        return { prompt, echo: echoOf(prompt, nonce), schema: summaryReply, accept };
      });
    },
  };
}

/**
 * Checks whether a reply repeats our prompt. Around the requested content a model may repeat the schema before it
 * follows it; a text for people must not contain anything of ours.
 */
interface EchoChecks {
  whole: EchoCheck;
  texts: EchoCheck;
}

type EchoOf = (prompt: Prompt, nonce: string) => EchoChecks;

/**
 * One question per slot, delivered in order, each as soon as those before it exist. `rest` are those that still wait
 * for earlier ones.
 */
function planTask(
  request: PlanRequest,
  echoOf: EchoOf,
  handOver: (draft: QuestionDraft) => void,
): { task: Task; rest(): QuestionDraft[] } {
  const drafts: (QuestionDraft | undefined)[] = request.slots.map(() => undefined);
  const known = request.exclude.map(fingerprint);
  let handed = 0;

  function take(slot: number, reply: PlannedQuestion, echo: EchoCheck): string | null {
    if (textsIn(reply).some(echo.isEcho)) return "repeats the instructions";
    if (!isWrittenIn(request.locale, reply.question)) return foreign[request.locale];
    const print = fingerprint(reply.question);
    if (known.some((other) => areNearDuplicates(print, other))) return "asks again what has been asked";
    known.push(print);
    const type = request.slots[slot]!;
    drafts[slot] = { ...draftOf(reply), type, category: categoryLabel(type, request.locale), level: request.level };
    for (let draft = drafts[handed]; draft; draft = drafts[handed]) {
      handed++;
      handOver(draft);
    }
    return null;
  }

  const task: Task = {
    locale: request.locale,
    seed: request.seed,
    left: () => drafts.filter((draft) => draft === undefined).length,
    begin(nonce, { again }) {
      const missing = [...drafts.keys()].filter((slot) => drafts[slot] === undefined);
      const own = drafts.flatMap((draft) => draft?.text ?? []);
      const slots = missing.map((slot) => request.slots[slot]!);
      const prompt = planPrompt({ ...request, slots, exclude: [...request.exclude, ...own] }, nonce);
      const echo = echoOf(prompt, nonce);
      const reader = createPlaceReader({
        list: "questions",
        isEcho: echo.whole.isEcho,
        dropExtras: again,
        schema: plannedQuestion(slots),
        places: slots,
        kindOf: (question) => question.type,
        take: (place, question) => take(missing[place]!, question, echo.texts),
      });
      return { prompt, ...reader };
    },
  };
  return { task, rest: () => drafts.slice(handed).filter((draft) => draft !== undefined) };
}

function scoreTask(
  request: ScoreRequest,
  echoOf: EchoOf,
  found: (questionId: string, score: AnswerScore) => void,
): Task {
  const missing = new Map(request.answers.map((answer) => [answer.questionId, answer]));
  return {
    locale: request.locale,
    seed: "score",
    isPatient: true,
    left: () => missing.size,
    begin(nonce, { again, alone }) {
      const { locale } = request;
      const answers = [...missing.values()].slice(0, alone ? 1 : undefined);
      const ids = answerIds(answers.length);
      const byId = new Map(answers.map((answer, index) => [ids[index]!, answer]));
      const prompt = scorePrompt(
        { ...request, answers: answers.map((answer, index) => ({ ...answer, id: ids[index]! })) },
        nonce,
      );
      const echo = echoOf(prompt, nonce);
      const reader = createItemReader({
        list: "scores",
        isEcho: echo.whole.isEcho,
        dropExtras: again,
        schema: answerScoreReply,
        ids,
        idOf: (score) => score.id,
        take({ id, accuracy, completeness, clarity, feedback, evidence }) {
          const { questionId, answer, reference } = byId.get(id)!;
          if (echo.texts.isEcho(feedback)) return "feedback repeats the instructions";
          // Requested again once; a model that knows no other language should score rather than not.
          if (!again && !isWrittenIn(locale, feedback)) return `feedback ${foreign[locale]}`;
          missing.delete(questionId);
          found(questionId, {
            accuracy,
            completeness,
            clarity,
            feedback: tidy(feedback),
            referenceAnswer: reference.answer,
            keyPoints: reference.keyPoints.map((point) => point.text),
            evidence: quotes(evidence, answer),
          });
          return null;
        },
      });
      return { prompt, ...reader };
    },
  };
}

/** A task whose reply is one object; a question's text is published while it arrives. */
async function single<Reply, T>(
  run: (task: Task, call: Call) => Promise<void>,
  { locale, seed }: Pick<FollowUpRequest, "locale" | "seed">,
  call: Call,
  begin: (
    nonce: string,
    manner: Manner,
  ) => {
    prompt: Prompt;
    echo: EchoChecks;
    schema: z.ZodType<Reply>;
    accept(reply: Reply): T;
  },
): Promise<T> {
  let result: { value: T } | null = null;
  const task: Task = {
    locale,
    seed,
    left: () => (result === null ? 1 : 0),
    begin(nonce, manner) {
      const { prompt, echo, schema, accept } = begin(nonce, manner);
      const scanner = createJsonScanner({ field: "question", onField: createSpeaker(call, echo.texts) });
      return {
        prompt,
        read: (piece) => scanner.feed(piece),
        finish(content) {
          const json = findJson(content);
          const reply = schema.safeParse(manner.again ? withoutExtras(json, schema) : json);
          if (!reply.success) throw new BadReply(`${faultsOf(reply.error)}.`);
          if (echo.whole.isEcho(withoutThoughts(content)) || textsIn(json).some(echo.texts.isEcho)) {
            throw new BadReply("it repeats the instructions.");
          }
          result = { value: accept(reply.data) };
        },
      };
    },
  };
  await run(task, call);
  return result!.value;
}

/** Publishes a question's text while it is being written; holds back what may turn out to be our own instructions. */
function createSpeaker(call: Call, echo: EchoCheck): (text: string, whole: boolean) => void {
  let told = "";
  return (written, whole) => {
    if (written.length > longestQuestion) return;
    // Half a character, or white space that may be trailing, waits for what follows.
    const text = tidy(whole ? written : written.replace(/[\ud800-\udbff]$/, ""));
    if (text === told || echo.isEcho(text) || (!whole && echo.mayBecomeEcho(text))) return;
    const kept = text.startsWith(told) ? told : "";
    call.onText?.([...kept].length, text.slice(kept.length));
    told = text;
  };
}

/** A longer text is rejected once complete; checking it piece by piece would be a waste. */
const longestQuestion = 2_000;

function draftOf({
  question,
  referenceAnswer,
  keyPoints,
}: Pick<PlannedQuestion, "question" | "referenceAnswer" | "keyPoints">) {
  return {
    text: tidy(question),
    source: "MODEL" as const,
    reference: {
      answer: tidy(referenceAnswer),
      keyPoints: keyPoints.map((point): KeyPoint => ({ text: tidy(point), accept: [], followUp: null })),
    },
  };
}

/** Splits the reference into points, when the model did not list them. */
function sentencesOf(text: string): string[] {
  const sentences = text.split(/(?<=[.!?])\s+|(?<=[。！？])/u).filter((sentence) => sentence.trim() !== "");
  return sentences.slice(0, 6);
}

function refuseForeign(text: string, locale: Locale): void {
  if (!isWrittenIn(locale, text)) throw new BadReply(`the question ${foreign[locale]}.`);
}

const foreign: Record<Locale, string> = { EN: "is not in English", ZH: "is not in Chinese" };

function refuseRepeat(text: string, known: Fingerprint[]): void {
  const print = fingerprint(text);
  if (known.some((other) => areNearDuplicates(print, other))) {
    throw new BadReply("the question asks again what has been asked: ask something else.");
  }
}

/** Only verbatim quotes from the answer. */
function quotes(evidence: string[], answer: string): string[] {
  const found = evidence.map((quote) => quote.trim()).filter((quote) => quote !== "" && answer.includes(quote));
  return [...new Set(found)].slice(0, 5);
}

const mostPoints = 8;

function points(texts: string[]): string[] {
  return [...new Set(texts.map(tidy).filter((text) => text !== ""))].slice(0, mostPoints);
}

function parted<T>(all: T[], first: (one: T) => boolean): [T[], T[]] {
  return [all.filter(first), all.filter((one) => !first(one))];
}

function tidy(text: string): string {
  return visibleText(text).trim();
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
