import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locale } from "../../interview/model.ts";
import { lazy, memoize } from "../../interview/scoring/memoize.ts";
import { rightSayings } from "../../interview/scoring/misconceptions.ts";
import { topicOf } from "../../interview/scoring/topic.ts";
import { type VocabularyKnowledge, wordOddsOf } from "../../interview/scoring/vocabulary.ts";
import type { TopicKnowledge, WordMeanings } from "../../interview/scoring/wordMeanings.ts";
import { contentWords, isHan, stem } from "../../interview/scoring/words.ts";
import { sum } from "../../interview/sum.ts";
import type { Bank, BankText } from "./bank.ts";
import { loadOtherQuestions, type OtherQuestion, rightAnswersIn } from "./otherQuestions.ts";
import { indexWords } from "./wordIndex.ts";
import { loadWording } from "./wording.ts";
import { loadWordOrder } from "./wordOrder.ts";

const dimensions = 100;

/**
 * Loads word vectors, most frequent words first, one byte per number. The bank shows which words are common in
 * technical talk.
 */
export function loadMeanings(bank: Bank, folder = join(import.meta.dirname, "wordVectors")): WordMeanings {
  const words = readFileSync(join(folder, "words.txt"), "utf8").trimEnd().split("\n");
  const file = readFileSync(join(folder, "vectors.bin"));
  const bytes = new Int8Array(file.buffer, file.byteOffset, file.length);
  const ranks = new Map(words.map((word, rank) => [word, rank]));
  const lengths = new Float64Array(words.length).map((_, rank) => {
    let sum = 0;
    for (let at = 0; at < dimensions; at++) sum += bytes[rank * dimensions + at]! ** 2;
    return Math.sqrt(sum) || 1;
  });

  const rankOf = memoize(
    (word) => ranks.get(word) ?? ranks.get(word.replace(/s$/, "")) ?? ranks.get(word.replace(/e?d$/, "")) ?? null,
  );

  function weight(word: string): number {
    const rank = ranks.get(word);
    return 0.3 + 0.7 * (rank === undefined ? 1 : Math.min(1, Math.log(1 + rank) / Math.log(30_000)));
  }

  /** 0 for the few hundred most frequent English words. */
  function special(word: string): number {
    if (isHan(word)) return everyday.has(word) ? 0.1 : 1;
    return 0.1 + 0.9 * Math.min(1, Math.max(0, (weight(word) - 0.69) / 0.2));
  }

  function similarity(a: string, b: string): number {
    const [one, other] = [rankOf(a), rankOf(b)];
    if (one === null || other === null) return 0;
    let dot = 0;
    for (let at = 0; at < dimensions; at++) dot += bytes[one * dimensions + at]! * bytes[other * dimensions + at]!;
    return dot / (lengths[one]! * lengths[other]!);
  }

  return {
    similarity,
    weight,
    ...knowTopics(bank, special),
    follows: loadWordOrder(),
    falseness: loadWording("tone"),
    padding: loadWording("padding"),
    vocabularies: { EN: knowVocabularies(bank, "EN", () => []), ZH: knowVocabularies(bank, "ZH", () => []) },
    lenders: {
      EN: knowVocabularies(bank, "EN", () => loadOtherQuestions("EN")),
      ZH: knowVocabularies(bank, "ZH", () => loadOtherQuestions("ZH")),
    },
  };
}

/** Pairs of characters that are common in any text. */
const everyday = new Set(
  (
    "容易 更容 更快 更好 更多 系统 使用 问题 方案 情况 选择 处理 实际 工作 业务 经常 很多 用户 团队 最后 时间 一起 经验 办法 大家 " +
    "小心 否则 出现 理解 应用 开发 人员 关注 先分 分析 析问 不同 比较 现在 已经 然后 时候 重要 知识 觉得 沟通 讨论 之后 满意 项目 " +
    "具体 场景 合适 优点 缺点 生产 环境 常见 原理 稳定 维护 遵循 最好 自己 我们 他们 什么 怎么 这样 这些 那么 还有 其实 一般 非常 " +
    "比较 主要 一些 一次 一定 不会 不能 不要 没有 只有 只要 只能 所有 每个 或者 而且 但是 不过 虽然 之前 以后 以前 开始 结束 方法 " +
    "方式 方面 部分 内容 结果 原因 目的 作用 功能 要求 需求 公司 同事 客户 产品 技术 学习 了解 知道 认为 发现 解决 提高 保证 影响 " +
    "有关 关系 特别 尤其 完全 直接 简单 复杂 清楚 明确 今天 明天 每天 周末 早上 晚上 两个 三个 多个 几个 第一 人们 东西 事情"
  ).split(" "),
);

/** What the bank's questions are about. */
function knowTopics(bank: Bank, special: (word: string) => number): TopicKnowledge {
  // Computed for the first graded answer, not at the start.
  const words = lazy(() =>
    bank.entries.map(({ texts }) => Object.values(texts).map((text) => contentWords(wholeOf(text)))),
  );
  const entriesWith = lazy(() => countTexts(words().map((texts) => texts.flat().map(stem))));
  const topics = lazy(() => {
    const all = words().flatMap((texts) => texts.map((some) => topicOf(some, { specificity })));
    const shares = all.map(({ weights, size }) => new Map([...weights].map(([word, weight]) => [word, weight / size])));
    return { all, index: indexWords(shares) };
  });

  /** From 1 for words of no question to 0 for words of all. */
  const rarity = (word: string): number =>
    1 - Math.log(1 + (entriesWith().get(stem(word)) ?? 0)) / Math.log(1 + bank.entries.length);
  const specificity = memoize((word) => special(word) * rarity(word) ** 2);
  return {
    specificity,
    topicsNear(stems) {
      const sums = topics().index.sums(stems);
      const order = [...sums.keys()].sort((a, b) => sums[b]! - sums[a]!);
      return order.slice(0, most).map((at) => topics().all[at]!);
    },
  };
}

/** The words of correct answers to the bank's questions, and to `others` after them. */
function knowVocabularies(bank: Bank, language: Locale, others: () => OtherQuestion[]): VocabularyKnowledge {
  const index = lazy(() => {
    const texts = [
      ...bank.entries.map(({ texts }) => [wholeOf(texts[language]), ...rightSayings(texts[language])]),
      ...others().map((one) => [one.question, one.referenceAnswer, ...rightAnswersIn(one.answers)]),
    ];
    const stems = texts.map((some) => contentWords(some.join("\n")).map(stem));
    const counts = countTexts(stems);
    const whole = sum(counts.values());
    return { whole, words: indexWords(stems.map((some) => wordOddsOf(some, (word) => counts.get(word)! / whole))) };
  });
  return {
    usual: (word) => Math.max(1, index().words.count(word)) / index().whole,
    odds: (stems) => index().words.sums(stems),
    isOpen: (at) => bank.entries[at]?.texts[language].isOpen ?? false,
  };
}

/** The number of texts that contain each word. */
function countTexts(texts: string[][]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const words of texts) for (const word of new Set(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function wholeOf({ question, answer, keyPoints }: BankText): string {
  return [question, answer, ...keyPoints.map((point) => point.text)].join(" ");
}

/** Some of the nearest may resemble the question itself. */
const most = 5;
