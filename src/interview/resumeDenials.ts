/** Removes what a résumé denies: "I do not know Java or Spring", "不会Java". Its owner is not to be asked about that. */
export function withoutDenials(text: string): string {
  return denials.reduce((rest, denial) => rest.replace(denial, " . "), text);
}

const denials = [
  // Up to the end of the clause.
  /\b(?:(?:do|does|did|have|has|am|is|can|could)(?: not|n['’]t)|dont|cannot|never|not)\s(?:(?:really|actually|yet|much|at all|ever)\s){0,2}(?:know|learn(?:ed|t)?|used?|like|touched|write|written|program(?:med)? in|work(?:ed)? (?:in|on|with)|familiar with|interested in|an?(?= [\w+#.]+ (?:engineer|developer|programmer|dev)\b))\b(?:(?!\b(?:but|though|only)\b)[^.,;!?\n。，；])*/gi,
  /\b(?:no|without|zero|lack(?:ing)?)\s(?:\w{1,20}\s)?(?:experience|knowledge|skills?|background)\s(?:in|with|of)\b(?:(?!\b(?:but|though|only)\b)[^.,;!?\n。，；])*/gi,
  /(?:不会|不懂|不太会|不太懂|不熟悉|不了解|没有?(?:用|学|写|做|接触)过|不想做|不是|非)(?:使用|用|写|做|任何)?\s?(?=[A-Za-z]|前端|后端|测试|运维|嵌入式)(?:(?![但只而会])[^.,;!?\n。，；！？])*/g,
  // Only the name itself.
  /\b(?:no|not|without)\s(?:any\s)?[A-Za-z][\w+#.]{0,20}/gi,
  /(?:无|没有?)\s?[A-Za-z][\w+#. ]{0,20}(?:经验|基础|背景)/g,
  /[A-Za-z][\w+#.]{0,20}(?:[ :：]{0,2}我?(?:不会|不懂|不太会|不太懂|不熟悉?|没有?(?:学|用|接触)过)(?=[\s,.;，。；、！）)]|$)|(?:: | - | )(?:none|no)(?=[\s.,;]|$))/g,
];
