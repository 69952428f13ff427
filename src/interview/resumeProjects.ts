import {
  datePlace,
  inlineLabel,
  isDetail,
  isName,
  isTold,
  labelled,
  longestName,
  numbered,
  otherLabel,
  projectName,
} from "./resumeProjectName.ts";
import { projectsTold, type ResumeProject, technologiesIn } from "./resumeProse.ts";
import { isFilled, type Line, type Section } from "./resumeSections.ts";
import { readSkills } from "./skills.ts";

const mostProjects = 12;

const namesFollow =
  /\b(?:(?:[Mm]y|[Mm]ain|[Rr]ecent|[Kk]ey|[Oo]ther|[Pp]ast|[Pp]ersonal) ){0,2}[Pp]rojects (?:include|included|are|were):? (?=["“A-Z])/g;
const namesFollowInChinese =
  /(?<!\p{Script=Han})(?:我的|做过的?|主要的?|参与过?的?|近期的?|个人){0,3}项目(?:有|包括|包含)[:：]?/gu;

/** Puts each label within a paragraph on a line of its own. */
export function unfolded(text: string): string {
  return text
    .replaceAll(inlineLabel, "\n")
    .replaceAll(namesFollowInChinese, "\n项目：")
    .replaceAll(namesFollow, "\nProjects: ");
}

/**
 * The projects that a résumé names, each once. Names that cannot be separated from their descriptions are left out: a
 * wrong name in a question is worse than none.
 */
export function readProjects(sections: Section[]): ResumeProject[] {
  const listed = distinct(sections.flatMap(listedProjects));
  if (listed.length > 0) return listed.slice(0, mostProjects);
  const told = sections
    .filter(({ kind }) => kind !== "EDUCATION")
    .flatMap(({ lines }) => paragraphs(lines).flatMap(projectsTold));
  return distinct(told).slice(0, mostProjects);
}

function distinct(projects: ResumeProject[]): ResumeProject[] {
  const names = new Set<string>();
  return projects.filter(({ name }) => {
    const isNew = !names.has(name.toLowerCase());
    names.add(name.toLowerCase());
    return name !== "" && isNew;
  });
}

function listedProjects({ kind, lines }: Section): ResumeProject[] {
  const table = tableRows(lines, kind === "PROJECTS");
  if (table) return table;
  const first = lines.find(isFilled);
  if (!first) return [];
  if (lines.some(isLabelled)) return entries(lines, isLabelled);
  return kind === "PROJECTS" ? entries(lines, (line, index) => startsEntry(line, index, lines, first)) : [];
}

function isLabelled({ text }: Line): boolean {
  return labelled.test(text) || numbered.test(text);
}

/** A line starts a project when it is formatted like the section's first line. */
function startsEntry(line: Line, index: number, lines: Line[], first: Line): boolean {
  if (line === first) return true;
  if (line.mark !== first.mark || line.indent > first.indent || line.text === "") return false;
  if (isDetail(line.text) || otherLabel.test(line.text) || (isTold(line.text) && !isTold(first.text))) return false;
  if (first.mark !== "NONE") return true;
  if (isTold(line.text)) return projectsTold(line.text).length > 0;
  if (line.text.length > 120 || /[.。;；,，]$/.test(line.text)) return false;
  const shape = shapeOf(first.text);
  if (shape !== null && shapeOf(line.text) === shape) return true;
  if (lines[index - 1]?.text === "") return line.text.length <= longestName;
  return isNameBetweenLists(line, lines[index - 1], lines.slice(index + 1, index + 3).find(isFilled));
}

function shapeOf(text: string): string | null {
  const place = datePlace(text);
  if (place !== null) return place;
  if (/[|｜\t]/.test(text)) return "BARS";
  const inBrackets = endsInBrackets(text) ? text.slice(text.search(/[(（]/)) : "";
  return readSkills(inBrackets).length > 0 ? "TECHNOLOGIES" : null;
}

/** A name with a list, directly after the previous list; the end of a wrapped item may look alike. */
function isNameBetweenLists({ text }: Line, before: Line | undefined, after: Line | undefined): boolean {
  if (!before || before.mark === "NONE" || !after || after.mark !== before.mark) return false;
  if (/\p{Script=Han}/u.test(text))
    return text.length <= 25 && /(?:系统|平台|中心|商城|网站|小程序|APP|项目)$/i.test(text);
  return (
    before.text.length <= 70 &&
    !/(?:[,:-]|\b(?:and|or|with|the|an?|of|to|in|for|by|on|from))$/i.test(before.text) &&
    isName(projectName(text)) &&
    text.split(/\s+/).every((word) => word.length < 4 || /^[^\p{Ll}]/u.test(word))
  );
}

interface Entry {
  head: string;
  lines: string[];
}

function entries(lines: Line[], starts: (line: Line, index: number) => boolean): ResumeProject[] {
  const found: Entry[] = [];
  for (const [index, line] of lines.entries()) {
    const last = found.at(-1);
    if (starts(line, index)) found.push({ head: line.text, lines: [] });
    else if (last && line.text !== "" && !otherLabel.test(line.text)) {
      // The list continues on the next line.
      if (last.lines.length === 0 && labelled.test(last.head) && /[,，、;；]$/.test(last.head))
        last.head += ` ${line.text}`;
      else last.lines.push(line.text);
    }
  }
  return found.flatMap(projectsOf);
}

function projectsOf({ head, lines }: Entry): ResumeProject[] {
  const items = listItems(head);
  if (items.length > 1) return items.map((item) => project(projectName(item), item));
  const all = [head, ...lines].join("\n");
  if (!isTold(head.replace(labelled, ""))) return [project(projectName(head), all)];
  const told = projectsTold(head.replace(labelled, ""));
  return told.length === 1 && told[0] ? [project(told[0].name, all)] : told;
}

function project(name: string, text: string): ResumeProject {
  return { name, technologies: technologiesIn(text, name) };
}

/** "Projects: OrderHub (Go, Kafka), LedgerSync (PostgreSQL)" names two; "Project: Order Desk, a shop" one. */
function listItems(head: string): string[] {
  const label = labelled.exec(head)?.[0] ?? "";
  const maySimplyList = /projects\b|项目\s*[:：]|项目经[验历]/i.test(label);
  const text = (head.slice(label.length, 2000).split(/\.\s(?=[^,，]*$)|。/)[0] ?? "").replace(/[.。\s]+$/, "");
  const strong = splitOutsideBrackets(text, /[;；]/);
  const items = strong.length > 1 ? strong : splitOutsideBrackets(text.replaceAll(joined, "$1, "), /[,，、]/);
  const names = items.map((item) => item.replace(/^(?:and|以及|和)\s?/i, ""));
  const areBracketed = names.every(endsInBrackets);
  const isList = names.every((item) => isListed(item, strong.length > 1));
  // A single plain word may as well be a place: "Acme Website, London".
  const isSure =
    strong.length > 1 || names.some(endsInBrackets) || names.every((item) => !/^\p{Lu}\p{Ll}*$/u.test(item));
  return items.length > 1 && isList && (areBracketed || (maySimplyList && isSure)) ? names : [];
}

/** Separates two projects of which the first has its technologies in parentheses. */
const joined = /([)）])\s*(?:and |& |和|与|以及)\s*/g;

function endsInBrackets(item: string): boolean {
  return /^[^\s(（][^(（]*[(（][^)）]*[)）]$/.test(item);
}

function isListed(item: string, mayBeDescribed: boolean): boolean {
  const bare = item.replace(/\s*[(（][^)）]*[)）]$/, "");
  const isShort = mayBeDescribed || bare.split(/\s+/).length <= 5;
  const isHan = /\p{Script=Han}/u.test(bare);
  const looksNamed = isHan
    ? bare !== item || mayBeDescribed || /(?:系统|平台|中心|商城|网站|小程序|APP|项目|引擎|网关|中台)$/i.test(bare)
    : /^[\p{Lu}\d"“]/u.test(bare) || bare !== item;
  return isShort && looksNamed && isName(projectName(item));
}

function splitOutsideBrackets(text: string, separator: RegExp): string[] {
  const items = [""];
  let depth = 0;
  for (const character of text) {
    if (/[(（[【]/.test(character)) depth += 1;
    else if (/[)）\]】]/.test(character)) depth = Math.max(0, depth - 1);
    if (depth === 0 && separator.test(character)) items.push("");
    else items[items.length - 1] += character;
  }
  return items.map((item) => item.trim()).filter((item) => item !== "");
}

const nameColumn = /^(?:项目(?:名称|名)?|名称|projects?(?: (?:name|title))?|name|title)$/i;

/** The rows of a table with a column for the name; null if there is no such table. */
function tableRows(lines: Line[], isAboutProjects: boolean): ResumeProject[] | null {
  const filled = lines.filter(isFilled).slice(0, 500);
  const header = filled.findIndex(({ text }) => columnOfNames(text, isAboutProjects) >= 0);
  if (header < 0) return null;
  const column = columnOfNames(filled[header]?.text ?? "", isAboutProjects);
  const rows = filled.slice(header + 1).filter(({ text }) => /[|｜\t]/.test(text) && !/^[\s|:+=-]+$/.test(text));
  return rows.map(({ text }) => project(projectName(cellsOf(text)[column] ?? ""), text));
}

function columnOfNames(line: string, isAboutProjects: boolean): number {
  if (!/[|｜\t]/.test(line) || /\d/.test(line)) return -1;
  const cells = cellsOf(line);
  const isHeader = cells.length >= 2 && cells.every((cell) => cell.length <= 20);
  const column = isHeader ? cells.findIndex((cell) => nameColumn.test(cell)) : -1;
  const isSure = isAboutProjects || /项目|project/i.test(cells[column] ?? "");
  return isSure ? column : -1;
}

function cellsOf(line: string): string[] {
  return line
    .replaceAll(/^\s*[|｜]|[|｜]\s*$/g, "")
    .split(/[|｜\t]/)
    .map((cell) => cell.trim());
}

/** Joins wrapped lines. */
function paragraphs(lines: Line[]): string[] {
  const found: string[] = [];
  let before: Line | null = null;
  for (const line of lines) {
    const isWrapped = before !== null && line.mark === "NONE" && isFilled(line) && before.text.length >= 40;
    const glue = /\p{Script=Han}$/u.test(before?.text ?? "") ? "" : " ";
    if (isWrapped) found.push(`${found.pop()}${glue}${line.text}`);
    else if (isFilled(line)) found.push(line.text);
    before = isFilled(line) ? line : null;
  }
  return found;
}
