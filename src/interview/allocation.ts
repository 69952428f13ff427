import type { QuestionType } from "./model.ts";
import type { ResumeProfile } from "./resume.ts";
import { meaningOf } from "./skills.ts";

type Weights = Partial<Record<QuestionType, number>>;

/**
 * The types of exactly `count` main questions in asking order, apportioned to the weights by largest remainder; ties go
 * to the type listed first. A project opens the interview, and questions of one type are spread over it.
 */
export function allocateQuestions(profile: ResumeProfile, count: number): QuestionType[] {
  return inAskingOrder(byLargestRemainder(weightsFor(profile), count));
}

/** The default weights of predecessor A, in tenths. */
const javaWeights: Weights = {
  PROJECT: 2,
  MYSQL: 2,
  REDIS: 2,
  JAVA_BASIC: 1,
  JAVA_COLLECTION: 1,
  JAVA_CONCURRENT: 1,
  SPRING: 1,
};

function weightsFor(profile: ResumeProfile): Weights {
  if (profile.track === "JAVA") return javaWeights;
  const weights = weightsOfTrack(profile);
  if (profile.hasExperience) return { PROJECT: 2, ...weights };
  return { ...weights, BEHAVIORAL: (weights.BEHAVIORAL ?? 0) + 1, GENERAL: (weights.GENERAL ?? 0) + 1 };
}

function weightsOfTrack({ track, skills, level }: ResumeProfile): Weights {
  const shown = new Set(skills.map(({ name }) => meaningOf(name).type));
  const names = new Set(skills.map(({ name }) => name));
  const ifShown = (type: QuestionType, weight: number): Weights => (shown.has(type) ? { [type]: weight } : {});
  const database = (weight: number): Weights => (shown.has("MYSQL") ? { MYSQL: weight } : { DATABASE: weight });
  const anyDatabase = (weight: number) => (shown.has("MYSQL") || shown.has("DATABASE") ? database(weight) : {});
  const design: Weights = level === "JUNIOR" ? {} : { SYSTEM_DESIGN: level === "SENIOR" ? 1.5 : 1 };
  switch (track) {
    case "JAVA":
      return javaWeights;
    case "FRONTEND":
      return {
        FRONTEND: 4,
        NETWORKING: 1,
        TESTING: 1,
        BEHAVIORAL: 1,
        ...(names.has("node.js") ? { BACKEND: 0.75 } : {}),
        ALGORITHMS: 0.75,
        ...(level === "SENIOR" ? { SYSTEM_DESIGN: 1 } : {}),
      };
    case "BACKEND":
      return {
        BACKEND: 2,
        ...database(1.5),
        ...ifShown("REDIS", 1.25),
        DISTRIBUTED_SYSTEMS: shown.has("DISTRIBUTED_SYSTEMS") ? 1.25 : 0.75,
        ...design,
        ALGORITHMS: 0.75,
        BEHAVIORAL: 0.75,
        NETWORKING: 0.5,
        ...ifShown("TESTING", 0.5),
        ...ifShown("DEVOPS", 0.5),
        ...ifShown("OPERATING_SYSTEMS", 0.5),
      };
    case "FULL_STACK":
      return {
        FRONTEND: 2,
        BACKEND: 2,
        ...database(1),
        ...ifShown("SPRING_BOOT", 1),
        ...ifShown("REDIS", 0.75),
        ...design,
        NETWORKING: 0.75,
        TESTING: 0.75,
        BEHAVIORAL: 0.75,
        ...ifShown("DEVOPS", 0.5),
      };
    case "MACHINE_LEARNING":
      return {
        MACHINE_LEARNING: 4,
        ALGORITHMS: 1,
        ...design,
        BEHAVIORAL: 1,
        ...anyDatabase(0.75),
        ...ifShown("BACKEND", 0.5),
        ...ifShown("DEVOPS", 0.5),
      };
    case "DATA":
      return {
        ...(shown.has("MYSQL") ? { DATABASE: 2, MYSQL: 1 } : { DATABASE: 3 }),
        DISTRIBUTED_SYSTEMS: 1.5,
        ...design,
        ALGORITHMS: 1,
        BEHAVIORAL: 1,
        ...ifShown("MACHINE_LEARNING", 0.75),
        ...ifShown("REDIS", 0.5),
        ...ifShown("DEVOPS", 0.5),
      };
    case "DEVOPS":
      return {
        DEVOPS: 4,
        OPERATING_SYSTEMS: 1.5,
        NETWORKING: 1.5,
        DISTRIBUTED_SYSTEMS: 1,
        BEHAVIORAL: 1,
        ...design,
        ...anyDatabase(0.5),
      };
    case "TESTING":
      return {
        TESTING: 4,
        BEHAVIORAL: 1,
        NETWORKING: 1,
        ...anyDatabase(1),
        ...ifShown("DEVOPS", 1),
        ALGORITHMS: 0.5,
        OPERATING_SYSTEMS: 0.5,
      };
    case "MOBILE":
      return {
        NETWORKING: 1.5,
        ALGORITHMS: 1.5,
        OPERATING_SYSTEMS: 1,
        TESTING: 1,
        ...design,
        BEHAVIORAL: 1,
        GENERAL: 1,
      };
    case "SYSTEMS":
      return {
        OPERATING_SYSTEMS: 2.5,
        ALGORITHMS: 2,
        NETWORKING: 1.5,
        ...design,
        BEHAVIORAL: 1,
        TESTING: 0.5,
        ...ifShown("DISTRIBUTED_SYSTEMS", 0.75),
      };
    case "NETWORK":
      return {
        NETWORKING: 4,
        OPERATING_SYSTEMS: 1.5,
        DEVOPS: 1,
        BEHAVIORAL: 1,
        ...(level === "SENIOR" ? { SYSTEM_DESIGN: 1 } : {}),
      };
    case "SECURITY":
      return {
        NETWORKING: 2.5,
        OPERATING_SYSTEMS: 2,
        BACKEND: 1,
        DEVOPS: 1,
        BEHAVIORAL: 1,
        ...anyDatabase(0.5),
      };
    case "GENERAL":
      return { GENERAL: 4, BEHAVIORAL: 4 };
  }
}

function byLargestRemainder(weights: Weights, count: number): Map<QuestionType, number> {
  const entries = Object.entries(weights) as [QuestionType, number][];
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  const shares = entries.map(([type, weight]) => {
    const quota = (count * weight) / total;
    const whole = Math.floor(quota + rounding);
    return { type, whole, remainder: quota - whole };
  });
  const left = count - shares.reduce((sum, { whole }) => sum + whole, 0);
  const lucky = new Set(
    shares
      .toSorted((a, b) => (Math.abs(a.remainder - b.remainder) < rounding ? 0 : b.remainder - a.remainder))
      .slice(0, left),
  );
  return new Map(shares.map((share) => [share.type, share.whole + (lucky.has(share) ? 1 : 0)]));
}

/** Tolerance for comparing fractional quotas. */
const rounding = 1e-9;

/**
 * Spreads each type evenly over the interview: projects open it, behavioural questions close it, and no type follows
 * itself as long as there is another.
 */
function inAskingOrder(places: Map<QuestionType, number>): QuestionType[] {
  const waiting = [...places]
    .flatMap(([type, count]) => Array.from({ length: count }, (_, i) => ({ type, at: (i + offset(type)) / count })))
    .sort((a, b) => a.at - b.at)
    .map(({ type }) => type);
  const order: QuestionType[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex((type) => type !== order.at(-1));
    order.push(...waiting.splice(Math.max(next, 0), 1));
  }
  return order;
}

function offset(type: QuestionType): number {
  if (type === "PROJECT") return 0;
  return type === "BEHAVIORAL" ? 1 : 0.5;
}
