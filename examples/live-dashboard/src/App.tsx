import { type FormEvent, useCallback, useMemo, useState, useSyncExternalStore } from "react";
import type { Api } from "./api.ts";
import type { BoardRow } from "./board.ts";
import type { SessionStatus } from "./generated/graphql.ts";
import { Details } from "./parts/Details.tsx";
import { Happenings } from "./parts/Happenings.tsx";
import { SessionTable } from "./parts/SessionTable.tsx";
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
          {texts.connection[connected]}
        </p>
        <a href="/">{texts.room}</a>
      </header>
      {signedOut && <SignIn api={api} />}
      <main className={signedOut ? "unseen" : ""} inert={signedOut}>
        <Dashboard api={api} />
      </main>
    </>
  );
}

const statuses: (SessionStatus | null)[] = [null, "CREATED", "IN_PROGRESS", "COMPLETED", "EVALUATED"];

function Dashboard({ api }: { api: Api }) {
  const { rows, happenings, total } = useBoard(api);
  const [status, setStatus] = useState<SessionStatus | null>(null);
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = useMemo(() => rows.filter((row) => fits(row, status, search)), [rows, status, search]);
  const choose = useCallback((id: string) => setChosen(id), []);
  const followed = rows.find((row) => row.session.id === chosen);
  return (
    <>
      <Tiles rows={rows} />
      <div className="filters">
        <fieldset>
          <legend className="unseen">{texts.filter}</legend>
          {statuses.map((option) => (
            <label key={option ?? "all"}>
              <input
                type="radio"
                name="status"
                className="unseen"
                checked={status === option}
                onChange={() => setStatus(option)}
              />
              <span>{option === null ? texts.all : texts.statuses[option]}</span>
            </label>
          ))}
        </fieldset>
        <input
          type="search"
          aria-label={`${texts.search}: ${texts.searchHint}`}
          placeholder={texts.searchHint}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <div className="board">
        <section aria-label={texts.sessions} className="sheet">
          <header>
            <h2>{texts.sessions}</h2>
            <small>{texts.shown(shown.length, total)}</small>
          </header>
          {shown.length === 0 ? (
            <p className="hint">{rows.length === 0 ? texts.none : texts.noneFit}</p>
          ) : (
            <SessionTable rows={shown} chosen={chosen} onChoose={choose} />
          )}
        </section>
        <div className="side">
          {followed && (
            <Details key={followed.session.id} client={api.client} row={followed} onClose={() => setChosen(null)} />
          )}
          <Happenings happenings={happenings} />
        </div>
      </div>
    </>
  );
}

function fits({ session }: BoardRow, status: SessionStatus | null, search: string): boolean {
  if (status !== null && session.status !== status) return false;
  const wanted = search.trim().toLowerCase();
  const said = `${session.jobTitle ?? ""}\n${session.companyName ?? ""}\n${session.ownerId}\n${session.id}`;
  return wanted === "" || said.toLowerCase().includes(wanted);
}

function Tiles({ rows }: { rows: readonly BoardRow[] }) {
  const count = (...of: SessionStatus[]): number => rows.filter(({ session }) => of.includes(session.status)).length;
  const scores = rows.flatMap(({ report }) => (report ? [report.overallScore] : []));
  const sum = scores.reduce((all, score) => all + score, 0);
  const tiles: [string, number | string][] = [
    [texts.running, count("CREATED", "IN_PROGRESS")],
    [texts.evaluating, count("COMPLETED")],
    [texts.reports, count("EVALUATED")],
    [texts.average, scores.length === 0 ? "–" : Math.round(sum / scores.length)],
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
