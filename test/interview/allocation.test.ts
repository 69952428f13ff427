import { describe, expect, it } from "vitest";
import { allocateQuestions } from "../../src/interview/allocation.ts";
import type { QuestionType } from "../../src/interview/model.ts";
import { readResume } from "../../src/interview/resume.ts";
import { resumeText } from "./resumes.ts";

const names = ["java-backend.zh", "frontend.en", "python-ml.en", "python-backend.en", "devops.zh", "shop-manager.en"];
const counts = Array.from({ length: 18 }, (_, index) => index + 3);
const javaFamily: QuestionType[] = ["JAVA_BASIC", "JAVA_COLLECTION", "JAVA_CONCURRENT", "SPRING", "SPRING_BOOT"];

const profileOf = (name: string) => readResume(resumeText(name));
const tally = (types: QuestionType[], type: QuestionType) => types.filter((other) => other === type).length;

/**
 * Worked out by hand from the weights 2 2 2 1 1 1 1 by largest remainder, ties to the left: PROJECT, MYSQL, REDIS,
 * JAVA_BASIC, JAVA_COLLECTION, JAVA_CONCURRENT, SPRING.
 */
const javaTable: Record<number, number[]> = {
  3: [1, 1, 1, 0, 0, 0, 0],
  4: [1, 1, 1, 1, 0, 0, 0],
  5: [1, 1, 1, 1, 1, 0, 0],
  6: [1, 1, 1, 1, 1, 1, 0],
  7: [1, 1, 1, 1, 1, 1, 1],
  8: [2, 1, 1, 1, 1, 1, 1],
  9: [2, 2, 1, 1, 1, 1, 1],
  10: [2, 2, 2, 1, 1, 1, 1],
  11: [3, 2, 2, 1, 1, 1, 1],
  12: [3, 3, 2, 1, 1, 1, 1],
  13: [3, 3, 3, 1, 1, 1, 1],
  14: [3, 3, 3, 2, 1, 1, 1],
  15: [3, 3, 3, 2, 2, 1, 1],
  16: [3, 3, 3, 2, 2, 2, 1],
  17: [3, 3, 3, 2, 2, 2, 2],
  18: [4, 3, 3, 2, 2, 2, 2],
  19: [4, 4, 3, 2, 2, 2, 2],
  20: [4, 4, 4, 2, 2, 2, 2],
};
const javaTypes: QuestionType[] = [
  "PROJECT",
  "MYSQL",
  "REDIS",
  "JAVA_BASIC",
  "JAVA_COLLECTION",
  "JAVA_CONCURRENT",
  "SPRING",
];

describe("allocateQuestions", () => {
  it.each(names)("gives exactly the count asked for, at every count, for %s", (name) => {
    const profile = profileOf(name);
    for (const count of counts) expect(allocateQuestions(profile, count)).toHaveLength(count);
  });

  it.each(counts)("holds the Java weights at %i questions", (count) => {
    const types = allocateQuestions(profileOf("java-backend.zh"), count);
    expect(javaTypes.map((type) => tally(types, type))).toEqual(javaTable[count]);
  });

  it("never asks about Java where the résumé is another kind", () => {
    for (const name of names.slice(1)) {
      for (const count of counts) {
        const types = allocateQuestions(profileOf(name), count);
        expect(types.filter((type) => javaFamily.includes(type))).toEqual([]);
      }
    }
  });

  it("asks most about what the résumé is about", () => {
    const most = (name: string) => {
      const types = allocateQuestions(profileOf(name), 10).filter((type) => type !== "PROJECT");
      return types.toSorted((a, b) => tally(types, b) - tally(types, a))[0];
    };
    expect(most("frontend.en")).toBe("FRONTEND");
    expect(most("python-ml.en")).toBe("MACHINE_LEARNING");
    expect(most("python-backend.en")).toBe("BACKEND");
    expect(most("devops.zh")).toBe("DEVOPS");
  });

  it("asks about Redis and databases only where they are shown", () => {
    expect(allocateQuestions(profileOf("python-backend.en"), 10)).toEqual(
      expect.arrayContaining(["REDIS", "DATABASE"]),
    );
    expect(allocateQuestions(profileOf("frontend.en"), 20)).not.toContain("REDIS");
    const withMysql = readResume("Backend developer: Go, gRPC, MySQL, Kafka\n\nProjects\n- Ledger: Go");
    expect(allocateQuestions(withMysql, 10)).toContain("MYSQL");
    expect(allocateQuestions(withMysql, 20)).not.toContain("DATABASE");
  });

  it("opens with a project where there is one, and asks about none where there is nothing to ask about", () => {
    for (const name of names) expect(allocateQuestions(profileOf(name), 5)[0]).toBe("PROJECT");
    expect(allocateQuestions(readResume("React, TypeScript, CSS"), 10)).not.toContain("PROJECT");
    expect(new Set(allocateQuestions(readResume("lorem ipsum"), 10))).toEqual(new Set(["GENERAL", "BEHAVIORAL"]));
    expect(allocateQuestions(readResume("Java, Spring, MySQL"), 10)).toContain("PROJECT");
  });

  it("does not ask two questions of one type in a row where it can be helped", () => {
    for (const name of names) {
      for (const count of counts) {
        const types = allocateQuestions(profileOf(name), count);
        expect(types.filter((type, index) => type === types[index - 1])).toEqual([]);
      }
    }
  });
});
