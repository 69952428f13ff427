const stretch = 80;

/** Tells whether a text repeats a stretch of 80 characters of our instructions, whatever its case and white space. */
export interface EchoCheck {
  isEcho(text: string): boolean;
  /** The text's end reads like the instructions: more of it may turn out to be an echo. */
  mayBecomeEcho(text: string): boolean;
}

/** Some instructions, made ready to be looked for: those that are the same in every prompt need it once. */
export interface Instructions {
  /** Letter by letter as well: with its white space made plain, a stretch of 80 characters may have fewer. */
  forms: [own: string, written: string];
  halves: Set<string>;
}

export function prepareInstructions(written: string): Instructions {
  const forms: Instructions["forms"] = [plain(written), written];
  return { forms, halves: new Set(forms.flatMap((form) => pieces(form, half, 1))) };
}

/** With the code that the prompt's fences carry, which nothing but a fence can have. */
export function createEchoCheck(all: Instructions[], code: string | null = null): EchoCheck {
  return {
    isEcho: (text) =>
      (code !== null && text.includes(code)) ||
      [plain(text), text].some((said) => {
        // Wherever a stretch of 80 begins, one of the text's pieces of 40 lies within it.
        const middles = pieces(said, half, half);
        const near = all.filter(({ halves }) => middles.some((piece) => halves.has(piece)));
        return (
          near.length > 0 &&
          pieces(said, stretch, 1).some((piece) => near.some(({ forms }) => forms.some((form) => form.includes(piece))))
        );
      }),
    mayBecomeEcho(text) {
      if (code !== null && text.lastIndexOf("<<<") > text.lastIndexOf(">>>")) return true;
      const said = plain(text);
      const end = said.slice(-suspicious);
      return said.length >= suspicious && all.some(({ forms: [own] }) => own.includes(end));
    },
  };
}

const half = stretch / 2;

/** All whole pieces of some length, each so many characters after the one before. */
function pieces(text: string, length: number, step: number): string[] {
  const found: string[] = [];
  for (let start = 0; start + length <= text.length; start += step) found.push(text.slice(start, start + length));
  return found;
}

/** So many characters in a row are seldom shared by chance. */
const suspicious = 24;

function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase().replaceAll(/\s+/g, " ");
}
