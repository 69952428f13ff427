import { describe, expect, it } from "vitest";
import { sentencesOf } from "../../../src/interview/scoring/substance.ts";
import { inOrder } from "../../../src/interview/scoring/wordOrder.ts";
import { meanings } from "./builtIn.ts";

/** Of no question of the bank. */
const reference = {
  answer:
    "A garden needs light and water, because plants make sugar from both. In summer one waters them in the evening, so that " +
    "less of it dries up before the roots have taken it in.",
  keyPoints: [{ text: "Water in the evening", accept: ["in the evening"], followUp: null }],
};
const hanReference = {
  answer: "花园需要阳光和水，因为植物用它们制造糖。夏天应该在傍晚浇水，这样水不会在根吸收之前就蒸发掉。",
  keyPoints: [{ text: "傍晚浇水", accept: ["傍晚浇"], followUp: null }],
};

const read = (text: string, right = reference): string[] => inOrder(sentencesOf(text), right, meanings);

describe("words that were thrown together", () => {
  it.each([
    "both water it roots needs sugar that evening garden because up the in dries light make the have so plants them before one.",
    "a and because before both dries evening from garden have in in in it it less light make needs of of one plants roots so sugar summer taken that the the them up water waters.",
    "in taken have roots the before up dries it of less that so evening the in them waters one summer in both from sugar make.",
    "and because A light water both garden sugar from needs make plants. that up evening of it so dries the waters in less taken have roots summer the before in them one in the it.",
  ])("are not read: %s", (text) => expect(read(text)).toEqual([]));

  it.each([
    "要阳需水光因为制造和植物糖用蒸它们花园发就根吸前之收水会不掉傍浇晚水在夏应该天这样。",
    "蒸发之前浇水需要夏天它们根花园糖吸收因为阳光应该不会在植物这样制造傍晚掉用就在水和水。",
    "掉蒸发就之前吸收根在会不水这样浇水傍晚在应该夏天糖制造它们用植物因为水和阳光需要花园。",
  ])("are not read in Chinese: %s", (text) => expect(read(text, hanReference)).toEqual([]));

  it("are left out beside sentences, which are read", () =>
    expect(
      read(
        "I grew up on a farm and we had to carry every bucket. Both water it roots needs sugar that evening garden because " +
          "up the in dries light make the have so plants them before one.",
      ),
    ).toEqual(["I grew up on a farm and we had to carry every bucket."]));
});

describe("what was written", () => {
  it.each([
    "Plants want sun, and they drink at night: whoever pours at noon pours half of it into the air.",
    "garden needs light and water because plants make sugar from both in summer one waters them in evening so that less of it dries up before roots have taken it in",
    "- light and water\n- evening, so less dries up\n- roots take it in first",
    "Um, well, a garden, you know, needs light and, I mean, water. So basically plants make, um, sugar from both.",
    "A garden need light and also the water, because of plants is making sugar from this two thing.",
  ])("is read: %s", (text) => expect(read(text)).toEqual(sentencesOf(text)));

  it.each([
    "太阳落山以后再浇，不然中午一晒，一半都跑到天上去了，根还没喝到。",
    "花园需要阳光和水 因为植物用它们制造糖 夏天应该在傍晚浇水 这样水不会在根吸收之前就蒸发掉",
    "嗯，那个，花园要有光和水，就是说，植物靠这些做糖，然后的话，夏天傍晚再浇。",
  ])("is read in Chinese: %s", (text) => expect(read(text, hanReference)).toEqual(sentencesOf(text)));
});
