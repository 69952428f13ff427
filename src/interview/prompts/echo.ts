const stretch = 80;

/** Tells whether a text repeats a stretch of 80 characters of our instructions, whatever its case and white space. */
export interface EchoCheck {
  isEcho(text: string): boolean;
  /** The text's end reads like the instructions: more of it may turn out to be an echo. */
  mayBecomeEcho(text: string): boolean;
}

export function createEchoCheck(instructions: string): EchoCheck {
  const own = plain(instructions);
  const windows = new Set<string>();
  for (let start = 0; start + stretch <= own.length; start++) windows.add(own.slice(start, start + stretch));
  return {
    isEcho(text) {
      const said = plain(text);
      for (let start = 0; start + stretch <= said.length; start++) {
        if (windows.has(said.slice(start, start + stretch))) return true;
      }
      return false;
    },
    mayBecomeEcho(text) {
      const said = plain(text);
      return said.length >= suspicious && own.includes(said.slice(-suspicious));
    },
  };
}

/** So many characters in a row are seldom shared by chance. */
const suspicious = 24;

function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase().replaceAll(/\s+/g, " ");
}
