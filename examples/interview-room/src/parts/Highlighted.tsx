/** A text with the given pieces of it marked. Everything is shown as text, whatever it looks like. */
export function Highlighted({ text, pieces }: { text: string; pieces: readonly string[] }) {
  let at = 0;
  return (
    <>
      {cut(text, pieces).map(({ part, marked }) => {
        const key = at;
        at += part.length;
        return marked ? <mark key={key}>{part}</mark> : <span key={key}>{part}</span>;
      })}
    </>
  );
}

export function cut(text: string, pieces: readonly string[]): { part: string; marked: boolean }[] {
  const ranges = pieces
    .filter((piece) => piece !== "")
    .map((piece) => ({ from: text.indexOf(piece), to: text.indexOf(piece) + piece.length }))
    .filter(({ from }) => from >= 0)
    .sort((a, b) => a.from - b.from);
  const parts: { part: string; marked: boolean }[] = [];
  let done = 0;
  for (const { from, to } of ranges) {
    if (to <= done) continue;
    const start = Math.max(from, done);
    if (start > done) parts.push({ part: text.slice(done, start), marked: false });
    parts.push({ part: text.slice(start, to), marked: true });
    done = to;
  }
  if (done < text.length) parts.push({ part: text.slice(done), marked: false });
  return parts;
}
