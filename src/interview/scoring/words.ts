import { memoize } from "./memoize.ts";

/** A text's words as the scorer compares them: Latin words in lower case, pairs of Han characters. */
export function wordsOf(text: string): string[] {
  const plain = text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/['\u2019](?:s|d|re|ll|ve|m)\b|['\u2019]/g, "");
  const words: string[] = [];
  for (const [run] of plain.matchAll(/\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}+#])+/gu)) {
    if (isHan(run)) words.push(...pairs(run.replaceAll(hanFillers, "")));
    else words.push(run);
  }
  return words;
}

/** Normalises case, width, blanks and hyphens. */
export function plainText(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\s-]+/g, " ");
}

/** The words that carry meaning. */
export function contentWords(text: string): string[] {
  return wordsOf(text).filter((word) => !fillers.has(word));
}

export function isFiller(word: string): boolean {
  return fillers.has(word);
}

export function isHan(text: string): boolean {
  return text.charCodeAt(0) >= firstHan && /^\p{Script=Han}/u.test(text);
}

/** Tested first because the regular expression is slower. */
const firstHan = 0x2e80;

export function hasHan(text: string): boolean {
  return /\p{Script=Han}/u.test(text);
}

/** The word without its ending, so that "indexed" and "indexes" match. */
export function stem(word: string): string {
  return word.length <= 3 || isHan(word) ? word : longStem(word);
}

const longStem = memoize(withoutEnding);

function withoutEnding(word: string): string {
  let stem = word
    .replace(/i[sz]ation$/, "ize")
    .replace(/ies$/, "y")
    .replace(/(?:ational|ations?)$/, "at")
    .replace(/sses$/, "ss")
    .replace(/([^s])s$/, "$1");
  stem = stem.replace(/(?:edly|ing|ed|ly|ment|er|or)$/, (ending) => (stem.length - ending.length >= 3 ? "" : ending));
  return stem
    .replace(/(.)\1$/, (pair, letter: string) => ("lsz".includes(letter) ? pair : letter))
    .replace(/[ei]$/, "")
    .replace(/y$/, "");
}

/** One representative for words that are synonyms when programs are described. */
export const concept = memoize((word) => synonyms.get(stem(word)) ?? word);

function pairs(run: string): string[] {
  const characters = [...run];
  if (characters.length <= 1) return characters;
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`);
}

const hanFillers =
  /的|了|是|在|和|与|及|或|就|都|而|以及|一个|一种|这个|那个|它|会|可以|能够|需要|因此|所以|因为|如果|并且|同时|通过|对于|进行/g;

const fillers = new Set(
  (
    "a an the of in on to for is are was were be been being do does did how what why when which who whose would could " +
    "can will should may might you your we our us i me my it its this that these those and or with by from as at into " +
    "about between have has had there if then so not no than also they them their he she his her any some each all " +
    "more most such only just very s t"
  ).split(" "),
);

const synonyms = new Map(
  `unlimited infinite infinitely
many any multiple several numerous
member attribute field property
function method procedure routine subroutine operation behaviour behavior functionality
address location reference
store hold contain keep
begin start front head first
end rear tail last back
element item node entry
create make construct instantiate declare
call invoke invocation execute run
copy duplicate replicate
remove delete pop
add insert push append
large big great high max maximum
small low min minimum less
size length
type kind sort
order sequence
fast quick efficient speed
space memory storage room
extra additional
value data datum information content
private hidden
public accessible visible
one single 1
two 2 both
three 3
zero 0 null nil empty
program software application code
simulate imitate mimic
divide split
merge combine join
compare comparison
visit traverse traversal
need require necessary must
change modify alter update
link connect point
parent root
child leaf descendant`
    .split("\n")
    .flatMap((line) => {
      const words = line.split(" ");
      return words.map((word): [string, string] => [stem(word), words[0]!]);
    }),
);

/** The length of a text in words; `hanToWord` Chinese characters count as one. */
export function lengthInWords(text: string, hanToWord = 1.8): number {
  return hasHan(text) ? (text.match(/\p{Script=Han}|\w+/gu)?.length ?? 0) / hanToWord : wordsOf(text).length;
}
