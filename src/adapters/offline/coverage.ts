import type { KeyPoint } from "../../interview/model.ts";
import { says } from "../../interview/scoring/grade.ts";
import { containment, fingerprint } from "../../interview/similarity.ts";

/** Whether a text makes a point: in an accepted wording, or with most of its words. */
export function isCovered(point: Pick<KeyPoint, "text" | "accept">, text: string): boolean {
  return point.accept.some((wording) => says(text, wording)) || isParaphrase(point.text, text);
}

const mostWords = 0.75;

function isParaphrase(point: string, text: string): boolean {
  const print = fingerprint(point);
  return print.features.size >= 3 && containment(print, fingerprint(text)) >= mostWords;
}
