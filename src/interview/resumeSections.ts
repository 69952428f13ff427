/** A line of a résumé. */
export interface Line {
  /** Without indentation and Markdown emphasis. */
  text: string;
  indent: number;
  /** How it begins, which distinguishes list items from their descriptions. */
  mark: "HEADING" | "BULLET" | "BOLD" | "NONE" | Numbering;
}

type Numbering = "1." | "(1)" | "一、" | "①";

const numberings: [Numbering, RegExp][] = [
  ["1.", /^(?:\d{1,2}[.、．](?!\d)|\d{1,2}[)）])\s*/],
  ["(1)", /^[(（]\d{1,2}[)）]\s*/],
  ["一、", /^[一二三四五六七八九十]{1,2}、\s*/],
  ["①", /^[①-⑩]\s*/],
];

export function readLine(raw: string): Line {
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

export function isFilled(line: Line): boolean {
  return line.text !== "";
}

type SectionKind = "PROJECTS" | "WORK" | "EDUCATION" | "OTHER";

export interface Section {
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

export function splitIntoSections(lines: Line[]): Section[] {
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
