import { contentWords, stem } from "./words.ts";

/**
 * Whether a sentence would fit any question: it says how important, well known or good things are, and has hardly a word of
 * the expected answer.
 */
export function isEmptyTalk(sentence: string, wanted: ReadonlySet<string>): boolean {
  const words = [...new Set(contentWords(sentence).map(stem))];
  const praise = words.filter((word) => praising.has(word));
  const isTalk = praise.length >= 3 ? praise.length >= 0.22 * words.length : commonplaces.test(sentence);
  if (!isTalk || /\d/.test(sentence)) return false;
  return words.filter((word) => wanted.has(word) && !praising.has(word)).length <= 2;
}

/** The stems of the expected answer that the question does not give away. */
export function wantedStems(expected: string, question: string): ReadonlySet<string> {
  const asked = new Set(contentWords(question).map(stem));
  return new Set(
    contentWords(expected)
      .map(stem)
      .filter((word) => !asked.has(word)),
  );
}

const praising = new Set(
  (
    "important importance essential crucial vital critical fundamental great good better best strong clear proper " +
    "properly right perfect excellent interesting challenging challenge exciting amazing fascinating modern popular famous " +
    "common success successful successfully passion passionate motivated motivation dedication dedicated mindset attitude " +
    "opportunity opportunities experience experienced quality professional professionally flexible positive " +
    "respect respectful communication leadership teamwork cooperation collaboration planning life " +
    "journey goal goals vision hard-working everyone everybody industry topic aspect " +
    " skill skills improve improvement expectations crisis understanding"
  )
    .split(" ")
    .map(stem),
);

const commonplaces =
  /\b(?:great|good|interesting|classic|excellent|common|popular|tricky)\s+(?:\w+\s+){0,2}question\b|\b(?:among|one\s+of|some\s+of)\s+the\s+most\s+\w+|\bin\s+(?:today['\u2019]?s|the\s+modern|this\s+modern|such\s+a\s+fast)\b|\b(?:we\s+all|everyone|everybody)\s+knows?\b|\b(?:at\s+the\s+end\s+of\s+the\s+day|to\s+sum\s+up|all\s+in\s+all|needless\s+to\s+say|best\s+practices|no\s+single\s+right|one-size-fits-all|silver\s+bullet|pros\s+and\s+cons|strengths\s+and\s+weaknesses|advantages\s+and\s+disadvantages)\b|\b(?:happy|glad)\s+to\s+(?:go\s+deeper|go\s+into|elaborate|explain\s+more|tell\s+more|answer)|\bhope\s+(?:this|that)\s+(?:answers?|helps?|covers?)\b|\bplays?\s+(?:a|an)\s+\w+\s+role\b|\b(?:very|truly|extremely|so|always|absolutely)\s+(?:important|essential|crucial|vital|critical)\b|\ban?\s+(?:crucial|fundamental|vital|essential|critical|key|hot|broad|complex|huge)\s+(?:topic|part|concept|factor|aspect|field|process|role)\b/i;
