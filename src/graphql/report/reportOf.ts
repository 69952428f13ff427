import type { Session } from "../../interview/model.ts";
import type { Context } from "../context.ts";
import type { ReportOf } from "../session/shapes.ts";

/** A session's report, the newest one unless another version is asked for; null where there is none. */
export async function reportOf(
  { deps }: Context,
  session: Session,
  version = session.reportVersion,
): Promise<ReportOf | null> {
  const report = version === 0 ? null : await deps.store.loadReport(session.id, version);
  return report && { session, report };
}
