import type { InterviewMode, Locale, ReportDocument, ScoreBand } from "./model.ts";

/** The fixed texts of the printed report, in the interview's language. */
export interface ReportText {
  title: string;
  facts: {
    position: string;
    resume: string;
    session: string;
    completed: string;
    mode: string;
    version: string;
    answered: string;
  };
  modes: Record<InterviewMode, string>;
  overallScore: string;
  bands: Record<ScoreBand, string>;
  summary: string;
  overallFeedback: string;
  strengths: string;
  noStrengths: string;
  improvements: string;
  noImprovements: string;
  knowledgeGaps: string;
  learningPath: string;
  resumeImprovements: string;
  categoryScores: string;
  category: string;
  score: string;
  questionCount: string;
  questions: string;
  noQuestions: string;
  followUp: string;
  answer: string;
  notAnswered: string;
  accuracy: string;
  completeness: string;
  clarity: string;
  total: string;
  feedback: string;
  referenceAnswer: string;
  keyPoints: string;
  evidence: string;
  trends: string;
  scoreProgression: string;
  categoryStrengths: string;
  date: string;
  first: string;
  latest: string;
  average: string;
  /** Explains the placeholder for characters that cannot be printed. */
  placeholderNote(placeholder: string): string;
  question(number: number): string;
  questionsCounted(count: number): string;
  answeredOf(answered: number, total: number): string;
}

export function reportText(locale: Locale): ReportText {
  return locale === "ZH" ? chinese : english;
}

/** "Job title · Company", or whichever was given; null when neither was. */
export function positionOf({ jobTitle, companyName }: ReportDocument): string | null {
  return [jobTitle, companyName].filter((part) => part?.trim()).join(" · ") || null;
}

/** UTC to the minute, so that a report reads the same wherever it is printed. */
export function formatTime(time: Date, locale: Locale): string {
  const clock = `${twoDigits(time.getUTCHours())}:${twoDigits(time.getUTCMinutes())} UTC`;
  const [year, month, day] = [time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()];
  return locale === "ZH" ? `${year}年${month + 1}月${day}日 ${clock}` : `${day} ${months[month]} ${year}, ${clock}`;
}

/** The day in UTC, in the short unambiguous form 2026-05-18. */
export function formatDay(time: Date): string {
  return time.toISOString().slice(0, 10);
}

const english: ReportText = {
  title: "Interview report",
  facts: {
    position: "Position",
    resume: "Résumé",
    session: "Session",
    completed: "Completed",
    mode: "Mode",
    version: "Report version",
    answered: "Answered",
  },
  modes: { PLANNED: "Planned questions", ADAPTIVE: "Adaptive conversation" },
  overallScore: "Overall score",
  bands: { EXCELLENT: "Excellent", GOOD: "Good", ADEQUATE: "Adequate", NEEDS_IMPROVEMENT: "Needs improvement" },
  summary: "Executive summary",
  overallFeedback: "Overall feedback",
  strengths: "Strengths",
  noStrengths: "No particular strengths showed in this interview.",
  improvements: "Priority improvements",
  noImprovements: "Nothing stood out as needing improvement.",
  knowledgeGaps: "Knowledge gaps",
  learningPath: "Learning path",
  resumeImprovements: "Résumé improvements",
  categoryScores: "Category scores",
  category: "Category",
  score: "Score",
  questionCount: "Questions",
  questions: "Question by question",
  noQuestions: "The interview ended before a question was asked.",
  followUp: "Follow-up",
  answer: "Answer",
  notAnswered: "Not answered",
  accuracy: "Accuracy",
  completeness: "Completeness",
  clarity: "Clarity",
  total: "Total",
  feedback: "Feedback",
  referenceAnswer: "Reference answer",
  keyPoints: "Key points",
  evidence: "Quoted from the answer",
  trends: "Trends",
  scoreProgression: "Score progression",
  categoryStrengths: "Category strengths",
  date: "Date",
  first: "First",
  latest: "Latest",
  average: "Average",
  placeholderNote: (placeholder) => `${placeholder} stands for a character that this document's fonts do not have.`,
  question: (number) => `Question ${number}`,
  questionsCounted: (count) => (count === 1 ? "1 question" : `${count} questions`),
  answeredOf: (answered, total) => `${answered} of ${total} ${total === 1 ? "question" : "questions"}`,
};

const chinese: ReportText = {
  title: "面试报告",
  facts: {
    position: "应聘职位",
    resume: "简历",
    session: "会话ID",
    completed: "完成时间",
    mode: "模式",
    version: "报告版本",
    answered: "作答情况",
  },
  modes: { PLANNED: "预设题目", ADAPTIVE: "自适应对话" },
  overallScore: "总分",
  bands: { EXCELLENT: "优秀", GOOD: "良好", ADEQUATE: "合格", NEEDS_IMPROVEMENT: "有待提高" },
  summary: "评估摘要",
  overallFeedback: "总体评价",
  strengths: "优势",
  noStrengths: "本次面试中没有表现出突出的优势。",
  improvements: "优先改进项",
  noImprovements: "没有特别需要改进的地方。",
  knowledgeGaps: "知识盲区",
  learningPath: "学习路径",
  resumeImprovements: "简历改进建议",
  categoryScores: "各类别得分",
  category: "类别",
  score: "得分",
  questionCount: "题数",
  questions: "逐题详情",
  noQuestions: "面试在提问之前已结束。",
  followUp: "追问",
  answer: "回答",
  notAnswered: "未作答",
  accuracy: "准确性",
  completeness: "完整性",
  clarity: "清晰度",
  total: "合计",
  feedback: "反馈",
  referenceAnswer: "参考答案",
  keyPoints: "要点",
  evidence: "回答摘录",
  trends: "趋势",
  scoreProgression: "得分走势",
  categoryStrengths: "各类别强弱",
  date: "日期",
  first: "首次",
  latest: "最近",
  average: "平均",
  placeholderNote: (placeholder) => `${placeholder}表示本文档字体中没有的字符。`,
  question: (number) => `第${number}题`,
  questionsCounted: (count) => `${count}题`,
  answeredOf: (answered, total) => `${answered}/${total}题`,
};

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
