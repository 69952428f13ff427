import { hasHan, isFiller, wordsOf } from "./words.ts";

/** Whether a text only names things: it has hardly a verb. */
export function namesOnly(text: string): boolean {
  if (isTerse(text)) return false;
  if (hasHan(text)) return namesOnlyInHan(text);
  return verbsIn(text) < 0.035 * wordsOf(text).length && !isInPairs(text);
}

/** "X for Y" piece by piece tells what each is for. */
function isInPairs(text: string): boolean {
  const pieces = text.split(/[,;]/);
  return pieces.length >= 3 && pieces.filter((piece) => /\w for \w/.test(piece)).length >= 0.8 * pieces.length;
}

/** Terse notes: most of the pieces are short statements of their own. */
export function isTerse(text: string): boolean {
  const pieces = text.split(/[\n,;:.!?，。；：！？]+/).filter((piece) => /[\p{L}\p{N}]/u.test(piece));
  const says = (piece: string): boolean => {
    if (hasHan(piece)) return saysInHan(piece);
    const words = wordsOf(piece).length;
    return words >= 2 && words <= 10 && verbsIn(piece) > 0;
  };
  const said = pieces.filter(says).length;
  if (hasHan(text)) return pieces.length >= 3 && said >= 0.5 * pieces.length;
  return pieces.length >= 2 && said >= 0.75 * pieces.length;
}

/** The number of words of an English text that clearly are predicates. */
function verbsIn(text: string): number {
  const pieces = text
    .toLowerCase()
    .replaceAll("\u2019", "'")
    .split(/[^\p{L}\p{N}'+#\s-]+|\s[-*]\s|^[-*]\s|\n+/mu);
  return pieces.reduce((sum, piece) => {
    const words = piece.match(/[\p{L}\p{N}+#][\p{L}\p{N}'+#-]*/gu) ?? [];
    return sum + words.filter((_, at) => isVerb(words, at)).length;
  }, 0);
}

function isVerb(words: string[], at: number): boolean {
  const word = words[at]!;
  const [before, after] = [words[at - 1] ?? "", words[at + 1] ?? ""];
  if (finite.test(word)) return true;
  if (subjects.has(word)) return !prepositions.has(before);
  // A pronoun as an object belongs to the verb before it, which is already counted.
  if (people.has(word)) return isVerbAfterPronoun(after) && !prepositions.has(before);
  if (isFunctionWord(word)) return false;
  if (
    verbs.has(word) ||
    (endsAsVerb(word) && (verbs.has(word.replace(/s$/, "")) || verbs.has(word.replace(/es$/, ""))))
  )
    return true;
  if (/^(?:that|which|who)$/.test(before) && endsAsVerb(word)) return true;
  if (doings.has(word)) return after !== "" && after !== "of" && before !== "of";
  if (at === 0 && orders.has(word) && after !== "" && after !== "of") return true;
  if (articles.has(after) || people.has(after)) {
    const mayBeVerb = at === 0 || /(?:s|ed|ing)$/.test(word) || before === "to" || /ly$|^then$/.test(before);
    return mayBeVerb && !/ly$/.test(word) && !notVerbs.has(word);
  }
  // In a compound noun the first noun is singular.
  return after !== "" && endsAsVerb(word) && !isFunctionWord(after) && !isNumber(after) && !notVerbs.has(after);
}

function isVerbAfterPronoun(word: string): boolean {
  return word !== "" && !isFunctionWord(word);
}

function isFunctionWord(word: string): boolean {
  return isFiller(word) || functionWords.has(word) || isNumber(word) || hasHan(word);
}

function isNumber(word: string): boolean {
  return /^\d/.test(word);
}

function endsAsVerb(word: string): boolean {
  return word.length > 3 && /[^siu'\d+#-]s$/.test(word) && !notVerbs.has(word);
}

const finite =
  /^(?:is|are|was|were|am|be|been|has|have|had|do|does|did|can|cannot|could|will|would|should|must|may|might|shall|never|always|usually|often|rarely|\w+n't|(?:i|you|we|they|he|she|it|that|there|who|what|this|here|let|one)'(?:s|m|re|ve|ll|d))$/;
const subjects = new Set("i we they he she".split(" "));
const people = new Set("i we they he she it you me them us him".split(" "));
const articles = new Set("a an the its their your my our his this these those each every any all some".split(" "));
const prepositions = new Set(
  "of in on for by from at into about between with to over under per than like as without against through across within among around".split(
    " ",
  ),
);
const functionWords = new Set(
  (
    "over under per like without against through across within among around plus versus vs both half before after during " +
    "until up off out down back again only even still also always never besides towards afterwards via except despite " +
    "because since while where whether although though unless either neither nor another other same own such first second " +
    "next last later now here both else except including inside outside above below along near behind upon onto toward"
  ).split(" "),
);
const notVerbs = new Set(
  (
    "sales operations systems kubernetes postgres always perhaps besides towards afterwards sometimes series species news " +
    "devops graphics analytics metrics mathematics https less yes hours minutes seconds days weeks months years times " +
    "windows jenkins rails nodes nginx pros cons goods others ones two three four five six seven eight nine ten twice once " +
    "not no long half deletes"
  ).split(" "),
);
/** Verbs that are hardly ever nouns. */
const verbs = new Set(
  `ask avoid add allow apply break extend fail print shrink succeed survive travel agree arrive assign become begin believe belong bring come choose collect combine compare compress
compute consider contain convert create decide define delete depend detect determine discover divide eat enable ensure
execute exist expect explain fetch find finish follow forget get give go grow happen have hear hide identify ignore
implement improve include inform involve isolate keep know learn let listen lose make matter mean merge obtain occur perform
prefer prevent produce protect prove provide put receive recover reduce refuse reject remain remember remove replace
represent require resolve reuse save say see seem stay select sell send serve sit solve speak spend suffer
suggest take tell tend think throw translate understand use validate verify want warn
took went made got gave told said knew became began came ran saw thought chose kept felt`.split(/\s+/),
);
/** Verbs unless next to "of", where they are nouns. */
const doings = new Set("works runs uses lives needs returns holds waits starts drops reaches".split(" "));
/** Verbs only at the start: imperatives. */
const orders = new Set(
  `append build call catch check cut dequeue drop encrypt enqueue fill fix hash help hold limit look measure move need notice offer pay pick plan pop publish push reach rotate retry roll
show shut stand start stop talk try turn wait watch work`.split(/\s+/),
);

/** Whether most of a Chinese text is names: pieces that are short or joined by "的" only, without a predicate. */
function namesOnlyInHan(text: string): boolean {
  const pieces = text
    .replaceAll(latin, "词词")
    .split(/[\s\p{P}\p{S}]+|和|与|及|以及|或者?|还有/u)
    .filter((piece) => piece !== "");
  const sizeOf = (some: string[]): number => some.reduce((sum, piece) => sum + [...piece].length, 0);
  const statements = pieces.filter((piece) => hanStatement.test(piece)).length;
  return sizeOf(pieces.filter(isHanName)) >= 0.7 * sizeOf(pieces) && statements * aStatementMayName < sizeOf(pieces);
}

/** Whether a piece has a verb, an imperative or a predicative adjective. */
function saysInHan(piece: string): boolean {
  const text = piece.trim().replaceAll(latin, "词词");
  // Punctuation between names does not make statements of them.
  if ([...text].length < 3 || [...text].length > 16 || text.includes("、")) return false;
  return (
    hanStatement.test(text) ||
    hanOrder.test(text) ||
    hanAdding.test(text) ||
    /[^的](?:快|慢|大|小|高|低|多|少|好|差|强|弱|矮|轻)$/.test(text)
  );
}

const hanAdding = /(?<!追|增|添|参|叠|附)[加补扣](?!载|锁|密|速|入|盟|法|权|工|丁|偿|码)/;
const latin = /[\w@#%](?:[\w@.+#()%-]*[\w+#)%])?/g;

function isHanName(piece: string): boolean {
  if (hanStatement.test(piece)) return false;
  const named = piece.slice(piece.lastIndexOf("的") + 1);
  if (piece.includes("的"))
    return (
      [...named].length <= 8 &&
      [...piece].length - [...named].length <= 10 &&
      !hanPredicate.test(named) &&
      !hanOrder.test(piece)
    );
  return [...piece].length <= 7 && !hanPredicate.test(piece) && !hanOrder.test(piece);
}

/** The number of characters of names that may belong to one statement. */
const aStatementMayName = 20;

const hanStatement =
  /是|会(?!话|议)|[把被让]|使得|可以|能够|应该|需要|必须|没有|(?<!所|拥|共|公|私|原|固)有|就(?!绪)|都|才|(?<!目|了|解)了(?!解)|因为|所以|如果|但|(?<!规|否|原|准|正|法|守)则|我|们|将(?!来)|由(?!于)|按(?!钮|键)|仍|也|并(?!发|行)|(?<!反|响|对|适|供|相)应(?!用|对|答|急|该)|(?<!适|应|使|可|复|引|作|占|调|常|费|专|通|共|重|信|内|利|启|停|高|实|商|试)用(?!户|途|例|法|量)|不(?:允许|能|会|可|要|得|应|再|用|需|必|支持|保证)|(?<!现|存|所|潜)在(?!线)|属于|转成|分为|进入|(?<!可|依)靠(?!近)|来自|代替|禁止|拦截|尝试|去掉|适合|因此|(?<!高|可)可用(?!性|的|区|率)|(?<!的|技术)支持(?!的|者|性|$)|词词(?:存(?!储)|做|拿|放|求|改|加(?!载|锁|密)|建(?!模))|(?<!释|开|存|投)放(?!大)|把/;
const hanPredicate =
  /不(?!同)|只|给|到|(?<!主|重)要|(?<!性|功|智)能(?!力)|先(?!进|后|级)|(?<!主)从(?!库)|着|比(?!例|较|重)|更|很|太|较/;
const hanOrder =
  /^(?:先|再|然后|接着|最后|首先|其次|检查|查看|看|找|采用|通过|减少|增加|避免|提高|提升|保证|确保|防止|降低|设置|添加|删除|加|改|做|根据|利用|基于|对于|比较|选择|处理|解决|优化|记录|返回|判断|等待|等|写|读|发|取|放|拿|问|听|讲|说|告诉|联系|确认|沟通|同时|并|定位|维护|倾听|修复|校验|限制|建立|达成|拆|砍|扣)/;
