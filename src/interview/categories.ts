import type { Locale, QuestionType } from "./model.ts";

/** Category labels by question type and language. */
const labels: Record<QuestionType, Record<Locale, string>> = {
  PROJECT: { EN: "Project experience", ZH: "项目经历" },
  JAVA_BASIC: { EN: "Java fundamentals", ZH: "Java基础" },
  JAVA_COLLECTION: { EN: "Java collections", ZH: "Java集合" },
  JAVA_CONCURRENT: { EN: "Java concurrency", ZH: "Java并发" },
  MYSQL: { EN: "MySQL", ZH: "MySQL" },
  REDIS: { EN: "Redis", ZH: "Redis" },
  SPRING: { EN: "Spring", ZH: "Spring" },
  SPRING_BOOT: { EN: "Spring Boot", ZH: "Spring Boot" },
  FRONTEND: { EN: "Front end", ZH: "前端" },
  BACKEND: { EN: "Back end", ZH: "后端" },
  DATABASE: { EN: "Databases", ZH: "数据库" },
  DISTRIBUTED_SYSTEMS: { EN: "Distributed systems", ZH: "分布式系统" },
  SYSTEM_DESIGN: { EN: "System design", ZH: "系统设计" },
  ALGORITHMS: { EN: "Algorithms", ZH: "算法" },
  NETWORKING: { EN: "Networking", ZH: "计算机网络" },
  OPERATING_SYSTEMS: { EN: "Operating systems", ZH: "操作系统" },
  DEVOPS: { EN: "DevOps", ZH: "DevOps" },
  TESTING: { EN: "Testing", ZH: "测试" },
  MACHINE_LEARNING: { EN: "Machine learning", ZH: "机器学习" },
  BEHAVIORAL: { EN: "Behavioural", ZH: "行为面试" },
  GENERAL: { EN: "General", ZH: "综合" },
};

export function categoryLabel(type: QuestionType, locale: Locale): string {
  return labels[type][locale];
}

const translations = new Map(
  Object.values(labels).flatMap((category) => Object.values(category).map((label) => [label, category])),
);

/** The same category's label in another language. */
export function labelIn(locale: Locale, label: string): string {
  return translations.get(label)?.[locale] ?? label;
}
