import type { Level, Locale } from "./model.ts";
import { meaningOf, readSkills, type Skill, type Track, tracks } from "./skills.ts";

/** What a résumé shows of its owner, as far as it can be read without understanding it. */
export interface ResumeProfile {
  language: Locale;
  /** Years of work, null where the text does not tell. */
  years: number | null;
  level: Level;
  /** Most prominent first. */
  skills: Skill[];
  projects: ResumeProject[];
  /** Whether there is any work to ask about: a project or a job. */
  hasExperience: boolean;
  track: Track;
}

export interface ResumeProject {
  name: string;
  /** Canonical skill names, most prominent first. */
  technologies: string[];
}

/** Reads a plain-text or Markdown résumé in English or Chinese, in time linear in its length. */
export function readResume(text: string): ResumeProfile {
  const lines = text
    .replaceAll(inlineLabel, "\n")
    .split(/\r\n|\r|\n/)
    .map(readLine);
  const sections = splitIntoSections(lines);
  const language = languageOf(text);
  const title = titleOf(sections);
  const years = yearsOfWork(title, text, sections);
  const skills = readSkills(text);
  const projects = readProjects(sections);
  return {
    language,
    years,
    level: levelOf(title, years),
    skills,
    projects,
    hasExperience:
      projects.length > 0 ||
      (years ?? 0) > 0 ||
      sections.some(({ kind, lines }) => kind === "WORK" && lines.some(isFilled)),
    track: trackOf(title, text, skills),
  };
}

/** The language that most of a text is written in; technical terms stay English in Chinese texts. */
export function languageOf(text: string): Locale {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const latin = text.match(/[A-Za-z]+/g)?.length ?? 0;
  return han > latin / 2 ? "ZH" : "EN";
}

/** The lines in which people say what they are: the first few, as far as they stand before what they did. */
function titleOf(sections: Section[]): string {
  const work = sections.findIndex(({ kind }) => kind !== "OTHER");
  return sections
    .slice(0, work === -1 ? sections.length : work)
    .flatMap(({ lines }) => lines)
    .filter(isFilled)
    .slice(0, 6)
    .map(({ text }) => text.slice(0, 120))
    .join("\n");
}

interface Line {
  /** Without indentation and Markdown emphasis. */
  text: string;
  indent: number;
  /** What begins it: it tells apart a list's items from what is said about each. */
  mark: "HEADING" | "BULLET" | "BOLD" | "NONE" | Numbering;
}

type Numbering = "1." | "(1)" | "一、" | "①";

const numberings: [Numbering, RegExp][] = [
  ["1.", /^(?:\d{1,2}[.、．](?!\d)|\d{1,2}[)）])\s*/],
  ["(1)", /^[(（]\d{1,2}[)）]\s*/],
  ["一、", /^[一二三四五六七八九十]{1,2}、\s*/],
  ["①", /^[①-⑩]\s*/],
];

function readLine(raw: string): Line {
  const trimmed = raw.trim();
  const indent = raw.length - raw.trimStart().length;
  const heading = /^#{1,6}\s+/.exec(trimmed);
  if (heading) return { text: withoutEmphasis(trimmed.slice(heading[0].length)), indent, mark: "HEADING" };
  for (const [mark, pattern] of numberings) {
    const number = pattern.exec(trimmed);
    if (number) return { text: withoutEmphasis(trimmed.slice(number[0].length)), indent, mark };
  }
  const bullet = /^(?:[-*+•·▪◦●■◆–]\s+|[•·▪◦●■◆])/.exec(trimmed);
  if (bullet) return { text: withoutEmphasis(trimmed.slice(bullet[0].length)), indent, mark: "BULLET" };
  return { text: withoutEmphasis(trimmed), indent, mark: /^(?:\*\*|__)/.test(trimmed) ? "BOLD" : "NONE" };
}

function withoutEmphasis(text: string): string {
  return text.replaceAll(/\*\*|__|`/g, "").trim();
}

function isFilled(line: Line): boolean {
  return line.text !== "";
}

type SectionKind = "PROJECTS" | "WORK" | "EDUCATION" | "OTHER";

interface Section {
  kind: SectionKind;
  lines: Line[];
}

const headings: [SectionKind, RegExp][] = [
  [
    "PROJECTS",
    /^(?:(?:selected|personal|key|side|notable|major|recent|academic|open[- ]source|main|relevant|technical) )?projects?(?: (?:experience|highlights|history|work))?$/,
  ],
  ["PROJECTS", /^(?:主要|个人|开源|重点|代表|近期|部分|参与)?项目(?:经验|经历|介绍|实践|展示|列表)?$/],
  [
    "WORK",
    /^(?:(?:work|professional|employment|industry|relevant|career) )?(?:experiences?|employment|history|background)(?: history)?$/,
  ],
  ["WORK", /^(?:工作|实习|职业|任职|从业)(?:经历|经验|履历|背景)$/],
  ["EDUCATION", /^(?:education|academic background|education and training|教育(?:经历|背景|情况)?|学历|学习经历)$/],
  [
    "OTHER",
    /^(?:(?:technical |core |key |professional )?(?:skills?|competenc(?:y|ies)|expertise|proficiencies)|skills (?:&|and) \w+|tech(?:nical)? stack|technologies|tools|languages|summary|profile|objective|about(?: me)?|certifications?|certificates|awards?|hono[u]?rs|publications|interests|hobbies|references|contact|volunteer(?:ing)?|volunteer experience)$/,
  ],
  [
    "OTHER",
    /^(?:专业|个人|核心|掌握|职业|技术)?(?:技能|特长|能力|优势|技术栈)(?:清单|描述|特长|证书)?$|^(?:自我评价|个人简介|个人信息|基本信息|个人总结|求职意向|荣誉(?:奖项|证书)?|获奖(?:情况|经历)?|证书|兴趣爱好|联系方式|校园经历|语言能力)$/,
  ],
];

function splitIntoSections(lines: Line[]): Section[] {
  const sections: Section[] = [{ kind: "OTHER", lines: [] }];
  for (const line of lines) {
    const kind = sectionHeading(line);
    if (kind) sections.push({ kind, lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections;
}

function sectionHeading(line: Line): SectionKind | null {
  if (line.text.length > 40 || line.mark === "BULLET") return null;
  const words = line.text
    .toLowerCase()
    .replaceAll(/[【】[\]:：=*_~|—-]+/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  const compact = words.replaceAll(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, "");
  return headings.find(([, pattern]) => pattern.test(compact))?.[0] ?? null;
}

const longestName = 60;
const mostProjects = 12;
const projectLabel = /(?:项目(?:名称|[一二三四五六七八九十\d]{1,2})?|projects?(?: (?:name|title|\d{1,2}))?)/.source;
const labelled = new RegExp(`^${projectLabel}\\s*[:：]\\s*(?=\\S)`, "i");

/** What no longer tells of a project. */
const otherLabels = /(?:skills?|education|languages?|certificates?|hobbies|技能|教育|学历|语言|证书)/.source;
const otherLabel = new RegExp(`^${otherLabels}\\s?[:：]`, "i");

/** In a résumé that is one paragraph, a label after a sentence begins what would be a line elsewhere. */
const inlineLabel = new RegExp(`(?<=[.。;；!！|｜])\\s*(?=(?:${projectLabel}|${otherLabels})\\s?[:：])`, "gi");

function readProjects(sections: Section[]): ResumeProject[] {
  const projects: ResumeProject[] = [];
  for (const { kind, lines } of sections) {
    const filled = lines.filter(isFilled);
    const first = filled[0];
    if (!first) continue;
    if (filled.some((line) => labelled.test(line.text))) {
      projects.push(...entries(lines, (line) => labelled.test(line.text)));
    } else if (kind === "PROJECTS") {
      projects.push(...entries(lines, (line, index) => startsEntry(line, index, lines, first)));
    }
  }
  const names = new Set<string>();
  return projects
    .filter(({ name }) => name !== "" && !names.has(name.toLowerCase()) && names.add(name.toLowerCase()))
    .slice(0, mostProjects);
}

/** A line begins a project when it looks like the section's first line, whatever that looks like. */
function startsEntry(line: Line, index: number, lines: Line[], first: Line): boolean {
  if (line === first) return true;
  if (line.mark !== first.mark || line.indent > first.indent || line.text === "") return false;
  if (first.mark !== "NONE") return true;
  const before = lines[index - 1];
  return before?.text === "" && line.text.length <= longestName && !/[.。;；,，]$/.test(line.text);
}

function entries(lines: Line[], starts: (line: Line, index: number) => boolean): ResumeProject[] {
  const found: { name: string; text: string[] }[] = [];
  for (const [index, line] of lines.entries()) {
    if (starts(line, index)) found.push({ name: projectName(line.text), text: [line.text] });
    else if (!otherLabel.test(line.text)) found.at(-1)?.text.push(line.text);
  }
  return found.map(({ name, text }) => ({
    name,
    technologies: readSkills(text.join("\n"))
      .map((skill) => skill.name)
      .filter((skill) => skill.toLowerCase() !== name.toLowerCase()),
  }));
}

const date = /(?<!\d)(?:19[7-9]\d|20[0-3]\d)(?:\s?[./年-]\s?\d{1,2}(?!\d)|年)?月?(?!\d)/.source;
const dateRange = new RegExp(`${date}(?:\\s*(?:[-–—~至]|to)+\\s*(?:${date}|至?今|present|now|current))?`, "gi");

/** "**Checkout redesign** (React) | 2021 - 2022" → "Checkout redesign" */
function projectName(line: string): string {
  const name = line
    .slice(0, 300)
    .replace(labelled, "")
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/https?:\/\/\S*/g, "")
    .replaceAll(/[(（][^)）]*[)）]/g, "")
    .replaceAll(dateRange, "|")
    .split(/\s*[|｜\t:：]\s*|\s+[–—-]+\s+|——| {3,}/)
    .find((part) => /\p{L}{2}/u.test(part) && !/^(?:to|至今|present|now|current)$/i.test(part.trim()));
  const clean = (name ?? "")
    .replaceAll(/\p{C}/gu, " ")
    .replaceAll(/^[\s,，、.。;；《“"']+|[\s,，、.。;；》”"'~至-]+$/g, "");
  // What follows says what kind of thing it is.
  const title = clean.replace(/(?:[,，]\s*(?:an? |the |our |my |一个|一款|一套)|\. |。).*$/i, "");
  if (title.length <= longestName) return title;
  // A sentence where a name was expected: its first clause names the project well enough, or nothing does.
  const clause = clean.split(/[,，。;；]|\. /)[0] ?? "";
  return clause.length <= longestName ? clause : "";
}

const hanDigits = new Map([..."零一二三四五六七八九十"].map((digit, value) => [digit, value] as const)).set("两", 2);

function yearsOfWork(title: string, text: string, sections: Section[]): number | null {
  const stated = [
    // In the title a bare figure is enough: "Go developer | 6 years".
    ...title.matchAll(/(?<![\d.])(\d{1,2})\s?\+?\s?(?:年|years?|yrs?)(?=\s*(?:$|[|｜,.，。;；·/]))/gim),
    ...text.matchAll(
      /(\d{1,2})(?:\.\d)?\s?(?:\+|\s?plus)?\s?(?:years?|yrs?)\.?'?\s(?:\w+\s){0,5}?(?:experience|working|building|developing|in)\b/gi,
    ),
    ...text.matchAll(
      /(\d{1,2}|[一二三四五六七八九两十])\s?\+?\s?(?:余|多)?年(?:以上|多|左右)?[^\s,，。;；\d]{0,12}(?:经验|工作|开发|从业)/g,
    ),
    ...text.matchAll(/(?:工作|从业|开发)(?:年限|经验|时间)\s?[:：]?\s?(\d{1,2}|[一二三四五六七八九两十])\s?\+?\s?年/g),
    ...text.matchAll(/experience\s?[:：]\s?(\d{1,2})\+?\s?(?:years?|yrs?)/gi),
  ].map((match) => hanDigits.get(match[1] ?? "") ?? Number(match[1]));
  const plausible = stated.filter((years) => years <= 45);
  return plausible.length > 0 ? Math.max(...plausible) : yearsBetweenDates(text, sections);
}

/**
 * From the first job's year to the last one's. "Present" counts as the newest year that the text names, since the
 * clock is not to be asked: a résumé that names no later year tells nothing.
 */
function yearsBetweenDates(text: string, sections: Section[]): number | null {
  const work = sections
    .filter(({ kind }) => kind === "WORK")
    .flatMap(({ lines }) => lines)
    .map(({ text: line }) => line)
    .join("\n");
  const years = yearsIn(work);
  if (years.length === 0) return null;
  const isCurrent = /present|current|now\b|至今|今/i.test(work);
  const last = Math.max(...(isCurrent ? yearsIn(text) : years).slice(0, 1000));
  const span = last - Math.min(...years.slice(0, 1000));
  return span > 0 && span <= 45 ? span : null;
}

function yearsIn(text: string): number[] {
  return [...text.matchAll(/(?<!\d)(?:19[7-9]\d|20[0-4]\d)(?!\d)/g)].map(([year]) => Number(year));
}

function levelOf(title: string, years: number | null): Level {
  const senior =
    /\b(?:senior|sr\.?|lead|principal|staff|architect|head of|director|expert)\b|高级|资深|架构师|专家|负责人|总监/i.test(
      title,
    );
  const junior =
    /\b(?:junior|jr\.?|intern|trainee|graduate|student|entry[- ]level|fresher)\b|初级|实习|应届|在校|毕业生/i.test(
      title,
    );
  if (years !== null && years >= 5) return "SENIOR";
  if (senior && (years === null || years >= 3)) return "SENIOR";
  if (junior && (years === null || years < 3)) return "JUNIOR";
  return years !== null && years < 2 ? "JUNIOR" : "MID";
}

const titles: [Track, RegExp][] = [
  [
    "JAVA",
    /\bjava(?:\s?ee)?[ /]{0,3}(?:\w+ ){0,3}(?:engineer|developer|programmer|architect)|java(?:后端|后台|研发|开发|高级|初级|软件|服务端)*(?:工程师|开发|架构师|程序员|实习生)/gi,
  ],
  ["FRONTEND", /front[- ]?end|\bui engineer|web developer|前端/gi],
  ["FULL_STACK", /full[- ]?stack|全栈/gi],
  ["BACKEND", /back[- ]?end|server[- ]side|后端|服务端|后台开发/gi],
  [
    "MACHINE_LEARNING",
    /(?:machine learning|deep learning|\bml|\bai|nlp|computer vision) (?:engineer|scientist|researcher)|data scientist|算法工程师|机器学习工程师|数据科学家/gi,
  ],
  [
    "DATA",
    /(?:data|analytics|etl|bi) (?:engineer|analyst|developer)|数据(?:开发|仓库|分析|平台)?(?:工程师|分析师)|大数据/gi,
  ],
  ["DEVOPS", /devops|site reliability|\bsre\b|platform engineer|cloud engineer|infrastructure engineer|运维/gi],
  [
    "TESTING",
    /\bqa\b|quality assurance|\bsdet\b|test(?:ing)? (?:automation )?engineer|software tester|测试(?:开发)?工程师/gi,
  ],
  [
    "MOBILE",
    /(?:android|ios|mobile|flutter) (?:app )?(?:engineer|developer)|(?:android|安卓|ios|移动端?)(?:高级|开发)*(?:工程师|开发)/gi,
  ],
  [
    "SYSTEMS",
    /(?:embedded|firmware|systems|c\+\+) (?:software )?(?:engineer|developer)|嵌入式|c\+\+(?:后台|软件)?(?:开发|工程师)/gi,
  ],
];

const titleWeight = 8;
const mostOfOneSkill = 4;
const mostOfOneTitle = 3;

/** What most of the evidence points at: the title above all, then skills by how often they are named. */
function trackOf(title: string, text: string, skills: Skill[]): Track {
  const scores = new Map<Track, number>();
  const add = (track: Track, score: number) => scores.set(track, (scores.get(track) ?? 0) + score);
  for (const { name, mentions } of skills) {
    const { track } = meaningOf(name);
    if (track) add(track, Math.min(mentions, mostOfOneSkill));
  }
  for (const [track, pattern] of titles) {
    if (title.match(pattern)) add(track, titleWeight);
    add(track, Math.min(text.match(pattern)?.length ?? 0, mostOfOneTitle));
  }
  // A Java back end is what A's weights are for; what it is also called must not outvote it.
  if ((scores.get("JAVA") ?? 0) > 0) add("JAVA", (scores.get("BACKEND") ?? 0) * javaShare(skills));
  const [best, score] = tracks
    .map((track) => [track, scores.get(track) ?? 0] as const)
    .reduce((top, next) => (next[1] > top[1] ? next : top), ["GENERAL", 0] as const);
  return score >= leastEvidence ? best : "GENERAL";
}

/** One mention of a tool, as in an office worker's résumé, does not make a technical interview. */
const leastEvidence = 2;

/** How much of a back end's evidence Java may claim: that which is not another language's. */
function javaShare(skills: Skill[]): number {
  const count = (names: string[]) =>
    skills.filter(({ name }) => names.includes(name)).reduce((sum, { mentions }) => sum + mentions, 0);
  const java = count(["java", "spring", "spring boot", "spring cloud", "mybatis"]);
  const others = count(["python", "go", "node.js", "php", "ruby", "c#", ".net", "django", "flask", "fastapi"]);
  return java > 0 ? java / (java + others) : 0;
}
