import { describe, expect, it } from "vitest";
import { isNearDuplicate } from "../../src/interview/similarity.ts";

describe("isNearDuplicate", () => {
  it.each([
    ["What is a covering index?", "what is a COVERING index"],
    ["Explain how HashMap works in Java.", "How does a HashMap work internally in Java?"],
    ["Could you please describe how Redis persists data?", "How does Redis persist its data to disk?"],
    ["How would you handle a cache stampede?", "Tell me how you would handle cache stampedes."],
    ["请介绍一下HashMap的底层实现原理", "HashMap的底层实现原理是什么？"],
    ["什么是缓存穿透，如何解决？", "缓存穿透是什么？怎么解决？"],
    ["请解释一下Spring事务的传播行为。", "Spring 事务的传播行为有哪些？"],
    ["Why?", "why ?"],
  ])("is true of %j and %j", (a, b) => {
    expect(isNearDuplicate(a, b)).toBe(true);
    expect(isNearDuplicate(b, a)).toBe(true);
  });

  it.each([
    [
      "What is the difference between HashMap and Hashtable?",
      "What is the difference between HashMap and ConcurrentHashMap?",
    ],
    ["What does REPEATABLE READ guarantee?", "What does SERIALIZABLE guarantee?"],
    ["What is an index?", "What is a covering index?"],
    ["How does Redis persist data?", "How does Redis evict data when memory is full?"],
    ["什么是缓存穿透，如何解决？", "什么是缓存雪崩，如何解决？"],
    ["HashMap和Hashtable有什么区别？", "ArrayList和LinkedList有什么区别？"],
    ["MySQL的事务隔离级别有哪些？", "MySQL的索引类型有哪些？"],
    ["What is a covering index?", "什么是覆盖索引？"],
    ["", "What is Redis?"],
    ["Why?", "How?"],
  ])("is false of %j and %j", (a, b) => {
    expect(isNearDuplicate(a, b)).toBe(false);
  });
});

it("another number is another question, but for its place in a list", () => {
  const long = (version: number) =>
    `How would you design and operate the cache of a shop in Java ${version} in production?`;
  expect(isNearDuplicate(long(8), long(21))).toBe(false);
  expect(isNearDuplicate(`1. ${long(8)}`, `2) ${long(8)}`)).toBe(true);
});
