import { categoryLabel } from "../../interview/categories.ts";
import { type Locale, type QuestionType, questionTypes } from "../../interview/model.ts";

/** Practice advice for a category, given by its label. */
export function practiceFor(category: string, locale: Locale): string {
  const type = questionTypes.find((type) => categoryLabel(type, locale) === category) ?? "GENERAL";
  return practice[type][locale];
}

const practice: Record<QuestionType, Record<Locale, string>> = {
  PROJECT: {
    EN: "Write each project down in five sentences (problem, your part, decision and alternative, result in numbers, lesson) and tell it aloud.",
    ZH: "把每个项目写成五句话（问题、本人职责、方案与备选、量化结果、教训），并反复口述练习。",
  },
  JAVA_BASIC: {
    EN: "Write small programs that show each point, and read the class's documentation and byte code where you are unsure.",
    ZH: "针对每个知识点编写小程序验证，不确定之处查阅官方文档和字节码。",
  },
  JAVA_COLLECTION: {
    EN: "Read the source of HashMap and ConcurrentHashMap once, and explain to somebody what put and resize do.",
    ZH: "通读 HashMap 与 ConcurrentHashMap 源码，并向他人讲清 put 和扩容的过程。",
  },
  JAVA_CONCURRENT: {
    EN: "Write programs that break without a lock, mend them in two ways, and look at a thread dump of a deadlock.",
    ZH: "编写不加锁就会出错的程序，用两种方式修复，并分析一次死锁的线程转储。",
  },
  MYSQL: {
    EN: "Fill a table with a million rows, read EXPLAIN for ten queries, and try each isolation level in two sessions.",
    ZH: "建一张百万行的表，用 EXPLAIN 分析十条查询，并开两个会话验证各隔离级别。",
  },
  REDIS: {
    EN: "Run a local Redis, try persistence, eviction and a fail-over, and write a cache that survives a stampede.",
    ZH: "在本地搭建 Redis，动手验证持久化、淘汰策略与主从切换，并实现一个能抵御缓存击穿的缓存。",
  },
  SPRING: {
    EN: "Step through the start of a small application in the debugger: bean creation, proxies and a transaction.",
    ZH: "用调试器跟踪一个小应用的启动过程，弄清 Bean 创建、代理和事务的实现。",
  },
  SPRING_BOOT: {
    EN: "Write a starter of your own with auto-configuration and conditions, and look at it through the actuator.",
    ZH: "自己编写一个带自动配置和条件注解的 starter，并用 Actuator 观察。",
  },
  FRONTEND: {
    EN: "Build one small page without a framework, profile it in the browser's tools, and explain what renders when.",
    ZH: "不用框架实现一个小页面，用浏览器工具做性能分析，并解释何时渲染、为何渲染。",
  },
  BACKEND: {
    EN: "Build one small service with authentication, validation, pagination and idempotent writes, and load-test it.",
    ZH: "独立实现一个带鉴权、校验、分页和幂等写入的小服务，并做压力测试。",
  },
  DATABASE: {
    EN: "Design a schema for a domain you know, write its ten hardest queries, and read their plans.",
    ZH: "为熟悉的业务设计表结构，写出最复杂的十条查询并分析执行计划。",
  },
  DISTRIBUTED_SYSTEMS: {
    EN: "Take one system you know and write down what happens when each part is slow, down or answers twice.",
    ZH: "选一个熟悉的系统，逐一写出各组件变慢、宕机或重复响应时会发生什么。",
  },
  SYSTEM_DESIGN: {
    EN: "Design one system a week on paper in 40 minutes: requirements, estimates, data, interfaces, bottlenecks.",
    ZH: "每周用40分钟在纸上完成一次系统设计：需求、估算、数据、接口、瓶颈。",
  },
  ALGORITHMS: {
    EN: "Solve three problems of each pattern aloud, and state time and space complexity before you write code.",
    ZH: "每种题型口述完成三道题，写代码之前先说明时间和空间复杂度。",
  },
  NETWORKING: {
    EN: "Capture one page load with a packet tool and explain every step from the DNS query to the last response.",
    ZH: "用抓包工具记录一次页面加载，解释从 DNS 查询到最后一个响应的每一步。",
  },
  OPERATING_SYSTEMS: {
    EN: "Watch a program with strace, top and perf, and explain its processes, memory and system calls.",
    ZH: "用 strace、top、perf 观察一个程序，解释其进程、内存与系统调用。",
  },
  DEVOPS: {
    EN: "Set up one service from commit to production by yourself, with monitoring, a rollback and a rehearsed failure.",
    ZH: "独立搭建一个服务从提交到上线的完整流程，包含监控、回滚和一次故障演练。",
  },
  TESTING: {
    EN: "Take code without tests, write the cases down first, and bring it under test from the unit to the whole flow.",
    ZH: "选一段没有测试的代码，先列出用例，再从单元测试逐步覆盖到完整流程。",
  },
  MACHINE_LEARNING: {
    EN: "Train one small model from raw data to evaluation, and write down why you chose each metric and split.",
    ZH: "从原始数据到评估完整训练一个小模型，并写明每个指标和数据划分的选择理由。",
  },
  BEHAVIORAL: {
    EN: "Prepare six stories in the form situation, task, action, result, and tell each in two minutes.",
    ZH: "按情境、任务、行动、结果准备六个故事，每个用两分钟讲完。",
  },
  GENERAL: {
    EN: "Answer the same questions again in writing, compare them with the reference answers, and repeat them aloud.",
    ZH: "把同样的问题重新书面作答，对照参考答案修改后再口述一遍。",
  },
};
