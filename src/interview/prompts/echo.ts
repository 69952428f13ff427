const stretch = 80;

/** Detects texts that repeat 80 characters of our instructions, ignoring case and white space. */
export interface EchoCheck {
  isEcho(text: string): boolean;
  /** The end of the text matches the instructions: what follows may turn out to be an echo. */
  mayBecomeEcho(text: string): boolean;
}

/** Instructions prepared for the search; done once for those that all prompts share. */
export interface Instructions {
  /** Also verbatim: with its white space normalised, a stretch of 80 characters may be shorter. */
  forms: [own: string, written: string];
  halves: Set<string>;
}

export function prepareInstructions(written: string): Instructions {
  const forms: Instructions["forms"] = [plain(written), written];
  return { forms, halves: new Set(forms.flatMap((form) => pieces(form, half, 1))) };
}

/** Also detects the fence code of the prompt, which occurs nowhere else. */
export function createEchoCheck(all: Instructions[], code: string | null = null): EchoCheck {
  return {
    isEcho: (text) =>
      (code !== null && text.includes(code)) ||
      [plain(text), text].some((said) => {
        // Every stretch of 80 characters contains one of the text's pieces of 40.
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

/** All full pieces of that length, starting every `step` characters. */
function pieces(text: string, length: number, step: number): string[] {
  const found: string[] = [];
  for (let start = 0; start + length <= text.length; start += step) found.push(text.slice(start, start + length));
  return found;
}

/** Matches of this length are rarely coincidental. */
const suspicious = 24;

function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase().replaceAll(/\s+/g, " ");
}
