import { isName } from "./resumeProjectName.ts";
import { isTool, readSkills } from "./skills.ts";

export interface ResumeProject {
  name: string;
  /** Canonical skill names, most prominent first. */
  technologies: string[];
}

const links = /\[(?:github|gitlab|gitee|code|source|demo|link)\]\([^)]*\)|https?:\/\/\S*/gi;

export function technologiesIn(text: string, name: string): string[] {
  return (
    readSkills(text.replaceAll(links, " "))
      // Words within the name itself are not its technologies: "门禁小程序".
      .filter(({ written }) => !(/\p{Script=Han}/u.test(written) && name.includes(written)))
      .map((skill) => skill.name)
      .filter((skill) => skill !== name.toLowerCase())
  );
}

const longestSentence = 400;
const mostSentences = 400;

/** The projects named in running text: "built the Atlas billing platform", "负责“闪购平台”项目". */
export function projectsTold(text: string): ResumeProject[] {
  return text
    .slice(0, longestSentence * mostSentences)
    .split(/[。；;！!？?\n]|\.(?=\s|$)/)
    .slice(0, mostSentences)
    .flatMap((sentence) => toldIn(sentence.slice(0, longestSentence)));
}

function toldIn(sentence: string): ResumeProject[] {
  const found = [...quotedNames(sentence), ...englishNames(sentence), ...chineseNames(sentence)]
    .filter(({ name }) => isName(name))
    .sort((a, b) => a.index - b.index)
    // The two patterns may find the same name.
    .filter(({ name, index }, at, all) => {
      const before = all[at - 1];
      return !before || (before.index + before.name.length <= index && before.name !== name);
    });
  return found.map(({ name, index }, at) => {
    // Skills listed separately do not belong to the project.
    const isFirst =
      at === 0 &&
      !/熟悉|精通|掌握|了解|擅长|\b(?:skilled|proficient|experienced?|familiar)\b/i.test(sentence.slice(0, index));
    const about = sentence.slice(isFirst ? 0 : index, found[at + 1]?.index);
    return { name, technologies: technologiesIn(about, name) };
  });
}

interface Found {
  name: string;
  index: number;
}

const made =
  /\b(?:built|build|developed|designed|created|implemented|led|launched|shipped|wrote|rewrote|rebuilt|redesigned|architected|delivered|owned|maintained|co-?built|started|made|modernised|modernized|migrated|worked on|working on|contributed to|responsible for)\b/i;
const madeInChinese =
  /(?:负责|参与|主导|开发|设计|搭建|实现|完成|重构|做过|做了|研发|推出|维护|带领|上线|建设|打造|接手)/;
const kindWords =
  "platform service system app application engine portal gateway pipeline dashboard tool toolkit library framework " +
  "website site bot chatbot marketplace tracker planner scheduler manager store game editor crawler compiler database " +
  "recommender classifier parser plugin extension package server client model simulator assistant";
const kinds = `(?:${kindWords.replaceAll(/(\w)(\w+)/g, (_, first: string, rest: string) => `[${first}${first.toUpperCase()}]${rest}`).replaceAll(" ", "|")})`;

const quotes = /["“「『《]([^"“”「」『』《》]{2,40})["”」』》]/g;

/** Quoted names of things that were built or are called a project. */
function quotedNames(sentence: string): Found[] {
  if (!/["“「『《]/.test(sentence)) return [];
  return [...sentence.matchAll(quotes)].flatMap((match) => {
    const name = (match[1] ?? "").trim();
    const before = sentence.slice(Math.max(0, match.index - 60), match.index);
    const after = sentence.slice(match.index + match[0].length, match.index + match[0].length + 24);
    const clause = before.split(/[,，、]/).at(-1) ?? "";
    if (
      /(?:发表|出版|获得|荣获|获|撰写|阅读|翻译|颁发)[^，,]{0,12}$|\b(?:won|award|awarded|paper|article|titled|published|entitled)\b/i.test(
        before,
      )
    )
      return [];
    const isProject = new RegExp(
      `^\\s?(?:这一|这个|等|的)?(?:项目|系统|平台|产品|小程序|app)|^ (?:project|${kinds})\\b`,
      "i",
    ).test(after);
    const isMade = made.test(clause) || madeInChinese.test(clause) || calls.test(clause);
    const isNamed = /^[\p{Lu}\p{Script=Han}\d]|\p{Lu}/u.test(name) && name.split(/\s+/).length <= 5;
    return isNamed && (isProject || isMade) ? [{ name, index: match.index + 1 }] : [];
  });
}

const calls = new RegExp(`\\b${kinds}s? (?:called|named|code-?named|dubbed)\\s*$`, "i");
const proper = /[A-Z][\w-]*(?: [A-Z][\w-]*){0,3}/.source;
const called = new RegExp(`(?<=\\b${kinds}s? (?:called|named|codenamed|code-named|dubbed) )${proper}`, "g");
const work =
  /(?:(?:the )?(?:development|design|delivery|migration|rewrite|redesign|implementation|launch|architecture|rollout|back ?end|front ?end) (?:of|for) )?/
    .source;
const verbs =
  "(?:[Bb]uilt|[Bb]uild|[Rr]ebuild|[Dd]eveloped|[Dd]esigned|[Cc]reated|[Ll]ed|[Ll]aunched|[Ss]hipped|[Rr]ewrote|[Rr]ebuilt|[Rr]edesigned|[Aa]rchitected|[Dd]elivered|[Oo]wned|[Mm]aintained|[Ii]mplemented|[Mm]igrated|[Ww]orked on|[Ww]orking on|[Cc]ontributed to|[Rr]esponsible for)";
const madeKind = new RegExp(
  `\\b${verbs} (?:and \\w+ )?${work}(?:the |our |its |their |an? )?([A-Z][\\w-]*(?: [A-Za-z][\\w-]*){0,3}? ${kinds})\\b`,
  "g",
);
const madeThing = new RegExp(
  `\\b(?:[Bb]uilt|[Dd]eveloped|[Cc]reated|[Ll]aunched|[Ss]hipped|[Mm]ade|[Aa]rchitected) (${proper})(?=, (?:an?|our|which|the) | \\()`,
  "g",
);
const theProject = new RegExp(`\\b(?:[Tt]he|[Oo]ur) (${proper}) project\\b`, "g");

function englishNames(sentence: string): Found[] {
  if (!/ [A-Z]/.test(sentence)) return [];
  return [
    ...namesAt(sentence, called, 0),
    ...namesAt(sentence, madeKind, 1),
    ...namesAt(sentence, madeThing, 1),
    ...namesAt(sentence, theProject, 1),
  ].filter(({ name }) => isProper(name));
}

function namesAt(sentence: string, pattern: RegExp, group: number): Found[] {
  return [...sentence.matchAll(pattern)].map((match) => {
    const name = match[group] ?? "";
    return { name, index: match.index + match[0].indexOf(name) };
  });
}

const adjectives =
  /^(?:Open|Side|Personal|Final|Capstone|University|Research|Group|Team|Client|Apache|Graduation|School|Internal|Customer|Company|Scalable|Robust|Responsive|Various|Several|Multiple|Many|Modern|Secure|Reliable|RESTful|Efficient|Custom|Complex|Interactive|Dynamic|Single|Distributed|High|Real|Real-time|Cloud|Cloud-based|Cloud-native|Web|Mobile|New|Full|Full-stack|End|End-to-end|Large|Large-scale|Two|Three|Four|Five|The|An?|Several|Some|Automated|Microservices?|Backend|Back-end|Frontend|Front-end|Enterprise|Java-based|Python-based|Windows|Excel|Desktop|Console|Chrome|Salesforce|SAP|Shopify|WordPress|Firebase|Unity|Arduino|Blockchain|Agile|Server|Client|Bank|Online)$/i;

/** Whether it looks like a proper name: no technology, abbreviation or generic title word. */
function isProper(name: string): boolean {
  const [first = "", ...rest] = name.split(" ");
  if (adjectives.test(first) || ((/^[^a-z]{1,4}$/.test(first) || first.length <= 3) && rest.length < 2)) return false;
  if (rest.some((word) => /^(?:for|of|with|in|on|to|and|the|an?|using|that|by|from|at|as|into|which)$/i.test(word)))
    return false;
  return !readSkills(name).some((skill) => name.startsWith(skill.written));
}

const hanKinds = /(?:系统|平台|中心|商城|网站|小程序|APP|App|引擎|网关|中台|门户|社区|机器人|看板|商店)/.source;
const doing = /(?:开发|设计|研发|架构|搭建|重构|维护|建设|运维|迁移|改造|优化|测试|升级|实现)/.source;
const madeKindInChinese = new RegExp(
  `(?:负责|参与|主导|开发|设计|搭建|做|完成|研发|重构|维护|建设|打造|接手)(?:过|了|并${doing}|和${doing}|与${doing}|${doing}){0,2}(?:过|了)?(?:公司|部门|团队)?(?:某|一个|一款|一套|的)?` +
    `([\\p{Script=Han}A-Za-z0-9+ -]{2,24}?(?:${hanKinds}|(?=项目)))` +
    `(?=项目|[（(，,、：:]|$|的|(?:后端|前端|核心|整体|架构)?${doing}|使用|采用|基于)`,
  "gu",
);

function chineseNames(sentence: string): Found[] {
  if (!/\p{Script=Han}{3}/u.test(sentence)) return [];
  return [...sentence.matchAll(madeKindInChinese)].flatMap((match) => {
    const whole = (match[1] ?? "").trim();
    const name = whole.slice(whole.lastIndexOf("的") + 1).trim();
    const bare = name.replace(new RegExp(`${hanKinds}$`), "");
    const isVague =
      bare.length < 2 ||
      /项目|包括|包含|多个|各个|若干|相关|一些|\d+个|[两二三四五六七八九十]个|使用|通过|以及|负责|参与|进行|支撑|提升|保证|担任|期间|其他|大量/.test(
        name,
      ) ||
      /^(?:公司|部门|内部|日常|整个|该|其|本|核心|后端|前端|团队|商业|实际|校级|国家级?|开源.*|大型|小型|毕业设计|毕设|个人|课程|实验室|实验|科研|外包|企业|学校|老师|导师|现有|原有|新|老|旧)(?:级|的|内部)*$/.test(
        bare,
      ) ||
      readSkills(bare).some(
        ({ name: skill, written }) => written === bare || (isTool(skill) && bare.startsWith(written)),
      );
    return isVague ? [] : [{ name, index: match.index + match[0].lastIndexOf(name) }];
  });
}
