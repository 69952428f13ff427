import type { Locale, ReportDocument, ReportQuestion, Trends } from "../../../src/interview/model.ts";
import { bandOf } from "../../../src/interview/scores.ts";

/** Report documents to print, without anything random in them. */
export function reportDocument(options: {
  locale: Locale;
  questions: number;
  trends?: number;
  change?: (document: ReportDocument) => void;
}): ReportDocument {
  const { locale } = options;
  const words = locale === "ZH" ? chinese : english;
  const questions = Array.from({ length: options.questions }, (_, index) => question(index, words));
  const document: ReportDocument = {
    sessionId: "SW50ZXJ2aWV3U2Vzc2lvbjowMTk0YjJjMC03YTFlLTdjM2YtOWQyNS01ZTZmOGE5YjBjMWQ=",
    resumeKey: words.resumeKey,
    locale,
    mode: "PLANNED",
    jobTitle: words.jobTitle,
    companyName: words.company,
    completedAt: new Date("2026-05-18T14:03:27Z"),
    totalQuestions: options.questions + 2,
    report: {
      id: "report-1",
      version: 1,
      overallScore: 71,
      band: bandOf(71),
      overallFeedback: words.overall,
      strengths: words.strengths,
      improvements: words.improvements,
      knowledgeGaps: words.gaps,
      learningPath: words.path,
      resumeImprovements: words.resume,
      categoryScores: words.categories.map((category, i) => ({
        category,
        score: [92, 78, 64, 41, 0, 100][i]!,
        questionCount: i + 1,
      })),
      questions,
      answeredCount: questions.filter((entry) => entry.answered).length,
      createdAt: new Date("2026-05-18T14:04:02Z"),
    },
    trends: options.trends === undefined ? null : trends(options.trends, words),
  };
  options.change?.(document);
  return document;
}

function question(index: number, words: Words): ReportQuestion {
  const sample = words.samples[index % words.samples.length]!;
  return {
    questionId: `question-${index}`,
    index,
    text: sample.question,
    category: words.categories[index % words.categories.length]!,
    isFollowUp: index % 4 === 2,
    answered: sample.answer !== null,
    answer: sample.answer,
    score: {
      accuracy: sample.answer === null ? 0 : 38 - ((index * 7) % 25),
      completeness: sample.answer === null ? 0 : 28 - ((index * 5) % 17),
      clarity: sample.answer === null ? 0 : 29 - ((index * 3) % 14),
      feedback: sample.feedback,
      referenceAnswer: sample.reference,
      keyPoints: sample.keyPoints,
      evidence: sample.answer === null ? [] : [sample.answer.slice(0, 40)],
    },
  };
}

function trends(count: number, words: Words): Trends {
  return {
    scores: Array.from({ length: count }, (_, i) => ({
      sessionId: `session-${i}`,
      evaluatedAt: new Date(Date.UTC(2026, 1, 3 + 9 * i, 10)),
      overallScore: 48 + ((i * 17) % 45),
    })),
    categories: words.categories.map((category, i) => ({
      category,
      averageScore: [81, 77, 62, 44, 12, 95][i]!,
      firstScore: [70, 77, 66, 30, 0, 90][i]!,
      lastScore: [92, 77, 58, 58, 24, 100][i]!,
      questionCount: 2 + i,
    })),
  };
}

type Words = typeof english;

const english = {
  resumeKey: "zoe-backend-2026",
  jobTitle: "Senior Backend Engineer",
  company: "Northwind Logistics",
  overall:
    "Across the interview the answers were concrete and came from practice: caching, idempotent consumers and " +
    "schema migrations were each explained with a reason and a consequence. Technical depth is good in Redis and " +
    "Spring; concurrency answers stayed on the surface and did not mention visibility or happens-before.\n\n" +
    "For a senior role the candidate is close: with a firmer grip on transactions and on measuring before tuning, " +
    "the same stories would carry much further.",
  strengths: [
    "Explains trade-offs with numbers from production (p99 went from 420 ms to 95 ms).",
    "Names failure modes without being asked: cache stampede, poison messages, partial deploys.",
    "Clear structure: situation, decision, result.",
  ],
  improvements: [
    "Isolation levels: say which anomaly each level allows, and show one.",
    "Concurrency: reason with happens-before instead of “it is thread-safe”.",
    "Measure first: name the profile or the query plan that led to a change.",
  ],
  gaps: ["MVCC and gap locks", "The Java memory model", "Back-pressure in message consumers"],
  path: [
    { topic: "Transactions", advice: "Reproduce a write skew in two psql sessions, then prevent it in two ways." },
    { topic: "Java memory model", advice: "Write a racy counter, explain why it is wrong, and fix it three times." },
    { topic: "Queues", advice: "Read up on consumer lag, and on what to do when a consumer cannot keep up." },
  ],
  resume: ["Give the size of the systems: requests per second, rows, team.", "Name your own part in the migration."],
  categories: ["Redis", "Spring", "Databases", "Java concurrency", "Distributed systems", "Project experience"],
  samples: [
    {
      question: "How would you keep a Redis cache consistent with the database behind it?",
      answer:
        "We write to the database first and then delete the key, never update it, because two writers could leave an " +
        "old value behind. Readers fill the cache on a miss with a short TTL.\n\nFor hot keys a mutex keeps the " +
        "stampede away:\n\n```java\nString value = redis.get(key);\nif (value == null) {\n    if (redis.setnx(lock, id, 5)) {\n" +
        "        value = db.load(key);        // only one loads\n        redis.setex(key, 60, value);\n    }\n}\n```\n\nDeletes that fail go to a queue and are tried again.",
      feedback:
        "Correct order of operations and a good reason for deleting instead of updating. The window between the " +
        "database commit and the delete is not mentioned; delayed double delete or a change-data-capture stream would close it.",
      reference:
        "Cache-aside: write the database, then delete the key. Retry failed deletes through a queue or drive them from " +
        "the binlog. Accept a bounded staleness through a TTL; protect hot keys from stampedes with a lock or early refresh.",
      keyPoints: ["Database first, then delete the key", "Retry failed deletes", "TTL bounds staleness"] as string[],
    },
    {
      question: "What does @Transactional do when the method is called from within the same class?",
      answer: "Nothing, since the call does not pass through the proxy. One moves the method to another bean.",
      feedback: "Right and to the point. Self-injection and AspectJ weaving are the other two ways.",
      reference:
        "The annotation works through a proxy around the bean; a call on this bypasses it, so no transaction is started.",
      keyPoints: ["Proxy-based", "Self-invocation bypasses it"],
    },
    {
      question: "You said that readers fill the cache: what happens when ten thousand of them miss at once?",
      answer:
        "They would all go to the database. The lock above lets one through; the others wait 50 ms and read again.",
      feedback: "Good, and consistent with the first answer. A bound on the waiting was missing.",
      reference: "Single flight per key, early probabilistic refresh, and a bound on concurrent loads.",
      keyPoints: ["Single flight", "Bounded waiting"],
    },
    {
      question: "Which anomalies does REPEATABLE READ allow in PostgreSQL?",
      answer: null as string | null,
      feedback: "This question was not answered and counts 0. Compare the reference answer and review its key points.",
      reference:
        "Write skew and serialization anomalies among read-only transactions; no phantom reads, unlike the standard's minimum.",
      keyPoints: ["Snapshot isolation", "Write skew remains"],
    },
  ],
};

const chinese: Words = {
  resumeKey: "后端简历-2026春",
  jobTitle: "高级后端工程师",
  company: "北极星物流科技有限公司",
  overall:
    "候选人整体表现良好，回答多来自实际项目：缓存、幂等消费和数据库迁移都能说明原因与结果。在Redis和Spring方面技术深度较好；并发问题的回答停留在表面，没有提到可见性和happens-before规则。\n\n" +
    "对于高级岗位来说，候选人已经比较接近：如果能更扎实地掌握事务隔离级别，并养成“先测量、再优化”的习惯，同样的项目经历会更有说服力。",
  strengths: [
    "能用生产环境的数据说明取舍（P99延迟从420毫秒降到95毫秒）。",
    "主动说明失败场景：缓存击穿、毒消息、灰度发布中断。",
    "表达结构清晰：背景、决策、结果。",
  ],
  improvements: [
    "事务隔离级别：说明每一级允许哪些异常，并举例。",
    "并发：用happens-before推理，而不是“线程安全”。",
    "先测量：说明促成改动的火焰图或执行计划。",
  ],
  gaps: ["MVCC与间隙锁", "Java内存模型", "消息消费的背压"],
  path: [
    { topic: "事务", advice: "用两个psql会话重现写偏斜，再用两种方法避免它。" },
    { topic: "Java内存模型", advice: "写一个有竞态的计数器，解释为什么是错的，并用三种方式修复。" },
    { topic: "消息队列", advice: "了解消费堆积，以及消费者跟不上时的处理办法。" },
  ],
  resume: ["写出系统规模：每秒请求数、数据量、团队人数。", "说明自己在迁移项目中承担的部分。"],
  categories: ["Redis", "Spring", "数据库", "Java并发", "分布式系统", "项目经历"],
  samples: [
    {
      question: "如何保证Redis缓存与数据库的一致性？请结合你的项目说明。",
      answer:
        "我们采用旁路缓存模式：先更新数据库，再删除缓存，而不是更新缓存，因为两个并发写可能留下旧值。读请求未命中时回填，并设置较短的过期时间。\n\n热点数据用互斥锁防止缓存击穿：\n\n" +
        "```java\nString value = redis.get(key);\nif (value == null) {            // 未命中\n    if (redis.setnx(lock, id, 5)) {\n        value = db.load(key);   // 只有一个线程回源\n        redis.setex(key, 60, value);\n    }\n}\n```\n\n删除失败的键进入消息队列重试。",
      feedback:
        "操作顺序正确，并说明了删除而不是更新的原因。没有提到数据库提交与删除缓存之间的时间窗口，可以用延迟双删或订阅binlog解决。",
      reference:
        "旁路缓存：先写数据库，再删缓存；删除失败通过消息队列重试，或订阅binlog驱动删除；用过期时间限制不一致的时长；热点键用互斥锁或提前刷新防止击穿。",
      keyPoints: ["先写库再删缓存", "删除失败要重试", "过期时间限制不一致"],
    },
    {
      question: "在同一个类内部调用带有@Transactional注解的方法会怎样？",
      answer: "事务不会生效，因为调用没有经过代理对象。可以把方法移到另一个Bean里。",
      feedback: "正确且简洁。还可以注入自身或使用AspectJ织入。",
      reference: "注解通过代理生效；类内部通过this调用会绕过代理，因此不会开启事务。",
      keyPoints: ["基于代理", "自调用绕过代理"],
    },
    {
      question: "你提到读请求会回填缓存：如果一万个请求同时未命中会怎样？",
      answer: "它们都会打到数据库。上面的锁只放行一个，其余请求等待50毫秒后重读缓存。",
      feedback: "回答良好，与前面一致；没有说明等待的上限。",
      reference: "按键合并请求，提前随机刷新，并限制并发回源数量。",
      keyPoints: ["请求合并", "等待要有上限"],
    },
    {
      question: "PostgreSQL的可重复读隔离级别允许哪些异常？",
      answer: null,
      feedback: "本题未作答，计0分。请对照参考答案复习相关要点。",
      reference: "允许写偏斜等序列化异常；与标准的最低要求不同，不会出现幻读。",
      keyPoints: ["快照隔离", "仍有写偏斜"],
    },
  ],
};
