import { totalQuestions } from "../interview/conversation.ts";
import { globalId } from "../interview/globalId.ts";
import type { ReportDocument } from "../interview/model.ts";
import type { Deps } from "./deps.ts";

/** Prints a report once, as PDF and Markdown, and stores both, so that an address always gives the same bytes. */
export async function printReport(deps: Deps, sessionId: string, version: number): Promise<void> {
  const document = await documentOf(deps, sessionId, version);
  if (document === null) return;
  const markdown = deps.renderer.markdown(document);
  await deps.store.saveFile(document.report.id, "md", new TextEncoder().encode(markdown));
  await deps.store.saveFile(document.report.id, "pdf", await deps.renderer.pdf(document));
}

/** Marks missing files as unprintable, so that clients stop waiting for them. */
export async function abandonPrinting({ store }: Deps, sessionId: string, version: number): Promise<void> {
  const report = await store.loadReport(sessionId, version);
  if (report === null) return;
  await store.saveFile(report.id, "md", "UNPRINTABLE");
  await store.saveFile(report.id, "pdf", "UNPRINTABLE");
}

async function documentOf(deps: Deps, sessionId: string, version: number): Promise<ReportDocument | null> {
  const session = await deps.store.load(sessionId);
  const report = session && (await deps.store.loadReport(sessionId, version));
  if (!report) return null;
  const { locale, ownerId, resume } = session;
  const trends = await deps.store.trends(ownerId, { resumeKey: resume.key, last: 20, locale });
  return {
    sessionId: globalId("InterviewSession", session.id),
    resumeKey: resume.key,
    locale,
    mode: session.mode,
    jobTitle: session.jobTitle,
    companyName: session.companyName,
    completedAt: session.completedAt ?? report.createdAt,
    totalQuestions: totalQuestions(session),
    report,
    trends: trends.scores.length >= 2 ? { ...trends, scores: trends.scores.map(asClientsKnowIt) } : null,
  };
}

function asClientsKnowIt<Point extends { sessionId: string }>(point: Point): Point {
  return { ...point, sessionId: globalId("InterviewSession", point.sessionId) };
}
