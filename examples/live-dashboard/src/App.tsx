import { type FormEvent, useCallback, useRef, useState, useSyncExternalStore } from "react";
import type { Api } from "./api.ts";
import type { BoardRow } from "./board.ts";
import { everything } from "./filter.ts";
import { Details } from "./parts/Details.tsx";
import { Filters } from "./parts/Filters.tsx";
import { Happenings } from "./parts/Happenings.tsx";
import { SessionTable } from "./parts/SessionTable.tsx";
import type { Tally } from "./tally.ts";
import { texts } from "./texts.ts";
import { useBoard } from "./useBoard.ts";

export function App({ api }: { api: Api }) {
  const { connection, token } = api;
  const connected = useSyncExternalStore(connection.subscribe, connection.get);
  const signedOut = useSyncExternalStore(token.wanted.subscribe, token.wanted.get);
  return (
    <>
      <header className="top">
        <h1>{texts.title}</h1>
        <p className={`connection ${connected.toLowerCase()}`} role="status">
          {!signedOut && texts.connection[connected]}
        </p>
        <a href="/">{texts.room}</a>
      </header>
      <main>
        {signedOut && <SignIn api={api} />}
        <div className={signedOut ? "unseen" : ""} inert={signedOut}>
          <Dashboard api={api} />
        </div>
      </main>
    </>
  );
}

function Dashboard({ api }: { api: Api }) {
  const [filter, setFilter] = useState(everything);
  const { rows, happenings, tally, hasMore, last, more } = useBoard(api, filter);
  const [chosen, setChosen] = useState<string | null>(null);
  const choose = useCallback((id: string) => setChosen(id), []);
  const followed = useFollowed(rows, chosen);

  function close(): void {
    document.querySelector<HTMLElement>('.sessions [aria-pressed="true"]')?.focus();
    setChosen(null);
  }

  const total = Object.entries(tally.counts).reduce(
    (all, [status, count]) => (filter.status === null || filter.status === status ? all + count : all),
    0,
  );
  return (
    <>
      <Tiles tally={tally} />
      <Filters filter={filter} onChange={setFilter} />
      <div className="board">
        <section aria-label={texts.sessions} className="sheet">
          <header>
            <h2>{texts.sessions}</h2>
            <small role="status">{texts.shown(rows.length, Math.max(total, rows.length))}</small>
          </header>
          {rows.length === 0 ? (
            <p className="hint">{filter === everything ? texts.none : texts.noneFit}</p>
          ) : (
            <SessionTable rows={rows} chosen={chosen} onChoose={choose} last={last} onMore={hasMore ? more : null} />
          )}
        </section>
        <div className="side">
          {followed && <Details key={followed.session.id} client={api.client} row={followed} onClose={close} />}
          <Happenings happenings={happenings} />
        </div>
      </div>
    </>
  );
}

/** The chosen session as it was last known: it stays open when the filter no longer leaves it. */
function useFollowed(rows: readonly BoardRow[], chosen: string | null): BoardRow | null {
  const last = useRef<BoardRow | null>(null);
  const row = rows.find(({ session }) => session.id === chosen);
  if (row) last.current = row;
  return last.current?.session.id === chosen ? last.current : null;
}

function Tiles({ tally: { counts, averageScore } }: { tally: Tally }) {
  const tiles: [string, number | string][] = [
    [texts.running, counts.CREATED + counts.IN_PROGRESS],
    [texts.evaluating, counts.COMPLETED],
    [texts.reports, counts.EVALUATED],
    [texts.average, averageScore === null ? "–" : Math.round(averageScore)],
  ];
  return (
    <dl className="tiles">
      {tiles.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function SignIn({ api: { token } }: { api: Api }) {
  const [value, setValue] = useState("");
  function submit(event: FormEvent): void {
    event.preventDefault();
    token.signIn(value);
  }
  return (
    <form className="sheet sign-in" onSubmit={submit}>
      <h2>{texts.tokenTitle}</h2>
      <p>{texts.tokenWhy}</p>
      {token.value !== null && <p role="alert">{texts.refused}</p>}
      <label>
        {texts.token}
        <input
          type="password"
          autoComplete="off"
          required
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
      </label>
      <button type="submit">{texts.signIn}</button>
    </form>
  );
}
