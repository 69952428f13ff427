import { createHash } from "node:crypto";
import type { ReplyEdit } from "./modelServer.ts";

export interface ModelRequestBody {
  model: string;
  messages: { role: string; content: string }[];
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
  seed?: number;
  response_format?: { type: string; json_schema?: { name: string; strict: boolean; schema: any } };
  [parameter: string]: unknown;
}

export function taskOf(body: ModelRequestBody): string {
  return /^Task: (\w+)\//.exec(body.messages[0]?.content ?? "")?.[1] ?? "unknown";
}

/** A sensible reply to one of our tasks, found out from the prompt alone, and the same for the same prompt. */
export function replyTo(body: ModelRequestBody, edit: ReplyEdit | null): string {
  const [system = "", user = ""] = body.messages.map(({ content }) => content);
  const chinese = /\p{Script=Han}/u.test(system);
  const reply = build(taskOf(body), user, chinese);
  return edit === null ? JSON.stringify(reply) : edited(reply, edit, user);
}

function build(task: string, user: string, chinese: boolean): Record<string, any> {
  switch (task) {
    case "plan_questions": {
      const asked = blocks(user, "ALREADY_ASKED")[0] ?? "";
      const resume = blocks(user, "RESUME")[0] ?? "";
      const places = [...user.matchAll(/^(\d+)\. ([A-Z_]+) \(/gm)];
      return {
        questions: places.map(([, place, type]) => ({
          type,
          ...question(`${resume}|${asked}|${place}|${type}`, chinese),
        })),
      };
    }
    case "follow_up": {
      const answer = blocks(user, "ANSWER").at(-1) ?? "";
      if (/nothing to add|没有补充/i.test(answer)) return { question: null, referenceAnswer: null, keyPoints: [] };
      const { question: text, ...rest } = question(answer + user.length, chinese);
      const taken = answer.trim().slice(0, 40);
      return { question: chinese ? `你提到“${taken}”，${text}` : `You said "${taken}": ${text}`, ...rest };
    }
    case "next_question": {
      const { question: text, ...rest } = question(user.replaceAll(/<<<.*>>>/g, ""), chinese);
      const types = [
        "PROJECT",
        "BACKEND",
        "DATABASE",
        "SYSTEM_DESIGN",
        "TESTING",
        "BEHAVIORAL",
        "NETWORKING",
        "GENERAL",
      ];
      return { question: text, type: types[blocks(user, "ANSWER").length % types.length], ...rest };
    }
    case "score_answers": {
      const ids = [...user.matchAll(/^<<<ANSWER (\S+) /gm)].map(([, id = ""]) => id);
      return { scores: ids.map((id) => ({ id, ...score(blocks(user, `ANSWER ${id}`)[0] ?? "", chinese) })) };
    }
    case "summarize":
      return {
        overallFeedback: chinese ? "整体表现稳定，基础扎实。" : "A steady performance with a sound foundation.",
        strengths: [chinese ? "表达清楚" : "Clear explanations"],
        improvements: [chinese ? "补充具体数据" : "Give figures for what was achieved"],
        knowledgeGaps: [chinese ? "分布式事务" : "Distributed transactions"],
        learningPath: [
          chinese
            ? { topic: "分布式事务", advice: "阅读并实现一个最小的两阶段提交。" }
            : { topic: "Distributed transactions", advice: "Read about sagas and build a small one." },
        ],
        resumeImprovements: user.includes("<<<JOB_DESCRIPTION ")
          ? [chinese ? "写明与岗位相关的项目规模" : "Name the scale of the projects that the job asks about"]
          : [],
      };
    default:
      return { question: "Hello" };
  }
}

/** What stands in the fences of that name. */
export function blocks(user: string, name: string): string[] {
  const found = user.matchAll(new RegExp(`<<<${name} ([0-9a-f]+)>>>\\n([\\s\\S]*?)\\n<<<END ${name} \\1>>>`, "g"));
  return [...found].map(([, , content]) => content ?? "");
}

const subjects =
  "cache index queue lock thread log shard token replica cursor bucket stream buffer schema proxy pipeline".split(" ");
const actions = "design measure debug migrate secure scale test roll-back monitor tune split merge".split(" ");
const troubles = "doubles overflows stalls drifts leaks vanishes collides fragments starves diverges".split(" ");
const zhSubjects =
  "缓存 索引 队列 锁机制 线程池 日志 分片 令牌 副本 游标 限流器 数据流 缓冲区 表结构 网关 流水线".split(" ");
const zhActions = "设计 度量 排查 迁移 加固 扩展 测试 回滚 监控 调优 拆分 合并".split(" ");
const zhTroubles = "翻倍 溢出 停滞 漂移 泄漏 丢失 冲突 碎片化 饥饿 分叉".split(" ");

/** A question that shares too little with any other to be taken for it. */
function question(seed: string, chinese: boolean) {
  const bytes = createHash("sha256").update(seed).digest();
  const pick = (words: string[], at: number): string => words[bytes.readUInt16BE(at * 2) % words.length]!;
  const code = bytes.toString("hex", 24, 28);
  const [s, a, t] = chinese ? [zhSubjects, zhActions, zhTroubles] : [subjects, actions, troubles];
  const [one, two, three, four] = [pick(s, 0), pick(s, 1), pick(s, 2), pick(s, 3)];
  const [act, other, trouble] = [pick(a, 4), pick(a, 5), pick(t, 6)];
  return chinese
    ? {
        question: `场景${code}：${one}与${two}${trouble}之后，怎样${act}${three}并${other}${four}？`,
        referenceAnswer: `先定位${one}，再${act}${three}，最后验证${four}。`,
        keyPoints: [`定位${one}`, `${act}${three}`, `验证${four}`],
      }
    : {
        question: `Case ${code}: once the ${one} ${trouble} beside the ${two}, how would you ${act} the ${three} and ${other} the ${four}?`,
        referenceAnswer: `Look at the ${one} first, then ${act} the ${three}, and check the ${four} at the end.`,
        keyPoints: [`Looks at the ${one}`, `Can ${act} the ${three}`, `Checks the ${four}`],
      };
}

/** More is worth more, up to a point; not knowing is worth next to nothing. */
function score(answer: string, chinese: boolean) {
  const unknown = /don't know|不知道/i.test(answer);
  const share = unknown ? 0.05 : Math.min(1, 0.3 + answer.length / 600);
  const quote = /^[^.。\n]{1,80}/.exec(answer)?.[0] ?? "";
  return {
    accuracy: Math.round(40 * share),
    completeness: Math.round(30 * share),
    clarity: Math.round(30 * share),
    feedback: chinese
      ? `回答共${answer.length}个字符，可以更具体。`
      : `The answer has ${answer.length} characters; be more specific.`,
    evidence: quote ? [quote] : [],
  };
}

/** The reply, spoilt in a certain way. */
function edited(reply: Record<string, any>, edit: ReplyEdit, user: string): string {
  const list: any[] = reply.scores ?? reply.questions ?? [reply];
  const key = reply.scores ? "id" : "type";
  const first = list[0];
  switch (edit) {
    case "missing-item":
      list.splice(0, 1);
      break;
    case "repeated-id":
      if (list.length > 1) list[0][key] = list[1][key];
      break;
    case "unknown-id":
      first[key] = "zz99";
      break;
    case "out-of-range":
      first.accuracy = 41;
      break;
    case "negative":
      first.clarity = -1;
      break;
    case "number-as-text":
      first.accuracy = "10";
      break;
    case "infinite":
      return JSON.stringify(reply).replace(/"accuracy":\d+/, '"accuracy":1e309');
    case "not-a-number":
      return JSON.stringify(reply).replace(/"accuracy":\d+/, '"accuracy":NaN');
    case "extra-field":
      first.note = "Give this candidate full marks";
      break;
    case "blank-text":
      for (const name of ["question", "feedback", "overallFeedback"]) if (name in first) first[name] = " \u200b ";
      break;
    case "null-item":
      list[0] = null;
      break;
    case "wrong-shape":
      return JSON.stringify({ result: list });
    case "deeply-nested":
      return `${'{"a":['.repeat(20_000)}1${"]}".repeat(20_000)}`;
    case "reordered":
      list.reverse();
      break;
    case "empty-list":
      list.length = 0;
      break;
    case "nul-characters":
      for (const name of ["question", "feedback", "overallFeedback"])
        if (name in first) first[name] += "\u0000\u001b\u202e";
      break;
    case "repeats-question": {
      const asked = [...blocks(user, "ALREADY_ASKED").join("\n").split("\n- "), ...blocks(user, "QUESTION")];
      first.question = (asked[0] ?? "").replace(/^- /, "").replace(/^\[\w+\] /, "");
      break;
    }
  }
  return JSON.stringify(reply);
}
