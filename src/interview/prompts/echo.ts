const stretch = 80;

/** Tells whether a text repeats a stretch of 80 characters of our instructions, whatever its case and white space. */
export interface EchoCheck {
  isEcho(text: string): boolean;
  /** The text's end reads like the instructions: more of it may turn out to be an echo. */
  mayBecomeEcho(text: string): boolean;
}

export function createEchoCheck(instructions: string): EchoCheck {
  const own = plain(instructions);
  // Letter by letter as well: with its white space made plain, a stretch of 80 characters may have fewer.
  const forms = [own, instructions];
  const halves = new Set(forms.flatMap((form) => pieces(form, half, 1)));
  return {
    isEcho: (text) =>
      [plain(text), text].some(
        (said) =>
          // Wherever a stretch of 80 begins, one of the text's pieces of 40 lies within it.
          pieces(said, half, half).some((piece) => halves.has(piece)) &&
          pieces(said, stretch, 1).some((piece) => forms.some((form) => form.includes(piece))),
      ),
    mayBecomeEcho(text) {
      const said = plain(text);
      return said.length >= suspicious && own.includes(said.slice(-suspicious));
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
