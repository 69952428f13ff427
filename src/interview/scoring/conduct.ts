import { sentencesOf } from "./substance.ts";
import { hasHan } from "./words.ts";

/** The sentences in which the candidate admits misconduct at work, or looks down on others. */
export function misconductIn(said: string, expected: string, question: string): string[] {
  const sentences = sentencesOf(said);
  const own = sentences.filter((sentence) => self.test(sentence)).length;
  // In Chinese the subject is left out where it is clear who acts.
  if (!asksPerson.test(question) || (!hasHan(said) && own < 0.3 * sentences.length)) return [];
  const due = sentencesOf(expected);
  const flags = [...english, ...chinese].filter((flag) => !due.some((sentence) => commits(sentence, flag)));
  const found = sentences.filter((sentence) => flags.some((flag) => commits(sentence, flag)));
  // A single wrong that was put right may be the subject of the story.
  return found.length === 1 && madeGood.test(said) ? [] : found;
}

/** Only questions about the person: of a table or a token the same words are harmless. */
const asksPerson = /\byou(?:r|rself)?\b|你/i;
const self = /\b(?:I|me|my|we|our|us)\b|我|咱/;
const madeGood =
  /\bapologi[sz]ed\b|\bit was me\b|\bmy (?:own )?fault\b|\bI should (?:not )?have\b|道歉|是我的(?:错|失误|责任|疏忽)|我不该/i;

function commits(sentence: string, flag: RegExp): boolean {
  const text = sentence.toLowerCase().replaceAll("\u2019", "'");
  const at = text.search(flag);
  return at >= 0 && !isDenied(text.slice(0, at));
}

/** "I did not hide it" and "he wanted to hide it" are not misconduct of the candidate. */
function isDenied(before: string): boolean {
  const clause = before.split(/[,;:，；：]|\b(?:and|but)\b/).at(-1)!;
  return denied.test(clause) || others.test(clause);
}

const denied =
  /\b(?:not|never|no|nobody|without|avoid\w*|instead of|rather than|refus\w+ to|against|would be wrong|stop\w* \w+ from)\b[^.]{0,30}$|n't\b[^.]{0,30}$|(?:不|没有?|不能|不会|不要|避免|而不是|反对|拒绝|从不|绝不)[^，。]{0,4}$/;
const others =
  /\b(?:he|she|they|colleagues?|manager|boss|lead|teammates?|customers?|clients?|somebody|someone) (?:had |has |was |were |once )?(?:wanted|asked|told|suggested|proposed|planned|tried|used|insisted|feared|thought|ordered|urged|wants|asks)\b|\b(?:was|were|been) (?:asked|told|urged|pushed)\b|(?:同事|领导|经理|主管|他|她|他们|对方|客户|有人)(?:坚持|想|要|要求|希望|建议|提出|打算|让我)/;

/** Joins the patterns of a group. */
function group(...patterns: RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => `(?:${source})`).join("|"), "u");
}

const english = [
  // Hiding what happened, lying about it.
  group(
    /\b(?:hid|hide|hiding|conceal(?:ed|ing)?) (?:it|this|that|them|my|our|what|(?:the|a) (?:mistakes?|errors?|problems?|bugs?|delays?|truth|incident|outage|failure|loss|cause))\b/,
    /\b(?:secretly|lied|lying to|falsif\w+|forged|faked|pretend(?:ed|ing)?|nobody needs to know|told nobody|made up (?:the|some|a))\b/,
    /\b(?:saying|said|say) nothing\b(?! (?:about|on))|\bkept? (?:quiet|it (?:quiet|secret|to myself|from))\b|\bcover(?:ed|ing)? (?:it|this|that) up\b/,
    /\bchang(?:e|ed|ing) the (?:logs?|records?|numbers?|figures?|history)\b|\bexaggerat\w+\b|\bmarked (?:it|them|the \w+) as done\b|\bclosed the \w+ as fixed\b/,
  ),
  // Acting behind somebody's back.
  group(
    /\bwithout (?:telling|informing|asking|consulting|warning) (?:any|the (?:other|team|manager|lead|users|customers?)|them|him|her|my|people)/,
    /\b(?:did not|didn't|don't|not to|never|not) (?:tell|inform|warn|notify|ask) (?:any|the (?:other|team|manager|lead|users|customers?|support))/,
    /\bbehind (?:his|her|their|my \w+'s?|the \w+'s?) backs?\b|\bover (?:his|her|their|my \w+'s?) heads?\b/,
    /\b(?:until|when|while) (?:he|she|they|my \w+) (?:was|were|is|are) (?:on (?:holiday|vacation|leave)|away|sick)\b/,
    /\bcc'?(?:ing|ed|'d) the whole\b|\b(?:deleted|overwrote|reverted) (?:his|her|their) (?:branch|work|code|changes|commits)\b/,
    /\bcop(?:y|ied|ying) (?:our|their|the) (?:customer|client|company)\w* (?:list|data|code)\b|\bleaked\b|\btook (?:the|all the) credit\b/,
  ),
  // Blame.
  group(
    /\b(?:whose|their|his|her|the \w+'s|the users') (?:own )?(?:fault|problem)\b|\b(?:not my|somebody else's|someone else's) (?:fault|problem|job|business|responsibility)\b/,
    /\bnam(?:e|ed|ing) the \w+ who\b|\bblam(?:e|ed|ing) (?:it on |him|her|them|others|(?:the|my) (?:\w+ )?(?:team|tester|testers|colleagues?|manager|lead|boss|customers?|intern|junior|developers?))/,
    /\bmy mistake was (?:that i )?(?:trust|rely|believ|hir)\w*|\bunder the bus\b|\btake the blame\b/,
  ),
  // Contempt.
  group(
    /\b(?:incompetent|stupid|idiots?|fools?|morons?|clueless)\b|\b(?:terrible|awful|useless|lazy|boring) (?:people|colleagues|managers?|team|boss)\b/,
    /\blearning is for\b|\balready know (?:everything|all)\b|\bfacts (?:did not|didn't|don't|do not) matter\b|\bnothing (?:left )?to learn\b/,
    /\b(?:listening|asking|feedback)\b[^.]{0,40}\b(?:weak\w*|waste|pointless|useless)|\brelationship (?:is not|isn't|was not|wasn't|does not|doesn't) (?:important|matter)/,
    /\btoo junior for me\b|\bbeneath me\b|\b(?:since|because) i(?:'m| am) (?:more )?senior\b|\bi (?:don't|do not) care\b|\bwho cares\b/,
    /\b(?:shouted|yelled|insulted|threatened|humiliated)\b|\bin front of (?:everybody|everyone|the (?:whole|entire))\b|\b(?:got|had) (?:him|her|them) (?:fired|moved|removed)\b/,
  ),
  // Refusing to talk, promising what cannot be kept.
  group(
    /\brefused? to (?:discuss|talk|listen|explain|answer|help|meet|negotiate|speak|give)\b|\bnothing (?:should|must|needs to) be (?:put in writing|written|documented)\b/,
    /\b(?:say|said) yes at once\b|\b(?:triple|double|inflate|pad) (?:my|the|our) estimates?\b|\bignored? (?:him|her|them|his|her|their|the feedback)\b/,
  ),
  // Carelessness without regret.
  group(
    /\bwithout (?:a |any |writing |running )?(?:tests?|testing|backups?|back-ups?|rollback(?: plan)?|reviews?|monitoring)\b/,
    /\b(?:skip(?:ped|ping)?|turn(?:ed)? off|switch(?:ed)? off|disabled?|removed?|delet(?:e|ed)) (?:the |all |our )?(?:tests?|monitoring|alerts?|alarms?|reviews?|backups?|password checks?)\b/,
    /\b(?:didn't|did not) waste time\b|\bdeleted the old \w+ first\b|\b(?:directly|straight) on (?:the )?(?:production|live)\b|\bforce-?pushed\b/,
    /\bleave the (?:broken|faulty) \w+\b|\bworked? alone (?:all|through the) night\b/,
  ),
  // Self-interest only.
  group(
    /\b(?:only|just) (?:need|want|here for|came for|looking for|interested in) (?:an? |the |your )?(?:offer|raise|money|salary|visa)\b|\bonly for the money\b/,
    /\bany job (?:is|will be|would be) fine\b|\bstay if they pay\b|\bthen (?:i'll |i will |i'd |i )?quit\b|\bwhoever (?:offers|pays)\b/,
    /\bi don't want to leave\b|\b(?:is not|isn't) relevant to me\b|\bi (?:haven't|have not) thought about\b|\bdon't (?:really )?(?:know|care) (?:what|about) your\b/,
  ),
];

const chinese = [
  // 隐瞒、造假
  group(
    /隐瞒|瞒着|瞒住|偷偷|撒谎|谎称|谎报|篡改(?:了)?(?:日志|数据|记录)|伪造|造假|编造|装作|假装|表面上(?:答应|同意)|没人(?:会)?发现|没有人(?:会)?发现|蒙混|糊弄|敷衍/,
  ),
  // 背着别人行事
  group(
    /背着|私底下|趁(?:他|她|他们|同事)(?:休假|不在|请假)|等(?:他|她)(?:休假|不在|请假)|越级|打小报告|告状|抢功|据为己有|带走(?:客户|代码)/,
    /(?:不用|不必|不|没有?)(?:告诉|通知|通报|知会)(?:任何人|别人|其他|客服|领导|团队|同事|用户|大家)?/,
  ),
  // 推卸责任
  group(
    /甩锅|背锅|推卸|把(?:责任|问题|锅)推给|(?:不是|不算)我的(?:问题|责任|错)|不关我(?:的)?事|与我无关/,
    /(?:是|都是|就是)(?:他|她|他们|别人|领导|同事|测试|产品)(?:的)?(?:问题|错|责任|模块有问题|不懂)|找出责任人|扣(?:他|她)?(?:的)?绩效/,
  ),
  // 轻视别人
  group(
    /(?:水平|能力)(?:不够|不行|很差|太差|太低)|(?:团队|产品|领导|同事|公司)[^，。]{0,8}(?:很烂|太烂|不行|垃圾|白痴|笨|傻)|才有救|谁声音大|说了算/,
    /(?:倾听|沟通|反馈)[^，。]{0,6}(?:没有意义|没用|浪费)|让他(?:没办法|无法)再?反驳|当众|当着[^，。]{0,6}面(?:指|骂|批)|(?:把|将)(?:他|她)(?:调走|开除|赶走)|公司来适应我/,
    /骂(?:了|他|她)|嘲笑|讽刺|威胁|孤立|拉黑|懒得|管他|爱用不用|无所谓/,
  ),
  // 坚持草率行事
  group(
    /不写测试|不做(?:测试|备份|灰度)|不用(?:测试|备份)|(?:把|先)?(?:报警|告警|监控)关掉|关掉(?:报警|告警|监控)|(?:没|没有)必要(?:写)?复盘|不(?:需要|用)复盘|千万不能回滚|直接在生产|随便(?:改|写|选|说|做)/,
  ),
  // 只为自己
  group(
    /谁先给|只(?:是)?(?:为了|想要|要)(?:钱|工资|薪水|offer|户口)|先待(?:半年|几个月|一年|一阵)|(?:考上|拿到)[^，。]{1,8}就走|骑驴找马|混(?:日子|一段)|摸鱼|躺平/,
    /其实(?:都)?是(?:同事|别人|他们)做的|没有参与|(?:我)?也没(?:有)?关注|对(?:贵|你们)公司(?:不|没)(?:太)?了解|不需要了解公司/,
  ),
];
