import type { Level, Locale } from "./model.ts";
import { withoutDenials } from "./resumeDenials.ts";
import { readProjects, unfolded } from "./resumeProjects.ts";
import type { ResumeProject } from "./resumeProse.ts";
import { isFilled, readLine, type Section, splitIntoSections } from "./resumeSections.ts";
import { meaningOf, readSkills, readTrades, type Skill, type Track, tracks } from "./skills.ts";

/** What a résumé shows about its owner, as far as patterns can tell. */
export interface ResumeProfile {
  language: Locale;
  /** Years of work; null if the text does not say. */
  years: number | null;
  level: Level;
  /** Most prominent first. */
  skills: Skill[];
  projects: ResumeProject[];
  /** Whether it mentions work to ask about: a project or a job. */
  hasExperience: boolean;
  track: Track;
}

/** Reads a plain-text or Markdown résumé in English or Chinese, in time linear in its length. */
export function readResume(text: string): ResumeProfile {
  const lines = unfolded(text)
    .split(/\r\n|\r|\n/)
    .map(readLine);
  const sections = splitIntoSections(lines);
  const language = languageOf(text);
  const title = titleOf(sections);
  const years = yearsOfWork(title, text, sections);
  const known = withoutDenials(text);
  const skills = readSkills(known);
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
    track: trackOf(withoutDenials(title), known, skills),
  };
}

/** The predominant language of a text; Chinese texts contain English terms. */
function languageOf(text: string): Locale {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const latin = text.match(/[A-Za-z]+/g)?.length ?? 0;
  return han > latin / 2 ? "ZH" : "EN";
}

/** The lines in which people say what they are: the first few, before the work history. */
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

const hanDigits = [..."零一二三四五六七八九十"].map((digit, value): [string, number] => [digit, value]);
const englishNumbers = "one two three four five six seven eight nine ten".split(" ");
const numbersInWords = new Map([
  ...hanDigits,
  ["两", 2],
  ...englishNumbers.map((word, at): [string, number] => [word, at + 1]),
]);

function yearsOfWork(title: string, text: string, sections: Section[]): number | null {
  const stated = [
    // In the title a number is enough: "Go developer | 6 years".
    ...title.matchAll(/(?<![\d.])(\d{1,2})\s?\+?\s?(?:年|years?|yrs?)(?=\s*(?:$|[|｜,.，。;；·/]))/gim),
    ...text.matchAll(
      /(\d{1,2})(?:\.\d)?\s?(?:\+|\s?plus)?\s?(?:years?|yrs?)\.?'?\s(?:\w+\s){0,5}?(?:experience|working|building|developing|in)\b/gi,
    ),
    ...text.matchAll(
      /\b(one|two|three|four|five|six|seven|eight|nine|ten) years?'?\s(?:\w+\s){0,5}?(?:experience|working|building|developing)\b/gi,
    ),
    ...text.matchAll(
      /(\d{1,2}|[一二三四五六七八九两十])\s?\+?\s?(?:余|多)?年(?:以上|多|左右)?[^\s,，。;；\d]{0,12}(?:经验|工作|开发|从业)/g,
    ),
    ...text.matchAll(/(?:工作|从业|开发)(?:年限|经验|时间)\s?[:：]?\s?(\d{1,2}|[一二三四五六七八九两十])\s?\+?\s?年/g),
    ...text.matchAll(/experience\s?[:：]\s?(\d{1,2})\+?\s?(?:years?|yrs?)/gi),
  ].map((match) => numbersInWords.get((match[1] ?? "").toLowerCase()) ?? Number(match[1]));
  const plausible = stated.filter((years) => years <= 45);
  return plausible.length > 0 ? Math.max(...plausible) : yearsBetweenDates(text, sections);
}

/**
 * From the first job's year to the last one's. "Present" counts as the newest year in the text, because rules do not
 * read the clock; without a later year the result is unknown.
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
    /\bjava(?:\s?ee)?\b(?![ -]{0,3}script)[ /]{0,3}(?:\w+ ){0,3}(?:engineer|developer|programmer|architect|coder|dev)\b|\bjava\s?(?:后端|后台|研发|开发|高级|初级|软件|服务端)*(?:工程师|开发|架构师|程序员|实习生)/gi,
  ],
  [
    "FRONTEND",
    /front[- ]?end(?! (?:associate|cashier|clerk|loader|supervisor))|\bui (?:engineer|developer)|\bweb developer|前端/gi,
  ],
  ["FULL_STACK", /full[- ]?stack|\b(?:mean|mern|mevn|lamp) stack|全栈/gi],
  ["BACKEND", /back[- ]?end|server[- ]side|后端|服务端|后台开发/gi],
  [
    "MACHINE_LEARNING",
    /(?:machine learning|deep learning|\bml|\bai|\bnlp|computer vision) (?:engineer|scientist|researcher)|\bdata scientist|算法工程师|机器学习工程师|数据科学家/gi,
  ],
  [
    "DATA",
    /\b(?:data|analytics|etl|bi|database|sql) (?:engineer|analyst|developer)|\bdba\b|\bdatabase admin|数据(?:开发|仓库|分析|平台)?(?:工程师|分析师)|数据库(?:管理员|开发|工程师)|大数据/gi,
  ],
  [
    "DEVOPS",
    /devops|site reliability|\bsre\b|\b(?:platform|cloud|infrastructure) engineer|\b(?:linux|unix|systems?) admin|\bsysadmin|运维|系统管理员/gi,
  ],
  [
    "TESTING",
    /\bqa\b|quality assurance|\bsdet\b|\btest(?:ing)? (?:automation )?engineer|software test(?:er|ing)|测试(?:开发)?工程师|软件测试/gi,
  ],
  [
    "MOBILE",
    /(?<![\w-])(?:android|ios|mobile|flutter) (?:app )?(?:engineer|developer|programmer)|(?:android|安卓|\bios|(?<!中国)移动端?)\s?(?:高级|开发)*(?:工程师|开发)/gi,
  ],
  [
    "SYSTEMS",
    /(?<!distributed )(?<![\w-])(?:embedded|firmware|systems|kernel|driver|c\+\+) (?:software )?(?:engineer|developer|programmer)|嵌入式|c\+\+\s?(?:后台|软件)?(?:开发|工程师)/gi,
  ],
  [
    "NETWORK",
    /(?<!neural )\bnetwork(?:ing)? (?:engineer|admin|administrator|architect|technician)\b|网络(?:运维)?工程师/gi,
  ],
  [
    "SECURITY",
    /\b(?:(?:cyber ?|information |application |network )?security|infosec) (?:engineer|analyst|architect|consultant|researcher|specialist)\b|\bpen(?:etration)?[ -]?tester\b|(?:网络|信息|应用)安全|安全(?:研发|开发|运维|测试)?(?:工程师|研究员)/gi,
  ],
];

const titleWeight = 8;
const mostOfOneSkill = 4;
const mostOfOneTitle = 3;

/** The track with the most evidence: the title counts most, then skills by how often they are mentioned. */
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
  for (const track of readTrades(text)) add(track, 1);
  // The default weights are made for a Java back end: its other names must not outvote it.
  if ((scores.get("JAVA") ?? 0) > 0) add("JAVA", (scores.get("BACKEND") ?? 0) * javaShare(skills));
  const [best, score] = tracks
    .map((track) => [track, scores.get(track) ?? 0] as const)
    .reduce((top, next) => (next[1] > top[1] ? next : top), ["GENERAL", 0] as const);
  return score >= leastEvidence || (score > 0 && isShort(text) && !otherWork.test(text)) ? best : "GENERAL";
}

/** A single mention of a tool, as in an office worker's résumé, does not call for a technical interview. */
const leastEvidence = 2;

/**
 * In a short text like "Java, MySQL" or "5 years Java" a single mention is enough. Two Chinese characters count as a
 * word.
 */
function isShort(text: string): boolean {
  const latin = text.match(/[A-Za-z][\w+#.]*/g)?.length ?? 0;
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  return latin + han / 2 <= 12;
}

/** Names of other trades: a tool mentioned beside them is not what the interview should be about. */
const otherWork =
  /\b(?:accountant|artist|baker|barista|bookkeeper|carpenter|cashier|chef|clerk|cook|designer|electrician|farmer|gardener|human resources|hr|journalist|lawyer|librarian|marketing|mechanic|nurse|painter|photographer|physician|plumber|receptionist|recruiter|retail|sales(?:man|woman|person)?|secretary|(?:shop|store) (?:assistant|manager)|(?:administrative|executive|office|personal) assistant|talent|teacher|translator|waiter|waitress|writer|(?:bus|delivery|lorry|taxi|truck) driver)\b|(?:会计|出纳|文员|客服|店长|店员|教师|老师|护士|医生|司机|厨师|导游|秘书|律师|设计师|记者)(?!系统|平台|软件)|行政(?:专员|助理)|人事专员|销售(?:员|经理|代表)/i;

/** The share of a back end's evidence that belongs to Java rather than to other languages. */
function javaShare(skills: Skill[]): number {
  const count = (names: string[]) =>
    skills.filter(({ name }) => names.includes(name)).reduce((sum, { mentions }) => sum + mentions, 0);
  const java = count(["java", "spring", "spring boot", "spring cloud", "mybatis"]);
  const others = count(["python", "go", "node.js", "php", "ruby", "c#", ".net", "django", "flask", "fastapi"]);
  return java > 0 ? java / (java + others) : 0;
}
