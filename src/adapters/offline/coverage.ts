import type { KeyPoint } from "../../interview/model.ts";
import { containment, fingerprint } from "../../interview/similarity.ts";

/** Whether a text makes a point: in one of its accepted wordings, or in most of its own words. */
export function isCovered(point: Pick<KeyPoint, "text" | "accept">, text: string): boolean {
  const said = plain(text);
  return point.accept.some((wording) => says(said, plain(wording))) || isParaphrase(point.text, text);
}

function plain(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\s-]+/g, " ");
}

/** Wordings may be stems, so a word may go on after them, but none may begin before: "go" is not in "cargo". */
function says(said: string, wording: string): boolean {
  const needsEdge = /^[a-z0-9]/.test(wording);
  for (let at = said.indexOf(wording); at >= 0; at = said.indexOf(wording, at + 1)) {
    if (!needsEdge || at === 0 || !/[a-z0-9]/.test(said[at - 1] ?? "")) return true;
  }
  return false;
}

const mostWords = 0.75;

function isParaphrase(point: string, text: string): boolean {
  const print = fingerprint(point);
  return print.features.size >= 3 && containment(print, fingerprint(text)) >= mostWords;
}
