import { expect, it } from "vitest";
import { sentencesOf } from "../../../src/interview/scoring/substance.ts";
import { proseOf } from "../../../src/interview/scoring/wordLists.ts";

it.each([
  "Roll back first. Tell support. Then read the logs.",
  "Threads share memory, processes don't.",
  "GET reads, POST creates, PUT replaces, DELETE removes.",
  "- hash the password\n- add a salt\n- use Argon2",
  "Bloom filter for missing keys, mutex for hot keys, random TTL for avalanche.",
  "先回滚，再看日志，定位原因，修复后补测试。",
  "加索引，看执行计划，改写SQL，必要时分表。",
  "私下沟通，倾听对方想法，用数据验证，最后达成一致。",
])("takes what is said in few words for no list: %s", (answer) =>
  expect(proseOf(answer, [])).toEqual(sentencesOf(answer)),
);

it.each([
  "A buffer for peaks. Independent scaling of consumers. Retries of failed messages.",
  "It's all about collisions, chaining and probing.",
  "I would mention a token bucket per client, counters in a shared Redis and a header with the time of the next try.",
  "主要就是闭包、作用域、变量引用和内存泄漏这几个方面。",
  "第一，影响范围。第二，回滚或降级。第三，监控和日志。",
])("reads no list: %s", (answer) => expect(proseOf(answer, [])).toEqual([]));

it("reads what is said beside a list, and that alone", () =>
  expect(
    proseOf("Requests that fail are tried again. Decoupling in time, a buffer for peaks, eventual consistency.", []),
  ).toEqual(["Requests that fail are tried again."]));
