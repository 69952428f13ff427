import { expect, it } from "vitest";
import { wordsOf } from "../../../src/interview/scoring/words.ts";

it.each([
  ["B+树减少磁盘读取", ["b+", "树减", "减少", "少磁", "磁盘", "盘读", "读取"]],
  ["用Redis缓存", ["用", "redis", "缓存"]],
  ["It's Redis's TTL", ["it", "redis", "ttl"]],
])("parts %s into words and pairs of characters", (text, words) => expect(wordsOf(text)).toEqual(words));
