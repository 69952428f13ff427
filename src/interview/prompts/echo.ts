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
  const windows = new Set<string>();
  for (const text of [own, instructions]) for (const one of stretches(text)) windows.add(one);
  return {
    isEcho(text) {
      for (const said of [plain(text), text]) {
        for (const one of stretches(said)) if (windows.has(one)) return true;
      }
      return false;
    },
    mayBecomeEcho(text) {
      const said = plain(text);
      return said.length >= suspicious && own.includes(said.slice(-suspicious));
    },
  };
}

function* stretches(text: string): Generator<string> {
  for (let start = 0; start + stretch <= text.length; start++) yield text.slice(start, start + stretch);
}

/** So many characters in a row are seldom shared by chance. */
const suspicious = 24;

function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase().replaceAll(/\s+/g, " ");
}
