import { isTool, readSkills } from "./skills.ts";

export const longestName = 60;

const projectLabel =
  /(?:项目(?:名称|经验|经历|实践|[一二三四五六七八九十\d]{1,2})?|(?:(?:personal|side|key|selected|main|recent) )?projects?(?: (?:name|title|experience|#?\d{1,2}))?)/
    .source;
/** Labels that introduce a project: "Projects: …", "项目名称：…" */
export const labelled = new RegExp(`^${projectLabel}\\s*[:：]\\s*(?=\\S)`, "i");
/** Numbered and without a colon: "Project 1 – …", "项目一 …" */
export const numbered =
  /^(?:project\s#?\d{1,2}\s*(?:[.、)]|[-–—|]+)\s*|项目\s?[一二三四五六七八九十\d]{1,2}[\s、.．|]+)(?=\S)/i;

/** Labels that end the description of a project. */
const otherLabels = /(?:skills?|education|languages?|certificates?|hobbies|技能|教育|学历|语言|证书)/.source;
export const otherLabel = new RegExp(`^${otherLabels}\\s?[:：]`, "i");

/** In a résumé of one paragraph, a label after a sentence starts what would be a new line elsewhere. */
export const inlineLabel = new RegExp(`(?<=[.。;；!！|｜])\\s*(?=(?:${projectLabel}|${otherLabels})\\s?[:：])`, "gi");

const month =
  /(?:(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|january|february|march|april|august|september|october|november|december)\.?,?\s|(?:spring|summer|fall|autumn|winter|q[1-4])\s)/
    .source;
const date = /(?:19[7-9]\d|20[0-3]\d)(?:\s?[./年-]\s?\d{1,2}(?!\d)|年)?月?(?!\d)/.source;
const someDate = `(?<![\\d\\p{Script=Latin}])(?:${month})?(?<!\\d)(?:\\d{1,2}[./])?${date}`;
const until = "(?:至?今|目前|现在|present|now|current|ongoing)";
const dateRange = new RegExp(
  `${someDate}(?:\\s*(?:[-–—~～∼至到－]|to\\b)+\\s*(?:${someDate.replace("(?<![\\d\\p{Script=Latin}])", "")}|${until}(?![a-z]))?)?`,
  "giu",
);

/** Whether dates come first or last in a line: entries of one kind have them in the same place. */
export function datePlace(line: string): "FIRST" | "LAST" | null {
  if (!/\d{4}/.test(line)) return null;
  const places = [...line.slice(0, 300).matchAll(dateRange)];
  if (places.some(({ index }) => /^[\s[【(（]*$/.test(line.slice(0, index)))) return "FIRST";
  const last = places.at(-1);
  return last && /^[\s)）\]】.]*$/.test(line.slice(last.index + last[0].length, 300)) ? "LAST" : null;
}

/**
 * "**Checkout redesign** (React) | 2021 - 2022" → "Checkout redesign"; "" if the name cannot be separated from the
 * rest.
 */
export function projectName(line: string): string {
  const parts = withoutDates(plain(line.slice(0, 300)))
    .replaceAll(/\s*[(（][^)）]*(?:[)）]|$)/g, "|")
    .replaceAll(/[[【]([^\]】]*)[\]】]/g, (_, inner: string) => (isName(inner) ? `|${inner}|` : "|"))
    .split(/\s*[|｜\t:：]\s*|\s+[–—－-]+\s+|——|\s+[·•/]\s+| {2,}/);
  for (const part of parts) {
    const name = tidy(part);
    if (isName(name)) return name;
    // A sentence is in the name's place.
    if (isTold(name)) return "";
  }
  return "";
}

function plain(line: string): string {
  return line
    .replace(labelled, "")
    .replace(numbered, "")
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/(?:https?:\/\/|www\.|(?:github|gitlab|gitee)\.com)\S*/gi, "")
    .replaceAll(/\p{C}/gu, (character) => (character === "\t" ? character : " "));
}

/** A lone year among words is part of the name: "FIFA 2022 Predictor". */
function withoutDates(line: string): string {
  return line.replaceAll(dateRange, (found, ...rest: unknown[]) => {
    const offset = rest.find((value) => typeof value === "number") ?? 0;
    const isAmidWords = /[a-z] $/i.test(line.slice(0, offset)) && /^ [a-z]/i.test(line.slice(offset + found.length));
    return isAmidWords && /^\d{4}$/.test(found) ? found : "|";
  });
}

/** Removes descriptions from a name. */
function tidy(part: string): string {
  const clean = withoutRoles(part.replaceAll(/^[\s,，、.。;；~·至-]+|[\s,，、.。;；~·至-]+$/g, ""))
    // What follows is its kind, its technologies or its maker.
    .replace(/(?:[,，]\s*(?:an? |the |our |my |一个|一款|一套)|\. |。|；|; |是一[个款套]|\s(?:is|was) an? ).*$/i, "")
    .replace(/[,，]\s*(?:[a-z]|使用|采用|基于|负责|用于|实现|担任).*$/, "")
    .replace(
      /\s(?:using|based on|built (?:with|in|on|using)|written in|implemented (?:in|with)|developed (?:in|with)|powered by|made with|used)\s.*$/i,
      "",
    )
    .replace(/\s(?:with|in|on)\s(.*)$/, (whole, rest: string) => (startsWithTool(rest) ? "" : whole))
    .trim();
  return unquoted(withoutRoles(shortened(clean)));
}

/** Cuts off a list after the name, unless it reads as part of it: "Search, Ranking and Ads". */
function shortened(name: string): string {
  const [first = "", ...rest] = name.split(/,\s*/);
  const isPart = rest.some((item) => / (?:and|&) /.test(item)) && name.length <= longestName;
  return isPart && !rest.every((item) => isRole(item) || isToolList(item)) ? name : (first.split("，")[0] ?? "");
}

const opening = "\"“'‘《「『";
const closing = "\"”'’》」』";

function unquoted(name: string): string {
  const at = opening.indexOf(name[0] ?? " ");
  if (at < 0) return name;
  const end = name.indexOf(closing[at] ?? "", 1);
  if (end === name.length - 1) return name.slice(1, -1).trim();
  if (end < 0) return name.slice(1).trim();
  // "“闪购”平台" becomes 闪购平台; quotes around Latin letters are kept: "“Prism” design system".
  return /\p{Script=Han}/u.test(name) ? name.slice(1, end) + name.slice(end + 1) : name;
}

const hanRole =
  /^(?:(?:角色|担任|职位|岗位)[:：]?)?(?:项目|技术|后端|前端|后台|全栈|服务端|客户端|移动端|算法|数据|大数据|测试|运维|架构|产品|软件|系统|嵌入式|java|go|golang|python|web|android|ios|c\+\+|php|ui|核心|主要|主力|独立|高级|资深|初级|中级|首席|研发|开发|小组|团队|实习|平台)*(?:负责人|组长|队长|成员|队员|骨干|经理|主管|总监|工程师|开发者|开发人员|人员|开发|研发|架构师|程序员|实习生|主程|设计师|参与者|贡献者|维护者|leader|owner|完成|主导)$/i;
const latinRole =
  /^(?:(?:sole|solo|lead|senior|junior|principal|staff|chief|main|core|primary|back[- ]?end|front[- ]?end|full[- ]?stack|software|web|mobile|android|ios|java|python|golang|go|react|node(?:\.js)?|data|ml|ai|machine learning|devops|cloud|platform|qa|test|team|tech|technical|project|product|open[- ]source|freelance|independent|ux|ui|associate|assistant|founding|application|systems?|database|embedded|game|research)[ /-]+)*(?:developer|engineer|lead|leader|architect|manager|programmer|designer|intern|contributor|maintainer|owner|author|creator|member|analyst|scientist|tester|consultant|researcher|(?:co-?)?founder|administrator)$/i;
const trailingLatinRole =
  /\s(?:senior|lead|back[- ]?end|front[- ]?end|full[- ]?stack|software|tech|core|sole|solo)(?: \w+)? (?:developer|engineer|lead|architect|contributor|maintainer)$/i;

function isRole(text: string): boolean {
  return text.length <= 60 && (hanRole.test(text) || latinRole.test(text));
}

/** "订单中心 核心开发" → "订单中心" */
function withoutRoles(name: string): string {
  if (isRole(name)) return "";
  const words = name.split(/\s+|(?<=\p{Script=Han})[-–—－](?=\p{Script=Han})|[,，](?=\p{Script=Han})/u);
  if (!/\p{Script=Han}/u.test(name)) return name.replace(trailingLatinRole, "").replace(/[\s,]+$/, "");
  let kept = name;
  while (words.length > 1 && hanRole.test(words.at(-1) ?? "")) {
    kept = kept.slice(0, kept.lastIndexOf(words.pop() ?? "")).replace(/[\s,，–—－-]+$/, "");
  }
  while (words.length > 1 && hanRole.test(words[0] ?? "")) {
    kept = kept.slice((words.shift() ?? "").length).replace(/^[\s,，–—－-]+/, "");
  }
  return kept;
}

/** Whether a text lists technologies only, and so is no name. */
function isToolList(text: string): boolean {
  const items = text.split(/\s*[,，、/+&;；]\s*|\s+(?:and|和|与)\s+/).filter((item) => item !== "");
  return items.length > 0 && items.every(isToolAlone);
}

function isToolAlone(item: string): boolean {
  const [skill, ...others] = readSkills(item);
  if (skill === undefined || others.length > 0 || !isTool(skill.name)) return false;
  return /^[\s\d.x+]*$/.test(item.replace(skill.written, ""));
}

function startsWithTool(text: string): boolean {
  const skill = readSkills(text.slice(0, 80)).find(({ written }) => text.startsWith(written));
  return skill !== undefined;
}

const noName =
  /^(?:to|至今|present|now|current|various|several|none|n\/?a|see .*|details?|overview|description|丰富|多年|若干|无|暂无|见附件|如下|详见.*|多个.*|公司|团队|项目|projects?|(?:many|various|several|multiple|numerous)\b.*|personal|academic|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)\.?)$/i;

/** Whether a text can be used as a project's name in a question. */
export function isName(text: string): boolean {
  return (
    text.length <= longestName &&
    /\p{L}{2}/u.test(text) &&
    !noName.test(text) &&
    !isTold(text) &&
    !isDetail(text) &&
    !isRole(text.replace(/ (?:at|@|for) .*$/i, "")) &&
    !isToolList(text) &&
    !/[。；;！？!?]/.test(text) &&
    !/^(?:an?|the|some|my|our|this|these|other) [a-z]/i.test(text.replace(/^(\w+) (\p{Lu})/u, "$1-$2")) &&
    !/^[,，、）)\]】》”]|[（([【《“]$/.test(text)
  );
}

const toldEnglish =
  /^(?:I|we|my|was|also|successfully|built|building|developed|developing|designed|designing|created|creating|implemented|implementing|led|leading|wrote|rewrote|rebuilt|worked|working|used|using|responsible|contributed|participated|helped|collaborated|deployed|delivered|launched|shipped|architected|maintained|optimi[sz]ed|improved|reduced|increased|cut|achieved|trained|fine-tuned|integrated|migrated|refactored|set up|added|made|tested|detects|scaled|moved|owned|mentored|managed an?|automated (?:the|an?)|conducted|performed|ensured|utili[sz]ed|enabled|supported|introduced|configured|engineered)\s/i;
const toldChinese =
  /^(?:负责|参与(?!者)|主导|协助|我|本人|曾|做过|做了|担任|独立(?:完成|开发|负责|设计)|使用|采用|利用|通过(?!率)|引入|编写|熟悉|精通|掌握|了解|(?:开发|完成|设计|搭建|实现|重构|优化|维护|带领|研发)(?:了|过|并|一)|实现(?!.{0,8}(?:系统|平台)$))/;

/** Whether a text is a sentence about what was done, which is no name by itself. */
export function isTold(text: string): boolean {
  return toldEnglish.test(text) || toldChinese.test(text);
}

const detail =
  /^(?:(?:项目|个人|工作|主要|核心|系统|我的)?(?:技术(?:栈|选型|架构|方案)?|职责|描述|介绍|简介|背景|时间|周期|角色|成果|成绩|业绩|亮点|难点|内容|架构|环境|地址|链接|规模|人数|收获|责任描述|技术描述|职责描述)|开发(?:环境|工具|语言|技术)|软件环境|所用技术|涉及技术|使用技术|担任角色|所属公司|公司|role|roles|tech(?:nolog(?:y|ies)|nical)?(?: ?stack)?(?: used)?|stack|tools(?: used)?|environment|duration|date|period|description|summary|responsibilit(?:y|ies)|achievements?|highlights?|results?|impact|team(?: size)?|client|link|url|github|demo|skills(?: used)?|keywords|outcome|features?)\s*(?:[:：]|$)/i;

/** Whether a line describes the project before it: "技术栈：…", "Role: …" */
export function isDetail(text: string): boolean {
  return detail.test(text);
}
