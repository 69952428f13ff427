/** Ways to say that one does not know, in English and Chinese; what is left besides them decides. */
const english =
  /\b(?:(?:i\s+)?(?:really\s+|honestly\s+|just\s+|actually\s+|simply\s+)*(?:do\s*n[o']?t|don\u2019t|dont|did\s*n[o']?t|can\s*no?t|can'?t|could\s*n[o']?t|have\s+no|haven'?t|have\s+not|am\s+not|i'?m\s+not|no|not|never)\s+(?:really\s+|honestly\s+|actually\s+|quite\s+|a\s+)?(?:know|knew|sure|certain|idea|clue|remember|recall|familiar|answer|heard|learned|learnt|used|worked|have\s+an?\s+(?:answer|idea|clue))|idk|dunno|no\s+clue|no\s+idea|no\s+comment|pass(?![\s-]*(?:by|the|a|in|as|to|through)\b)|skip(?:\s+(?:this|it))?|beats\s+me)\b/gi;
const chinese =
  /(?:我|这个|这题|这道题|该题|抱歉|对不起|不好意思|真的|确实|完全|实在|暂时|目前|也|还|并|，|,|。)*(?:不知道|不清楚|不太清楚|不太了解|不了解|不太懂|不懂|不太会|不会(?=[做答说写这啊呀呢了吧诶哦]|[^\p{Script=Han}]|$)|不记得|记不清|记不得|想不起来|忘了|忘记了|没有?听说过|没有?接触过|没有?学过|没有?用过|没有?了解过|答不上来|答不出来|无法回答|跳过|不确定)/gu;
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
  const rest = answer.replace(english, " ").replace(chinese, " ");
  if (rest === answer) return !/[\p{L}\p{N}]/u.test(answer);
  const words =
    rest
      .replace(filler, " ")
      .replace(chineseFiller, " ")
      .match(/[\p{L}\p{N}]/gu) ?? [];
  return words.length <= 24;
}
