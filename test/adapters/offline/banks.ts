import type { BankEntry, BankText } from "../../../src/adapters/offline/bank.ts";
import { type Level, levels, type QuestionType } from "../../../src/interview/model.ts";
import { fingerprint } from "../../../src/interview/similarity.ts";

/** A bank small enough to be used up: `perLevel` questions of each level for each of the types. */
export function smallBank(types: QuestionType[], perLevel: number): { entries: BankEntry[] } {
  const entries = types.flatMap((type) =>
    levels.flatMap((level) => Array.from({ length: perLevel }, (_, index) => entry(type, level, index))),
  );
  return { entries };
}

export function bankText(question: string, answer: string, keyPoints: BankText["keyPoints"]): BankText {
  const sayings = { plainAnswers: [], expertAnswers: [], facts: [], misconceptions: [], isOpen: false };
  return { question, answer, ...sayings, keyPoints, print: fingerprint(question) };
}

function entry(type: QuestionType, level: Level, index: number): BankEntry {
  const topic = `${type.toLowerCase()}${level.toLowerCase()}${index}`.replaceAll("_", "");
  const keyPoints = ["first", "second", "third"].map((rank) => ({
    text: `The ${rank} of ${topic}`,
    accept: [`${topic} ${rank}`],
    followUp: {
      question: `What limits ${rank}${topic}?`,
      answer: `The ${rank} limit of ${topic} is its size.`,
      plainAnswers: [],
      expertAnswers: [],
      facts: [],
      misconceptions: [],
      isOpen: false,
      keyPoints: [{ text: `The size of ${topic}`, accept: ["size"] }],
    },
  }));
  const answer = `It rests on ${topic} first, ${topic} second and ${topic} third.`;
  return {
    id: `${type.toLowerCase().replaceAll("_", "-")}-${level.toLowerCase()}-${index}`,
    type,
    level,
    tags: [type.toLowerCase()],
    texts: {
      EN: bankText(`How does ${topic} work?`, answer, keyPoints),
      ZH: bankText(`${topic}是怎么工作的？`, answer, keyPoints),
    },
  };
}
