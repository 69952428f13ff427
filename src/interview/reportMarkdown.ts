import type { LearningStep, Locale, ReportDocument, ReportQuestion, Trends } from "./model.ts";
import { formatTime, positionOf, type ReportText, reportText } from "./reportText.ts";
import { bandOf, total } from "./scores.ts";
import { textBlocks, visibleText } from "./textBlocks.ts";

/**
 * The report as Markdown (CommonMark with tables). Texts of people and models are escaped: nothing in them becomes
 * markup, HTML, an image or a link.
 */
export function renderMarkdown(document: ReportDocument): string {
  const say = reportText(document.locale);
  const { report, trends } = document;
  const parts = [
    `# ${say.title}`,
    cover(document, say),
    `## ${say.summary}`,
    `### ${say.overallFeedback}`,
    paragraphs(report.overallFeedback),
    `### ${say.strengths}`,
    report.strengths.length > 0 ? list("-", report.strengths) : say.noStrengths,
    `### ${say.improvements}`,
    report.improvements.length > 0 ? list("1.", report.improvements) : say.noImprovements,
    ...section(say.knowledgeGaps, report.knowledgeGaps, (gaps) => list("-", gaps)),
    ...section(say.learningPath, report.learningPath, learningPath),
    ...section(say.resumeImprovements, report.resumeImprovements, (items) => list("-", items)),
    `## ${say.categoryScores}`,
    table(
      [say.category, say.score, say.questionCount],
      report.categoryScores.map((entry) => [inline(entry.category), String(entry.score), String(entry.questionCount)]),
    ),
    `## ${say.questions}`,
    ...(report.questions.length > 0 ? report.questions.flatMap((entry) => question(entry, say)) : [say.noQuestions]),
    ...(trends ? trendsSection(trends, say, document.locale) : []),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function cover(document: ReportDocument, say: ReportText): string {
  const { report } = document;
  const position = positionOf(document);
  const facts: [string, string][] = [
    [say.overallScore, `**${report.overallScore} / 100** (${say.bands[report.band]})`],
    [say.facts.answered, say.answeredOf(report.answeredCount, document.totalQuestions)],
    ...(position ? [[say.facts.position, inline(position)] as [string, string]] : []),
    [say.facts.resume, inline(document.resumeKey)],
    [say.facts.session, codeSpan(visibleText(document.sessionId))],
    [say.facts.completed, formatTime(document.completedAt, document.locale)],
    [say.facts.mode, say.modes[document.mode]],
    [say.facts.version, String(report.version)],
  ];
  return facts.map(([name, value]) => `- **${name}:** ${value}`).join("\n");
}

function question(entry: ReportQuestion, say: ReportText): string[] {
  const { score } = entry;
  const label = [say.question(entry.index + 1), ...(entry.isFollowUp ? [say.followUp] : []), inline(entry.category)];
  return [
    `### ${label.join(" · ")}`,
    paragraphs(entry.text),
    table(
      [say.accuracy, say.completeness, say.clarity, say.total],
      [
        [
          `${score.accuracy} / 40`,
          `${score.completeness} / 30`,
          `${score.clarity} / 30`,
          `**${total(score)} / 100** (${say.bands[bandOf(total(score))]})`,
        ],
      ],
    ),
    `**${say.answer}**`,
    entry.answer === null ? `*${say.notAnswered}*` : quoted(paragraphs(entry.answer)),
    ...labelled(say.feedback, paragraphs(score.feedback)),
    ...labelled(say.referenceAnswer, quoted(paragraphs(score.referenceAnswer))),
    ...labelled(say.keyPoints, list("-", score.keyPoints)),
    ...labelled(say.evidence, list("-", score.evidence)),
  ];
}

function trendsSection(trends: Trends, say: ReportText, locale: Locale): string[] {
  const categories = trends.categories.toSorted((a, b) => b.averageScore - a.averageScore);
  return [
    `## ${say.trends}`,
    `### ${say.scoreProgression}`,
    table(
      [say.date, say.score, say.facts.session],
      trends.scores.map((point) => [
        formatTime(point.evaluatedAt, locale),
        String(point.overallScore),
        codeSpan(visibleText(point.sessionId)),
      ]),
    ),
    `### ${say.categoryStrengths}`,
    table(
      [say.category, say.average, say.first, say.latest, say.questionCount],
      categories.map((entry) => [
        inline(entry.category),
        ...[entry.averageScore, entry.firstScore, entry.lastScore, entry.questionCount].map(String),
      ]),
    ),
  ];
}

function section<T>(title: string, items: T[], body: (items: T[]) => string): string[] {
  return items.length > 0 ? [`### ${title}`, body(items)] : [];
}

function labelled(label: string, body: string): string[] {
  return body === "" ? [] : [`**${label}**`, body];
}

function learningPath(steps: LearningStep[]): string {
  return steps.map((step, i) => `${i + 1}. **${inline(step.topic) || "–"}** – ${inline(step.advice)}`).join("\n");
}

function list(marker: "-" | "1.", items: string[]): string {
  return items.map((item, i) => `${marker === "-" ? "-" : `${i + 1}.`} ${inline(item)}`).join("\n");
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return rows.length === 0 ? "" : [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function quoted(markdown: string): string {
  return markdown === "" ? "" : markdown.replace(/^/gm, "> ").replace(/ +$/gm, "");
}

/** A foreign text of several lines: line breaks and indentation are kept. */
function paragraphs(text: string): string {
  return textBlocks(text)
    .map((block) => (block.kind === "code" ? fenced(block.lines) : block.lines.map(proseLine).join("\\\n")))
    .join("\n\n");
}

/** A foreign text on one line. */
function inline(text: string): string {
  return proseLine(visibleText(text).replace(/\s+/g, " ").trim());
}

function fenced(lines: string[]): string {
  const longest = Math.max(0, ...lines.flatMap((line) => line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return [fence, ...lines, fence].join("\n");
}

function proseLine(line: string): string {
  const indent = /^[ \t]*/.exec(line)![0];
  const spaces = indent.replace(/\t/g, "    ").length;
  return "&nbsp;".repeat(spaces) + escapeLineStart(escapeInline(line.slice(indent.length)));
}

/**
 * Many renderers autolink bare addresses, even escaped ones, but never inside a code span: so anything that could pass
 * for a URL, an e-mail address or a mention is put into one. Pipes stay outside, for tables.
 */
function escapeInline(line: string): string {
  return line.replace(/[!-{}~]+|\|/g, (token) => (addressLike.test(token) ? codeSpan(token) : escapeMarks(token)));
}

const addressLike = /:\/\/|www\.|@[a-z\d]|(?:^|[a-z\d])\.[a-z]{2,}|\b(?:mailto|xmpp|tel|javascript|vbscript|data):/i;

function codeSpan(token: string): string {
  const longest = Math.max(0, ...(token.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest > 0 ? `${fence} ${token} ${fence}` : `${fence}${token}${fence}`;
}

function escapeMarks(text: string): string {
  return text.replace(/[\\`*_{}[\]<>&~|$^]/g, "\\$&");
}

/** Escapes what would start a heading, list, rule or the like. */
function escapeLineStart(line: string): string {
  return line.replace(/^[#+\-=:]/, "\\$&").replace(/^(\d+)([.)])/, "$1\\$2");
}
