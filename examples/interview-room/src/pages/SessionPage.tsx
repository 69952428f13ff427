import type { Signal } from "@vivavoce/client/signal.ts";
import type { Connection } from "@vivavoce/client/socket.ts";
import { useSpeech } from "../i18n.tsx";
import { Link } from "../parts/Link.tsx";
import { startPath } from "../router.ts";
import { useSession } from "../session/useSession.ts";
import { EvaluationView } from "./EvaluationView.tsx";
import { InterviewView } from "./InterviewView.tsx";
import { ReportView } from "./ReportView.tsx";

/** One interview, whatever state it is in. */
export function SessionPage({ id, connection }: { id: string; connection: Signal<Connection> }) {
  const { texts } = useSpeech();
  const view = useSession(id);
  switch (view.kind) {
    case "LOADING":
      return (
        <p className="alone" role="status">
          {texts.loading}
        </p>
      );
    case "UNREACHABLE":
      return (
        <div className="alone" role="alert">
          <p>{texts.failed}</p>
          <button type="button" onClick={view.again}>
            {texts.again}
          </button>
        </div>
      );
    case "NOT_FOUND":
    case "DELETED":
      return (
        <div className="alone">
          <h1>{view.kind === "DELETED" ? texts.deleted : texts.notFound}</h1>
          <Link to={startPath}>{texts.newInterview}</Link>
        </div>
      );
    case "OPEN": {
      const { session } = view;
      if (session.report) return <ReportView session={session} report={session.report} refresh={view.refresh} />;
      if (session.evaluation) return <EvaluationView session={session} evaluation={session.evaluation} />;
      return <InterviewView session={session} writing={view.writing} refresh={view.refresh} connection={connection} />;
    }
  }
}
