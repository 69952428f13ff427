import { clausesOf, sentencesOf } from "./substance.ts";
import type { WordMeanings } from "./wordMeanings.ts";
import { contentWords, hasHan, isHan, stem, wordsOf } from "./words.ts";

/** How an answer compares with the statements known to be right. */
export interface Contradictions {
  /** Clauses of the answer, as exact substrings, that contradict a right statement. */
  against: string[];
  /** Most of the answer contradicts what is right, or it is full of absolute claims. */
  isFalse: boolean;
}

/**
 * Compares each clause with the most similar right statement. It contradicts it when exactly one of the two is negated,
 * when it has the opposite word or the opposite order, or when it says of one subject what is true of another.
 */
export function contradictionsIn(
  said: string,
  right: string[],
  question: string,
  meanings: WordMeanings,
): Contradictions {
  const truths = right.flatMap(statementsOf);
  const against: string[] = [];
  let agreeing = 0;
  for (const claim of statementsOf(said)) {
    const nearest = nearestOf(claim, truths, meanings);
    if (nearest === null) continue;
    if (isOpposite(claim, nearest) || swapsSubjects(claim, truths, question, meanings)) against.push(claim.text);
    else agreeing += 1;
  }
  // Absolute claims accompany falsehoods: they count as one more contradiction, and on their own when there are many that
  // neither the question nor the reference contains.
  const sentences = sentencesOf(said).length;
  const weight = against.length + (against.length > 0 && sweepsIn(said, "") >= sentences ? 1 : 0);
  const isTurned = weight >= 2 && weight >= (against.length >= 2 ? 0.5 : 0.6) * agreeing;
  const undue = sweepsIn(said, [question, ...right].join(" "));
  return { against, isFalse: isTurned || (undue >= 3 && undue >= sentences) };
}

interface Statement {
  text: string;
  stems: Set<string>;
  content: Set<string>;
  isNegated: boolean;
}

/** Longer clauses hold several statements without commas; which words belong together cannot be seen. */
const mostWords = 25;

function statementsOf(text: string): Statement[] {
  return clausesOf(text)
    .filter((clause) => hasHan(clause) || wordsOf(clause).length <= mostWords)
    .flatMap((clause) => clause.split(/\b(?:because|since|although|so that|so|and|which|who)\b/))
    .map((clause) => clause.trim())
    .map((clause) => ({
      text: clause,
      stems: new Set(wordsOf(clause).map(stem)),
      content: new Set(contentWords(clause).map(stem)),
      isNegated: negationsIn(clause) % 2 === 1,
    }))
    .filter(({ content }) => content.size > 1);
}

function negationsIn(text: string): number {
  return text.toLowerCase().replace(noNegation, "").match(negations)?.length ?? 0;
}

const noNegation = /\b(?:not only|no matter|no longer|other than|not(?=.*\bunless\b))|不仅|不但|不同|不断/g;
const negations =
  /\b(?:not|no|non|never|cannot|without|neither|nor|none|nothing|nobody|useless|unnecessary|instead of|rather than|hardly|avoid\w*|prevent\w*)\b|n['\u2019]t\b|不(?:是|会|能|可|要|需|保证|允许|支持|安全|存在|再|应)|没有|无法|并非|从不|绝不|不必/g;

/**
 * The right statement that shares the most informative words with the claim; null where none shares enough. Chinese
 * bigrams match less often than words, hence the lower threshold.
 */
function nearestOf(claim: Statement, truths: Statement[], meanings: WordMeanings): Statement | null {
  const weightOf = (words: Iterable<string>): number => {
    let sum = 0;
    for (const word of words) sum += 0.15 + meanings.specificity(word);
    return sum;
  };
  let [nearest, most]: [Statement | null, number] = [null, 0];
  for (const truth of truths) {
    const common = weightOf([...claim.content].filter((word) => truth.content.has(word)));
    const share = common / Math.min(weightOf(claim.content), weightOf(truth.content));
    if (share < (hasHan(claim.text) ? 0.3 : 0.4) || common < 0.5 || common * share <= most) continue;
    [nearest, most] = [truth, common * share];
  }
  return nearest;
}

/** An even number of inversions cancels out. */
function isOpposite(claim: Statement, truth: Statement): boolean {
  const turns = [claim.isNegated !== truth.isNegated, swapsWords(claim, truth), swapsOrder(claim.text, truth.text)];
  return turns.filter(Boolean).length % 2 === 1;
}

/** Uses one word of a pair of opposites where the right statement uses the other. */
function swapsWords(claim: Statement, truth: Statement): boolean {
  const has = ({ text, stems }: Statement, word: string): boolean =>
    isHan(word) ? text.includes(word) : stems.has(stem(word));
  const turns = (one: string, other: string): boolean =>
    has(claim, one) && !has(truth, one) && has(truth, other) && !has(claim, other);
  return opposites.some(([one, other]) => turns(one, other) || turns(other, one));
}

/** Says "a before b" or "a than b" where the right statement has them the other way round. */
function swapsOrder(said: string, right: string): boolean {
  return orders.some((order) => {
    if (!said.includes(order) || !right.includes(order)) return false;
    const halves = (text: string): Set<string>[] =>
      text.split(order).map((half) => new Set(contentWords(half).map(stem)));
    const [[before, after], [first, then]] = [halves(said), halves(right)];
    const meet = (a: Set<string> | undefined, b: Set<string> | undefined): boolean =>
      [...(a ?? [])].some((word) => b?.has(word));
    return meet(before, then) && meet(after, first) && !meet(before, first) && !meet(after, then);
  });
}

const orders = [" before ", " after ", " than ", " instead of ", " rather than ", "之前", "之后", "先于"];

/** Says of one subject what is true of another; subjects are words of the question and first words of right statements. */
function swapsSubjects(claim: Statement, truths: Statement[], question: string, meanings: WordMeanings): boolean {
  const things = new Set(contentWords(question).map(stem));
  for (const { content } of truths) {
    for (const word of [...content].slice(0, 1)) if (meanings.specificity(word) >= 0.7) things.add(word);
  }
  const first = ({ content }: Statement): string | undefined => [...content].find((word) => things.has(word));
  const subject = first(claim);
  if (subject === undefined) return false;
  const saying = truths.filter((truth) => {
    const rest = [...truth.content].filter((word) => word !== first(truth));
    return rest.length >= 2 && rest.filter((word) => claim.content.has(word)).length / rest.length >= 0.6;
  });
  const subjects = saying.map(first).filter((word) => word !== undefined);
  return subjects.length > 0 && !subjects.includes(subject);
}

/** The number of absolute words (never, all, must …) that do not occur in `due`. */
function sweepsIn(said: string, due: string): number {
  return (said.toLowerCase().match(sweeping) ?? []).filter((word) => !due.toLowerCase().includes(word)).length;
}

const sweeping =
  /\b(?:never|always|all|every|any|whatever|must|exactly|only|nothing|none|unlimited|impossible|cannot|useless|unnecessary|pointless|whole|at once|immediately|by itself|need not|needs? no|no need|no difference|do(?:es)? not matter|as (?:many|much|long) as|best|worst|fastest|guarantees?)\b|永远|从不|绝不|总是|所有|任何|必须|完全|一定|只能|根本|不需要|不必|无需|每次|一律|无所谓|立刻|立即|直接|最快|最好/g;

const opposites = `mutable/immutable synchronous/asynchronous sync/async stateful/stateless ordered/unordered
sorted/unsorted blocking/nonblocking safe/unsafe strong/weak stronger/weaker lifo/fifo encrypted/plain valid/invalid
static/dynamic shared/isolated reliable/unreliable stable/unstable consistent/inconsistent enable/disable
limited/unlimited bounded/unbounded visible/hidden public/private open/closed internal/external inner/outer
physical/logical local/global local/remote automatic/manual optional/required optimistic/pessimistic
random/sequential lazy/eager direct/indirect dependent/independent primary/secondary horizontal/vertical
increase/decrease rise/fall grow/shrink add/remove insert/delete allow/forbid allow/block accept/refuse
pass/fail succeed/fail keep/lose win/lose gain/lose read/write hit/miss
faster/slower fast/slow quick/slow larger/smaller bigger/smaller greater/smaller greater/less higher/lower high/low
more/less more/fewer most/least longer/shorter long/short cheaper/dearer cheap/expensive narrow/wide deep/shallow
better/worse good/bad best/worst easier/harder easy/hard simpler/complex simple/complex stale/fresh old/new
oldest/newest smallest/largest minimum/maximum minimal/maximal min/max earlier/later early/late
first/last before/after start/end begin/end always/never all/none every/no once/each once/twice often/seldom
often/rarely single/multi single/multiple one/many one/several one/all same/different same/new unique/duplicate
constant/linear constant/logarithmic linear/logarithmic linear/quadratic even/odd true/false positive/negative
client/server parent/child root/leaf memory/disk input/output left/right up/down inside/outside
coupled/decoupled tightly/loosely accept/reject raise/lower converge/diverge separate/shared own/shared unique/shared
different/identical reversible/irreversible permanent/temporary parallel/sequential contiguous/scattered improve/worsen
simple/complicated keep/drop keep/discard allow/prevent include/exclude success/failure trusted/untrusted frequently/rarely
cheap/costly speed/slow
同步/异步 可变/不可变 有序/无序 增加/减少 更快/更慢 共享/独立 阻塞/非阻塞 强一致/最终一致 最先/最后 之前/之后
第一个/最后一个 越大/越小 越多/越少 更大/更小 更多/更少 更高/更低 高于/低于 大于/小于 有限/无限 有界/无界 公有/私有
相同/不同 相同/随机 高/低 快/慢 强/弱 简单/复杂 独立/共用 单独/共享 单独/共用 明文/加密 表头/表尾 头部/尾部 单向/双向
叶子/根节点 主线程/子线程 永久/临时 提高/降低 升高/降低 变大/变小 增大/减小 增加/去掉 打开/关闭 开启/关闭
单线程/多线程 内存/磁盘 客户端/服务端 加锁/无锁 乐观/悲观 有状态/无状态 线程安全/不安全 允许/禁止 自动/手动`
  .split(/\s+/)
  .map((pair) => pair.split("/") as [string, string]);
