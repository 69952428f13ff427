import { sentencesOf } from "./substance.ts";
import { hasHan, lengthInWords } from "./words.ts";

/**
 * Whether a reference describes a good answer ("The candidate should describe …") instead of being one. Then a good answer
 * need not share a word with it.
 */
export function isAboutAnswers(reference: string): boolean {
  return aboutAnswers.test(reference);
}

const aboutAnswers =
  /\b(?:good|strong|convincing|great|best|complete|solid|ideal|credible) (?:answers?|candidates?|responses?)\b|\bthe candidate(?:'s)?\b|\b(?:answers?|responses?) (?:should|must)\b|(?:好的|有说服力的|优秀的|完整的|合格的)(?:回答|答案)|(?:回答|答案|候选人|应聘者)(?:应|要|须|需|必须)|^(?:应当|应该|需要|要)?(?:举出|讲出|说出|讲述|举一个)/i;

/**
 * Scores a personal account by its form, 0 to 60: first person, about work, with actions or wishes as the question asks
 * for, figures, names, reasons and an outcome.
 */
export function worthOfAccount(said: string, question: string): number {
  const isHan = hasHan(said);
  const length = lengthInWords(said);
  const text = said.replaceAll("\u2019", "'");
  const many = (pattern: RegExp): number => new Set(text.match(pattern)?.map((one) => one.toLowerCase())).size;
  const sentences = sentencesOf(text);
  const own = sentences.filter((sentence) => self.test(sentence)).length / sentences.length;
  const done = many(asksForStory.test(question) ? deeds : wishes);
  if (length < 30 || own < (isHan ? 0.4 : 0.6) || many(work) < 2 || done < 2) return 0;
  if (plots.some(([asked, told]) => asked.test(question) && !told.test(text))) return 0;
  const signs = [
    Math.min(1, done / 3),
    Math.min(1, many(figures) / 2),
    Math.min(1, many(isHan ? latinNames : names) / 2),
    Math.min(1, many(reasons) / 2),
    Math.min(1, many(ends) / 2),
  ];
  const told = signs.reduce((sum, one) => sum + one, 0);
  return told < 1.6 ? 0 : Math.min(60, 24 + 10 * told) * Math.min(1, 0.4 + length / 90);
}

/** Whether a text is in the first person and tells of actions; Chinese often leaves the subject out. */
export function isOwnAccount(said: string): boolean {
  const text = said.replaceAll("\u2019", "'");
  const sentences = sentencesOf(text);
  const own = sentences.filter((sentence) => self.test(sentence)).length;
  return lengthInWords(said) >= 30 && own >= (hasHan(said) ? 0.3 : 0.8) * sentences.length && text.search(deeds) >= 0;
}

const asksForStory =
  /\b(?:tell (?:me|us) about|describe|give (?:me |us )?an? example|a time (?:when|you)|an occasion|have you ever|walk (?:me|us) through|most (?:challenging|difficult)|proud)|介绍|讲一|说一(?:次|个)|举|经历|做过/i;
/** What a story must contain for the kind of story that is asked for. */
const plots: [asked: RegExp, told: RegExp][] = [
  [
    /\b(?:mistakes?|fail\w*|went wrong|regret)\b|错误|失误|失败|搞砸/i,
    /\b(?:wrong|mistakes?|broke\w*|fail\w*|miss(?:ed|ing)|lost|deleted|dropped|disappeared|forg[eo]t\w*|overlooked|should have|angry|apologi\w*|outage|was down|went down)\b|错|失误|失败|故障|事故|丢|漏|忘|没想到|道歉/i,
  ],
  [
    /\b(?:disagree\w*|conflicts?|argument|difficult (?:colleague|person))\b|意见不(?:合|一|同)|分歧|冲突|争执/i,
    /\b(?:disagree\w*|argu\w*|opinion|view|wanted|insisted|thought|reasons?|objected|against)\b|不同意|坚持|分歧|觉得|认为|想用|理由|冲突/i,
  ],
  [
    /\b(?:performance|slow\w*|latency|optimi[sz]\w*|speed\w*)\b|性能|优化|变慢|卡顿/i,
    /\b(?:slow\w*|seconds?|ms|minutes|time-?outs?|faster|latency|load|cpu|memory|profil\w*)\b|慢|秒|毫秒|卡|耗时|超时|内存/i,
  ],
  [
    /\b(?:migrat\w*|refactor\w*|rewrit\w*|rewrote|upgrade\w*)\b|迁移|重构|改造|升级/i,
    /\b(?:mov\w+|old|legacy|switch\w*|migrat\w*|rewr\w+|refactor\w*|both|replac\w+)\b|迁|旧|老|切换|重构|替换|升级/i,
  ],
];

const self = /\b(?:I|me|my|we|our|us)\b|我|咱/;
const work =
  /\b(?:teams?|colleagues?|managers?|boss|leads?|customers?|clients?|users?|projects?|releases?|production|deploy\w*|code|services?|servers?|databases?|tables?|quer(?:y|ies)|pages?|apis?|tests?|testing|bugs?|products?|pipelines?|systems?|companies|company|tickets?|reviews?|designers?|engineers?|developers?|interns?|juniors?|architects?|stand-?ups?|sprints?|deadlines?|features?|migrat\w*|scripts?|backups?|logs?|roles?|career|courses?|jobs?|app|apps|tools?|reports?|exports?|requests?|caches?|time-?outs?|backend|frontend|dashboards?|metrics?|data|errors?|checkout)\b|团队|同事|领导|客户|用户|项目|上线|发布|代码|服务|数据|接口|测试|需求|产品|系统|公司|岗位|技术|架构|线上|版本|运维|开发|程序|后台|前端|后端|门店|脚本|排期/gi;
/** Actions in the past, not states, opinions or habits. */
const deeds =
  /\b(?:I|we)(?:'d| had|'ve| also| then| just| first)? (?!(?:am|are|was|were|have|do|don|can|could|would|should|will|must|may|might|think|believe|want|always|never|usually|often|try|work|see|like|love|know|hope|feel|guess|mean|need|take|care|really|still|all|both)\b)[a-z]{2,}|我(?:们)?[^，。！？；我]{0,8}?(?:写|做|改|查|问|定|打|跑|找|发现|负责|迁|压测|加了|拆|提|推|搭|听|补|帮|用了|接|摊|挑|拉|盯|试)|(?:写|做|改|查|问|测|找|拆|搭|换|补|加|调|迁移)了/gi;
const wishes =
  /\b(?:(?:I|we)(?:'d| would)? (?:really )?(?:want|like|love|hope|plan|intend|aim|need|wish)|I'm (?:looking|aiming|planning|learning|doing)|I've (?:begun|started|been)|my (?:goal|aim|plan|next step)s?|(?:to|want to) (?:learn|grow|build|lead|become)|where I want|room to grow|career|realistic path|years? (?:one|two|from now)|your (?:ad|company|team|product|stack|blog|platform)|here I(?:'d| would))\b|想|希望|目标|规划|方向|打算|成为|学到|成长|贵公司|你们|岗位|契合|能帮/gi;
const figures =
  /\d+(?:[.,:]\d+)*|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|fifty|hundred|thousand|million|half|twice)\b|[两二三四五六七八九十百千万几半]+(?:个|台|条|次|天|周|月|年|倍|家|分钟|小时|秒|百|多)/gi;
/** Capitalised inside a sentence. */
const names = /(?<=[a-z,] )[A-Z][A-Za-z+#.]+/g;
const latinNames = /[A-Za-z][A-Za-z+#.]{1,}/g;
const reasons =
  /\b(?:because|since|so that|so|in order to|as a result|which is why|that's why|therefore|rather than|instead)\b|因为|所以|为了|原因|原来|由于|而不是/gi;
const ends =
  /\b(?:since then|after(?:wards| that)?|in the end|finally|went from|went down|now|learned|learnt|until|by the end|result|turned out|we agreed|stopped|plan to|I want to|I'd like to|I'd love to|would be able to)\b|后来|最后|最终|结果|之后|从那以后|上线之后|如果重来|要是重来|学到|反思|以后|长远/gi;
