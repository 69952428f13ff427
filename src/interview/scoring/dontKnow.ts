/**
 * Ways to say "I don't know" in English and Chinese. They are removed, and what is left decides. Said of something else the
 * same words are content: a client that cannot know, a pointer that is never used again, a skip list.
 */
const english =
  /(?<!\b(?:is|are|was|were|be|been|being|does|will|should|must|may|might|shall|to|than|has|had|gets?)\s)\b(?:(?:i\s+)?(?:really\s+|honestly\s+|just\s+|actually\s+|simply\s+)*(?:do\s*n[o']?t|don\u2019t|dont|did\s*n[o']?t|(?<=(?:^|[^\p{L}\s]|\b(?:i|we|honestly|really|just|but|and|so|sorry))\s*)(?:can\s*no?t|can'?t)|could\s*n[o']?t|have\s+no|haven'?t|have\s+not|am\s+not|i'?m\s+not|no|not|never)\s+(?:really\s+|honestly\s+|actually\s+|quite\s+|a\s+|any\s+)?(?:know|knew|sure|certain|idea|clue|remember|recall|familiar|answer|heard|learned|learnt|used|worked|experience|come\s+across|have\s+an?\s+(?:answer|idea|clue))|idk|dunno|no\s+clue|no\s+idea|no\s+comment|beats\s+me|(?:is|are)\s+beyond\s+me|over\s+my\s+head|mind\s+(?:is|went|has\s+gone|goes)\s+(?:completely\s+)?blank|drawing\s+a\s+blank|(?:have|need)\s+to\s+(?:look|google)(?:\s+(?:that|it|this))?(?:\s+up)?|i\s+give\s+up|unfamiliar)\b/giu;
/** Only in the first person: of programs and other people the same words are content. */
const oneself =
  /(?<=^|[.!?,;:\n]|\b(?:and|but|so|honestly|sorry|well|hm+|because|since)\b)\s*(?:i(?:'ve|'d|'m|\s+(?:have|had|would|am))?\s+)(?:(?:really|honestly|just|also|afraid|always)\s+)*(?:(?:haven't|have\s+not|hadn't|can't|cannot|can\s+not|couldn't|could\s+not|wouldn't|would\s+not|don't|do\s+not|didn't|did\s+not|never|not|rather\s+not|prefer\s+not)\s+(?:(?:really|ever|actually|quite|even|to)\s+)*(?:say|tell(?:\s+you)?|answer|think\s+of|explain|guess|name|come\s+up\s+with|know|recall|led|lead|done|did|built|designed|developed|dealt|touched|encountered|studied|had\s+to|looked|worked|used|heard|seen)|forgot(?:ten)?|mix(?:ed)?\s+(?:those|these|them|it)(?:\s+two)?\s+up)(?:\s+(?:anything|any|an?|what|which|where|when|how|that|this|it|one|is|example|examples|more|like|about|at|with|on|so\s+far|much|of|to|do|begin|start))*\b|\bnothing\s+(?:really\s+)?comes\s+to\s+(?:my\s+)?mind\b|\bnot\s+(?:really\s+)?(?:my\s+(?:field|area|strength|topic|speciality|thing)|something\s+i(?:'ve|\s+have)?\s+(?:come\s+across|know|used|done|worked\s+with))\b|\b(?:i've|i\s+have)\s+forgotten\b|\bcould\s+you\s+explain\s+(?:it|that|this)(?:\s+to\s+me)?\b/giu;
/** Also technical terms, so they only count when they are the whole clause. */
const englishClause =
  /(?:^|[.!?,;\n])\s*(?:sorry\s+)?(?:(?:i|let'?s|let\s+me|can\s+i|can\s+we|could\s+i|please)(?:'d|'ll|\s+(?:would|will|want\s+to|have\s+to|must|need\s+to))?\s+(?:rather\s+|like\s+to\s+|just\s+|have\s+to\s+)*)?(?:pass|skip|forgot|forget|have\s+forgotten|next(?=\s+(?:question|one)))(?:\s+(?:this|that|it|one|on|the|my|for|now|question|answer|how|about|please|here))*\s*(?=[.!?,;\n]|$)/gi;
const chinese =
  /(?:我|这个|这题|这道题|该题|抱歉|对不起|不好意思|真的|确实|完全|实在|暂时|目前|也|还|并|，|,|。)*(?:不知道|不清楚|不太清楚|不太了解|不了解|不太懂|不懂|不太会|不会(?=[做答说写这啊呀呢了吧诶哦]|[^\p{Script=Han}]|$)|不太熟悉|不熟悉|不熟(?!练)|不记得|记不清|记不得|想不起来|忘了|忘记了|没有?听说?过|没有?听说(?=[^\p{Script=Han}]|$)|没有?看过|不晓得|没有?想法|记不起来|忘光了|没有?接触过|没有?学过|没有?用过|没有?做过|没有?了解过|没有?(?:相关|这方面的?)?经验|答不上来|答不出来|说不上来|说不出来|讲不出来|写不出来|说不清楚?|分不清楚?|没有?思路|没有?头绪|没有?概念|不敢乱说|没有?研究过|没有?遇到过|没有?处理过|没有?想过|无法回答|不确定(?!性)|(?<=^|[^\p{Script=Han}]|我|题|先|请)跳过(?=[吧了这此该]|[^\p{Script=Han}]|$))/gu;
/** No answer only when they are the whole text. */
const noAnswers = new Set([
  ...["n a", "na", "not applicable", "none", "nothing", "nope", "nah", "blank", "unknown", "whatever", "no answer"],
  ...["no response", "give up", "i quit", "can t say", "i can t say", "cannot say"],
  ...[
    "无",
    "没",
    "没有",
    "没有回答",
    "空",
    "略",
    "过",
    "算",
    "放弃",
    "放弃题",
    "不答",
    "不回答",
    "不想答",
    "不想回答",
    "拒绝回答",
  ],
  ...["没复习", "没准备", "没接触"],
]);
const anotherQuestion =
  /^(?:(?:let s|let us|can we|could we|i d like to|i want to) )?(?:change (?:the )?(?:question|topic)|(?:go|move|moving) on|(?:(?:go|move|moving|jump|skip) (?:on )?to )?(?:the |an? )?(?:next|another|different|new)(?: (?:question|one|topic))?)$|^(?:跳到?|进?入?|来|到)?[下换]一?个?道?(?:题目?|问题|话题|个|道)$/;
const politeness = /\b(?:sorry|apologies|please|ok|okay|thanks|thank you|well|um|so|just|then)\b/g;
const chinesePoliteness = /抱歉|对不起|不好意思|谢谢|直接|好的|[请吧啊呀呢哦嗯了啦我这那]/g;
/** A guess is an attempt. */
const tries =
  /\b(?:maybe|perhaps|probably|possibly|(?:i|my)\s+(?:think|guess|believe|would\s+say)|i'd\s+(?:say|guess))\b|可能|也许|大概|应该|我猜|猜测|我觉得|我认为/iu;
const filler =
  /\b(?:sorry|apologies|unfortunately|honestly|well|um+|uh+|hmm+|the|a|an|answer|to|this|that|it|question|one|about|of|i|i'm|im|am|is|my|me|we|so|really|afraid|please|next|with|at|all|how|what|works?|do|does|topic|for|on|and|but|right|now|off|top|head|in|detail|details|say|tell|you|can't|cannot|would|have|look|up|need|be|honest)\b/gi;
const chineseFiller =
  /[我你您的了呢吧啊哦嗯题道个这那该]|抱歉|对不起|不好意思|问题|答案|怎么|如何|回答|请|下一|具体|方面|相关|内容|知识/g;

/**
 * Whether an answer says no more than that the candidate does not know. An answer that says so and then tries counts as
 * an answer.
 */
export function isDontKnow(text: string): boolean {
  const answer = text.slice(0, 400).toLowerCase().replaceAll("\u2019", "'");
  if (text.length > 400) return false;
  if (saysNothing(answer)) return true;
  const rest = answer.replace(english, " ").replace(oneself, " ").replace(englishClause, " ").replace(chinese, " ");
  if (rest === answer) return false;
  const words = rest.replace(filler, " ").replace(chineseFiller, " ");
  const weight = [...words].reduce((sum, character) => sum + weightOf(character), 0);
  return weight <= (tries.test(rest) ? 12 : 24);
}

function saysNothing(answer: string): boolean {
  if (!/[\p{L}\p{N}]/u.test(answer)) return true;
  const words =
    answer
      .replace(politeness, " ")
      .replace(chinesePoliteness, "")
      .match(/[\p{L}\p{N}()]+/gu) ?? [];
  const said = words.join(" ");
  return noAnswers.has(said) || anotherQuestion.test(said);
}

/** A Chinese character carries about as much as three letters. */
function weightOf(character: string): number {
  if (/\p{Script=Han}/u.test(character)) return 3;
  return /[\p{L}\p{N}]/u.test(character) ? 1 : 0;
}
