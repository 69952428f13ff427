import type { QuestionType } from "./model.ts";

/** The kind of work a résumé shows. */
export const tracks = [
  "JAVA",
  "FRONTEND",
  "BACKEND",
  "FULL_STACK",
  "MACHINE_LEARNING",
  "DATA",
  "DEVOPS",
  "TESTING",
  "MOBILE",
  "SYSTEMS",
  "NETWORK",
  "SECURITY",
  "GENERAL",
] as const;
export type Track = (typeof tracks)[number];

/** A skill mentioned in a text. */
export interface Skill {
  /** Canonical name, lower case: the same for "K8s" and "Kubernetes". */
  name: string;
  /** The first spelling in the text. */
  written: string;
  mentions: number;
}

/** What a skill is evidence of. */
export interface SkillMeaning {
  track: Track | null;
  type: QuestionType | null;
}

/**
 * The skills mentioned in a text, by number of mentions, then by order of appearance. "Java" is not found in
 * "JavaScript", nor "Go" in "go to"; of overlapping names the longest counts ("Spring Boot" is not also "Spring").
 */
export function readSkills(text: string): Skill[] {
  const skills = new Map<string, Skill>();
  for (const { name, start, end } of mentionsIn(text)) {
    const skill = skills.get(name) ?? { name, written: text.slice(start, end), mentions: 0 };
    skills.set(name, { ...skill, mentions: skill.mentions + 1 });
  }
  return [...skills.values()].sort((a, b) => b.mentions - a.mentions);
}

/** The names of skills, and of those that cannot be had without: who knows Spring Boot knows Spring. */
export function withIncluded(skills: Skill[]): Set<string> {
  return new Set(skills.flatMap(({ name }) => [name, ...(included[name] ?? [])]));
}

/** The tracks that a text names as a trade: "Ruby on Rails developer", "6 years of Go", "Vue开发". */
export function readTrades(text: string): Set<Track> {
  const trades = mentionsIn(text).filter(
    ({ start, end }) =>
      isBeforeJob.test(text.slice(end, end + 60)) || isAfterYears.test(text.slice(Math.max(0, start - 40), start)),
  );
  return new Set(trades.flatMap(({ name }) => meaningOf(name).track ?? []));
}

interface Mention {
  name: string;
  start: number;
  end: number;
}

function mentionsIn(text: string): Mention[] {
  const mentions: Mention[] = [];
  const words = wordsOf(text);
  for (let at = 0; at < words.length; ) {
    const match = longestAt(words, at, text);
    if (match) mentions.push({ name: match.name, start: words[at]!.start, end: words[at + match.length - 1]!.end });
    at += match?.length ?? 1;
  }
  return mentions;
}

/** Whether "you used …" makes sense: true of Kafka, not of "distributed systems". */
export function isTool(skill: string): boolean {
  return meanings.has(skill) && !concepts.has(skill);
}

export function meaningOf(skill: string): SkillMeaning {
  return meanings.get(skill) ?? { track: null, type: null };
}

interface Group extends SkillMeaning {
  /** One skill per line: its canonical name, then other spellings, separated by spaces. */
  skills: string;
}

const groups: Group[] = [
  {
    track: "JAVA",
    type: "JAVA_BASIC",
    skills: `java, jdk, java se, javase, java ee, javaee, j2ee, core java, javaweb, javaer
      jvm, java virtual machine, 垃圾回收
      maven
      gradle
      tomcat`,
  },
  {
    track: "JAVA",
    type: "JAVA_COLLECTION",
    skills: "java collections, 集合框架, java集合, hashmap, concurrenthashmap",
  },
  {
    track: "JAVA",
    type: "JAVA_CONCURRENT",
    skills: "java concurrency, juc, java并发, threadpoolexecutor, aqs, completablefuture",
  },
  {
    track: "JAVA",
    type: "SPRING",
    skills: `spring, spring framework, spring mvc, springmvc, ssm, ssh框架
      spring cloud, springcloud, spring cloud alibaba
      spring security
      mybatis, mybatis plus, mybatisplus, ibatis
      hibernate, jpa, spring data jpa
      dubbo
      nacos
      netty`,
  },
  { track: "JAVA", type: "SPRING_BOOT", skills: "spring boot, springboot" },
  {
    track: "FRONTEND",
    type: "FRONTEND",
    skills: `javascript, js, java script, es6, ecmascript
      typescript, ts
      react, reactjs, react.js, react hooks
      vue, vuejs, vue.js, vuex, pinia
      angular, angularjs
      svelte, sveltekit
      next.js, nextjs
      nuxt, nuxt.js, nuxtjs
      redux, redux toolkit, mobx
      css, css3, tailwind, tailwindcss, tailwind css, flexbox
      sass, scss
      html, html5, h5
      webpack
      vite
      jquery
      web performance, core web vitals, lighthouse
      accessibility, a11y, wcag
      小程序, 微信小程序, uniapp, uni app, taro
      electron`,
  },
  {
    track: "BACKEND",
    type: "BACKEND",
    skills: `python, cpython
      django, django rest framework, drf
      flask
      fastapi
      celery
      node.js, nodejs, node
      express, express.js, expressjs
      nestjs, nest.js
      go, golang, gin
      php
      laravel
      ruby
      rails, ruby on rails
      c#, csharp
      .net, .net core, asp.net, asp.net core, dotnet
      scala
      kotlin
      elixir
      rest, restful, rest api, rest apis, restful api
      graphql
      grpc
      oauth, oauth2, oauth 2.0, jwt`,
  },
  {
    track: "BACKEND",
    type: "DISTRIBUTED_SYSTEMS",
    skills: `kafka, apache kafka
      rabbitmq
      rocketmq
      message queue, message queues, 消息队列, mq
      microservices, microservice, micro services, 微服务
      distributed systems, distributed system, 分布式, 分布式系统, 分布式事务, 分布式锁
      zookeeper
      etcd
      consul`,
  },
  {
    track: null,
    type: "SYSTEM_DESIGN",
    skills: "system design, 系统设计, 架构设计, software architecture, 高并发, 高可用",
  },
  { track: null, type: "MYSQL", skills: "mysql, innodb, mariadb" },
  { track: null, type: "REDIS", skills: "redis" },
  {
    track: null,
    type: "DATABASE",
    skills: `postgresql, postgres, pgsql
      mongodb, mongo
      oracle, pl sql
      sql server, mssql, t sql
      sqlite
      cassandra
      dynamodb
      sql
      elasticsearch, elastic search, elk
      clickhouse`,
  },
  { track: null, type: "ALGORITHMS", skills: "algorithms, data structures, 数据结构, leetcode, acm, 算法" },
  {
    track: null,
    type: "NETWORKING",
    skills: `tcp, tcp ip, udp, 网络编程
      http, https, http 2
      websocket, websockets
      dns
      nginx
      cdn`,
  },
  {
    track: "NETWORK",
    type: "NETWORKING",
    skills: `cisco, ccna, ccnp, ccie
      juniper
      bgp
      ospf
      mpls
      vlan, vlans
      sd wan`,
  },
  {
    track: "SECURITY",
    type: null,
    skills: `penetration testing, pentesting, pentest, 渗透测试
      owasp
      burp suite
      metasploit
      siem
      漏洞挖掘`,
  },
  {
    track: null,
    type: "OPERATING_SYSTEMS",
    skills: "linux, ubuntu, centos, red hat, 操作系统\nunix\nbash, shell, shell scripting",
  },
  {
    track: "DEVOPS",
    type: "DEVOPS",
    skills: `docker, 容器化
      kubernetes, k8s, eks, gke, aks
      helm
      terraform
      ansible
      puppet
      jenkins
      ci/cd, ci cd, cicd, 持续集成, 持续部署, continuous integration, continuous delivery
      github actions
      gitlab ci
      argocd, argo cd, gitops
      prometheus
      grafana
      istio, service mesh
      observability, opentelemetry, 可观测性`,
  },
  {
    track: null,
    type: "DEVOPS",
    skills: `aws, amazon web services, ec2, s3
      gcp, google cloud
      azure
      alibaba cloud, aliyun, 阿里云
      git, github, gitlab`,
  },
  {
    track: "TESTING",
    type: "TESTING",
    skills: `selenium, webdriver
      appium
      jmeter
      test automation, automated testing, 自动化测试
      manual testing, 功能测试, 测试用例, test cases, test plans
      performance testing, load testing, 性能测试, 压力测试
      postman`,
  },
  {
    track: null,
    type: "TESTING",
    skills: `jest, vitest
      cypress
      playwright
      testing library
      junit, mockito
      pytest
      unit testing, unit tests, 单元测试
      tdd, test driven development`,
  },
  {
    track: "MACHINE_LEARNING",
    type: "MACHINE_LEARNING",
    skills: `machine learning, ml, 机器学习
      deep learning, 深度学习, neural networks
      pytorch, torch
      tensorflow, keras
      scikit learn, sklearn, scikit-learn
      xgboost, lightgbm
      nlp, natural language processing, 自然语言处理
      computer vision, opencv, 计算机视觉
      llm, llms, large language models, 大模型, 大语言模型
      transformers, transformer, hugging face, huggingface, bert
      rag, retrieval augmented generation
      recommender systems, recommendation system, 推荐系统, 推荐算法
      mlops, mlflow, kubeflow
      numpy`,
  },
  {
    track: "DATA",
    type: "DATABASE",
    skills: `spark, apache spark, pyspark
      hadoop, hdfs, mapreduce
      hive
      flink, apache flink
      airflow, apache airflow
      dbt
      etl, elt
      data warehouse, data warehousing, snowflake, bigquery, redshift, 数据仓库, 数仓
      tableau
      power bi, powerbi
      pandas`,
  },
  {
    track: "MOBILE",
    type: null,
    skills: `android, jetpack compose
      ios, uikit, swiftui
      swift
      objective c
      flutter, dart
      react native`,
  },
  {
    track: "SYSTEMS",
    type: "OPERATING_SYSTEMS",
    skills: `c++, cpp
      c, c语言
      rust
      embedded, embedded systems, rtos, 嵌入式, stm32
      multithreading, 多线程`,
  },
  { track: null, type: "ALGORITHMS", skills: "r\nmatlab" },
];

const meanings = new Map<string, SkillMeaning>();
const canonicalNames = new Map<string, string>();
for (const { skills, ...meaning } of groups) {
  for (const line of skills.split("\n")) {
    const [name, ...aliases] = line.split(",").map((spelling) => spelling.trim());
    if (!name) continue;
    meanings.set(name, meaning);
    for (const spelling of [name, ...aliases]) canonicalNames.set(spelling.replaceAll(/[-/]/g, " "), name);
  }
}

const included: Partial<Record<string, string[]>> = {
  "spring boot": ["spring"],
  "spring cloud": ["spring"],
  "spring security": ["spring"],
  typescript: ["javascript"],
  "react native": ["react"],
  "next.js": ["react"],
  nuxt: ["vue"],
  rails: ["ruby"],
  mysql: ["sql"],
  postgresql: ["sql"],
  oracle: ["sql"],
  "sql server": ["sql"],
  sqlite: ["sql"],
  "github actions": ["git"],
  "gitlab ci": ["git"],
};

const concepts = new Set([
  ...["microservices", "distributed systems", "message queue", "system design", "algorithms", "ci/cd", "observability"],
  ...["web performance", "accessibility", "test automation", "manual testing", "performance testing", "unit testing"],
  ...["tdd", "machine learning", "deep learning", "nlp", "computer vision", "recommender systems", "mlops", "etl"],
  ...[
    "data warehouse",
    "embedded",
    "multithreading",
    "tcp",
    "dns",
    "cdn",
    "unix",
    "java collections",
    "java concurrency",
    "penetration testing",
    "漏洞挖掘",
  ],
]);

/** Skills that are also everyday words: they count only in this spelling, or when set apart as a name. */
const everydayWords = new Map(
  ["Go", "Spring", "React", "Express", "REST", "Swift", "Rust", "Node", "Spark", "Hive", "Flask", "Puppet", "Helm"]
    .concat(["Consul", "Dart", "Gin", "Transformer", "Transformers", "Embedded", "Shell", "Oracle", "Torch", "ML"])
    .map((word) => [word.toLowerCase(), word]),
);
const notAfter = new Map([
  ["go", /^[ -]+(?:to|live|beyond|the|through|ahead|further|above|getter|market|for|back|over|on|out)\b/i],
  ["java", /^,? (?:coffee|indonesia|island|sea)\b/i],
  ["spring", /^ *(?:semester|term|break|festival|,? ?(?:19|20)\d\d)/i],
  ["rest", /^ +(?:of|in|assured)\b/i],
  ["express", /^ +(?:delivery|shipping|train|mail)\b/i],
  ["swift", /^ +(?:bic|codes?|messag\w+|network|payments?|transfers?)\b/i],
  ["rust", /^ +(?:prevention|proof\w*|protection|remov\w+|repairs?|treatment)\b/i],
  ["react", /^ +(?:to|fast|quickly|well)\b/i],
  ["node", /^ ?(?:节点|pools?\b)/i],
]);
const notBehind = new Map([
  ["java", /(?:central|east|west|island of|trip to) $/i],
  ["spring", /(?:early|last|late|next|this) $/i],
  ["express", /american $/i],
  ["node", /(?:cluster|data|elasticsearch|hadoop|k8s|kafka|kubernetes|master|redis|worker)[ -]$/i],
  ["ml", /\d ?$/],
]);

/** The banks' network, not the language. */
const notSpelt = new Set(["SWIFT"]);

const jobs =
  "(?:engineer|developer|programmer|architect|dev|coder|tester|dba|admin|administrator|consultant|specialist|expert|lead|" +
  "intern|trainee|graduate|trainer|teacher|instructor|freelancer)\\b";
const hanJobs =
  "(?:高级|中级|初级|资深|后端|后台|服务端|前端|全栈|软件|研发|应用|嵌入式|移动端?)*" +
  "(?:开发|工程师|程序员|架构师|实习生|研发|后端|后台|前端|讲师)";
/** "Java team lead", "Go/Python developer", "Vue 高级开发", not "React with a developer". */
const isBeforeJob = new RegExp(
  `^(?:[ /](?:(?!(?:a|an|and|as|at|by|for|in|is|of|on|or|the|to|was|with)\\b)[\\w-]{1,20}[ /]){0,2}${jobs}| ?${hanJobs})`,
  "i",
);
const isAfterYears = /\b(?:years?|yrs?)\.?'? (?:of |in )?(?:(?:professional |work )?experience (?:in |of |with )?)?$/i;
/** Close enough to a job title to make an everyday word a skill. */
const isJobNext = new RegExp(`^ (?:(?:backend|cloud|platform|services?|software|systems?|web) )?${jobs}`, "i");

interface Word {
  /** Lower case, trailing dots removed. */
  text: string;
  written: string;
  start: number;
  end: number;
  han: boolean;
}

const longestName = 4;
const longestHanName = 6;

/** Latin words (with the signs that names are made of) and single Han characters. */
function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(/\.?[A-Za-z0-9][A-Za-z0-9+#.]*|\p{Script=Han}/gu)) {
    const written = withoutTrailingDots(match[0]);
    const start = match.index;
    const han = /^\p{Script=Han}/u.test(written);
    words.push({ text: written.toLowerCase(), written, start, end: start + written.length, han });
  }
  return words;
}

function withoutTrailingDots(word: string): string {
  let end = word.length;
  while (word[end - 1] === ".") end -= 1;
  return word.slice(0, end);
}

function longestAt(words: Word[], at: number, text: string): { name: string; length: number } | null {
  const first = words[at];
  if (!first) return null;
  let joined = "";
  let found: { name: string; length: number } | null = null;
  const longest = first.han ? longestHanName : longestName;
  for (let length = 1; length <= longest; length += 1) {
    const word = words[at + length - 1];
    const previous = words[at + length - 2];
    if (!word || (length > 1 && previous && !adjoins(previous, word, text))) break;
    joined += (length > 1 && !word.han && !previous?.han ? " " : "") + word.text;
    const name = canonicalNames.get(joined) ?? (length === 1 ? withoutVersion(word.text) : undefined);
    if (name && (length > 1 || isMeantAsSkill(words, at, name, text))) found = { name, length };
  }
  return found;
}

function adjoins(left: Word, right: Word, text: string): boolean {
  const between = text.slice(left.end, right.start);
  return between === "" || between === " " || between === "-" || between === "/" || between === "_";
}

/** "java8", "vue3", "python3.11" */
function withoutVersion(word: string): string | undefined {
  if (word.length > 24) return undefined;
  const name = word.replace(/\.?\d[\d.]*(?:\.x|\+)?$/, "").replace(/\+$/, "");
  return name.length > 1 && name !== word ? canonicalNames.get(name) : undefined;
}

function isMeantAsSkill(words: Word[], at: number, name: string, text: string): boolean {
  const word = words[at]!;
  const before = text.slice(Math.max(0, word.start - 16), word.start);
  const after = text.slice(word.end, word.end + 40);
  if (word.written.length === 1 && !word.han) {
    return word.written === name.toUpperCase() && opens.test(before) && (closes.test(after) || isJobNext.test(after));
  }
  if (notAfter.get(word.text)?.test(after) || notBehind.get(word.text)?.test(before)) return false;
  const usual = everydayWords.get(word.text);
  if (!usual) return true;
  if (notSpelt.has(word.written)) return false;
  if (word.written === usual || word.written === word.text.toUpperCase() || isJobNext.test(after)) return true;
  return (
    (opens.test(before) || isNamedBeside(word, words[at - 1], text)) &&
    (closes.test(after) || isNamedBeside(word, words[at + 1], text))
  );
}

/** List items: a separator or an end of line on either side. */
const opens = /(?:^|[,/、，:：(（|;；\n\t•·]|and|- ) ?$/;
const closes = /^(?: ?(?:$|[,/、，)）|;；\n\r\t.。])| and|语言)/;

/** In a row of skills without separators, or among Chinese words. */
function isNamedBeside(word: Word, other: Word | undefined, text: string): boolean {
  if (other === undefined) return false;
  const [left, right] = other.start < word.start ? [other, word] : [word, other];
  if (!/^ ?$/.test(text.slice(left.end, right.start))) return false;
  return other.han || (other.text.length > 1 && canonicalNames.has(other.text));
}
