import { categoryLabel } from "../../interview/categories.ts";
import type { Locale, QuestionDraft, QuestionSource, Reference } from "../../interview/model.ts";
import { isNearDuplicate } from "../../interview/similarity.ts";
import type { NextQuestionRequest } from "../../ports/interviewer.ts";

/** The last question of an interview for a job: why this role. null when all variants have been asked. */
export function closingQuestion(
  request: NextQuestionRequest,
  exclude: readonly string[],
  source: QuestionSource,
): QuestionDraft | null {
  const { locale, level } = request;
  const role = roleOf(request);
  for (const { text, reference } of closings[locale](role)) {
    if (exclude.some((other) => isNearDuplicate(text, other))) continue;
    return { text, type: "BEHAVIORAL", category: categoryLabel("BEHAVIORAL", locale), level, source, reference };
  }
  return null;
}

/** The job in a sentence: "the Platform Engineer role at Acme". */
export function roleOf({
  locale,
  jobTitle,
  companyName,
}: Pick<NextQuestionRequest, "locale" | "jobTitle" | "companyName">): string {
  const title = shown(jobTitle);
  const company = shown(companyName);
  if (locale === "ZH") return `${company ?? ""}${company ? "的" : ""}${title ? `${title}岗位` : "这个岗位"}`;
  return `${title ? `the ${title} role` : "this role"}${company ? ` at ${company}` : ""}`;
}

function shown(name: string | null): string | null {
  const line = name?.replaceAll(/[\s\p{C}]+/gu, " ").trim() ?? "";
  return line === "" || line.length > 80 ? null : line;
}

const closings: Record<Locale, (role: string) => { text: string; reference: Reference }[]> = {
  EN: (role) => [
    {
      text: `To close: what draws you to ${role}, and which of your achievements best shows that you would do well in it?`,
      reference: {
        answer:
          "I applied because the work matches what I want to do next: the product and its users interest me, and the " +
          "responsibilities build on what I already do. In my last project I led a change that reduced our error rate " +
          "by 30 percent, which is close to what this team needs. In return I hope to learn from people who have run " +
          "such systems at a larger scale, and to grow into more responsibility.",
        keyPoints: [
          point("Names what in this role or company attracts", ["because", "interest", "attract", "excite", "mission"]),
          point("Backs it with one concrete achievement", ["i led", "i built", "reduced", "increased", "percent", "%"]),
          point("Connects own experience with what the job needs", ["match", "needs", "requires", "build on", "fit"]),
          point("Says what to learn or become there", ["learn", "grow", "develop", "next step"]),
        ],
      },
    },
    {
      text: `Picture your first three months in ${role}: what would you want to have achieved by the end, and how would you begin?`,
      reference: {
        answer:
          "In the first weeks I would listen: meet the team, read the code and the incident history, and learn what " +
          "users complain about. Then I would ship something small to get to know the release process. By the end of " +
          "the third month I want to own one area, have agreed on a measurable goal with my manager, and have asked " +
          "for feedback on how I work with the team.",
        keyPoints: [
          point("Begins by listening and learning the context", ["listen", "meet", "understand", "learn", "read the"]),
          point("Delivers something small early", ["small", "quick win", "ship", "first change", "deliver"]),
          point("Names a result that can be measured", ["measur", "goal", "metric", "target", "own one"]),
          point("Asks for feedback and agrees expectations", ["feedback", "expectation", "agree", "manager"]),
        ],
      },
    },
    {
      text: `Which part of ${role} would stretch you most, and what are you doing to be ready for it?`,
      reference: {
        answer:
          "Honestly, my largest gap is experience with systems of this size: so far I have worked on smaller ones. I " +
          "have started to close it with a course and a side project in which I practise the same techniques, and I " +
          "ask more experienced colleagues for review. When I had to pick up a new technology before, for example in " +
          "my last team, I was productive within a month.",
        keyPoints: [
          point("Admits a real gap", ["gap", "less experience", "have not", "haven't", "weak", "so far"]),
          point("Shows steps already taken", ["course", "practis", "practic", "side project", "reading", "started"]),
          point("Gets help from others", ["mentor", "colleague", "review", "ask"]),
          point("Proves it with an earlier case of learning fast", ["for example", "before", "last team", "within"]),
        ],
      },
    },
  ],
  ZH: (role) => [
    {
      text: `最后一个问题：${role}最吸引你的是什么？你过去哪一项成果最能说明你能胜任？`,
      reference: {
        answer:
          "我应聘是因为这份工作与我接下来的发展方向一致：产品和用户让我感兴趣，职责也建立在我现有的经验之上。在上一个项目中，我主导的改造让接口错误率降低了30%，" +
          "这与团队目前的需求很匹配。同时我希望在更大规模的系统中学习，逐步承担更多责任，获得成长。",
        keyPoints: [
          point("说出岗位或公司具体吸引自己的地方", ["因为", "吸引", "感兴趣", "认同"]),
          point("用一项具体成果作证", ["主导", "负责", "降低", "提升", "%"]),
          point("把自身经验与岗位需求联系起来", ["匹配", "需求", "经验之上", "契合"]),
          point("说明希望在这里学到什么、如何成长", ["学习", "成长", "发展方向"]),
        ],
      },
    },
    {
      text: `设想你入职${role}的前三个月：到期满时你希望做成什么，会从哪里入手？`,
      reference: {
        answer:
          "前几周我会先了解情况：和团队成员逐一沟通，阅读代码与故障记录，弄清用户的主要痛点。随后先交付一个小改动，熟悉发布流程。到第三个月末，我希望能独立负责一个模块，" +
          "与上级约定一个可量化的目标，并主动收集反馈，调整自己的协作方式。",
        keyPoints: [
          point("先了解业务和团队", ["了解", "沟通", "熟悉业务", "阅读代码"]),
          point("尽早交付一个小成果", ["小改动", "小需求", "交付", "快速"]),
          point("有可衡量的结果", ["量化", "目标", "指标", "独立负责"]),
          point("主动征求反馈、对齐预期", ["反馈", "预期", "上级", "对齐"]),
        ],
      },
    },
    {
      text: `你觉得${role}中哪一部分对你挑战最大？你正在为此做哪些准备？`,
      reference: {
        answer:
          "坦白说，我最大的不足是缺少这种规模系统的经验，之前做的系统相对小一些。我已经开始补课：一边学习课程，一边在个人项目里练习同样的技术，也会请有经验的同事做评审。" +
          "以前接手新技术时，比如在上一个团队，我用一个月就能独立开发。",
        keyPoints: [
          point("坦诚说出真实的不足", ["不足", "缺少", "欠缺", "短板", "没有做过"]),
          point("已经在采取行动", ["学习", "课程", "练习", "补课", "个人项目"]),
          point("会借助他人的帮助", ["同事", "请教", "评审", "导师"]),
          point("用过去快速学习的例子作证", ["比如", "例如", "以前", "一个月"]),
        ],
      },
    },
  ],
};

function point(text: string, accept: string[]): Reference["keyPoints"][number] {
  return { text, accept, followUp: null };
}
