import { useApolloClient, useQuery, useSubscription } from "@apollo/client/react";
import { useRef, useState } from "react";
import { DeleteSession, History, HistoryEvents, Trends } from "../api/operations.ts";
import type { HistoryEntryFragment } from "../generated/graphql.ts";
import { useSpeech } from "../i18n.tsx";
import { Confirm } from "../parts/Confirm.tsx";
import { Link } from "../parts/Link.tsx";
import { levelOf } from "../parts/Score.tsx";
import { useTitle } from "../parts/SessionTitle.tsx";
import { TrendView } from "../parts/TrendView.tsx";
import { sessionPath } from "../router.ts";

export function HistoryPage() {
  const { texts } = useSpeech();
  const { data, error, fetchMore, refetch } = useQuery(History, { fetchPolicy: "cache-and-network" });
  const { data: trendsData, refetch: readTrends } = useQuery(Trends, { fetchPolicy: "cache-and-network" });
  const trends = trendsData?.viewer.trends;
  useSubscription(HistoryEvents, {
    ignoreResults: true,
    onData({ data }) {
      if (data.data?.viewerEvents.__typename === "ReportReady") readTrends().catch(() => {});
    },
  });
  const heading = useRef<HTMLHeadingElement>(null);
  const sessions = data?.viewer.sessions;
  const entries = sessions?.edges.flatMap((edge) => (edge ? [edge.node] : [])) ?? [];
  return (
    <div className="history">
      <h1>{texts.history}</h1>
      {trends && trends.scores.length > 0 && <TrendView trends={trends} />}
      <section className="sheet">
        <h2 ref={heading} tabIndex={-1}>
          {texts.sessions}
        </h2>
        {error && !data && (
          <div role="alert">
            <p>{texts.failed}</p>
            <button type="button" onClick={() => void refetch().catch(() => {})}>
              {texts.again}
            </button>
          </div>
        )}
        {sessions && entries.length === 0 && <p className="hint">{texts.none}</p>}
        <ul className="sessions">
          {entries.map((entry) => (
            <SessionRow key={entry.id} entry={entry} onDeleted={() => heading.current?.focus()} />
          ))}
        </ul>
        {sessions?.pageInfo.hasNextPage && (
          <button
            type="button"
            className="quiet"
            onClick={() => void fetchMore({ variables: { after: sessions.pageInfo.endCursor } }).catch(() => {})}
          >
            {texts.more}
          </button>
        )}
      </section>
    </div>
  );
}

function SessionRow({ entry, onDeleted }: { entry: HistoryEntryFragment; onDeleted(): void }) {
  const { texts, date } = useSpeech();
  const client = useApolloClient();
  const [asking, setAsking] = useState(false);
  const title = useTitle(entry);

  async function remove(): Promise<void> {
    setAsking(false);
    const { data } = await client.mutate({ mutation: DeleteSession, variables: { input: { sessionId: entry.id } } });
    if (!data || !("deletedSessionId" in data.deleteSession)) return;
    onDeleted();
    client.cache.evict({ id: client.cache.identify(entry) ?? "" });
    await client.refetchQueries({ include: [History, Trends] });
  }

  return (
    <li>
      <Link to={sessionPath(entry.id)} className="entry">
        <strong>{title}</strong>
        <small>
          <span>{date(entry.createdAt)} · </span>
          <span>{texts.answered(entry.progress.answered, entry.progress.total)}</span>
        </small>
      </Link>
      <span className={`tag status ${entry.status.toLowerCase()}`}>{texts.statuses[entry.status]}</span>
      {entry.report ? (
        <span className={`number ${levelOf(entry.report.overallScore)}`}>{entry.report.overallScore}</span>
      ) : (
        <span className="number" />
      )}
      <button
        type="button"
        className="quiet small"
        aria-label={texts.deleteOf(`${title}, ${date(entry.createdAt)}`)}
        onClick={() => setAsking(true)}
      >
        {texts.delete}
      </button>
      {asking && (
        <Confirm
          title={texts.deleteTitle}
          why={texts.deleteWhy}
          yes={texts.delete}
          no={texts.deleteNo}
          onYes={() => void remove().catch(() => {})}
          onNo={() => setAsking(false)}
        />
      )}
    </li>
  );
}
