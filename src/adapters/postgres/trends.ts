import { labelIn } from "../../interview/categories.ts";
import type { Locale, Trends } from "../../interview/model.ts";
import { roundHalfUp } from "../../interview/scores.ts";
import type { Database } from "./database.ts";

interface TrendRow {
  sessionId: string;
  evaluatedAt: Date;
  overallScore: number;
  locale: Locale;
  categories: { category: string; score: number; questionCount: number }[];
}

/** From the newest report of each of the newest evaluated sessions, oldest first. */
export async function readTrends(
  database: Database,
  ownerId: string,
  options: { resumeKey: string | null; last: number; locale: Locale | null },
): Promise<Trends> {
  const rows = await database.query<TrendRow>(
    `SELECT s.id AS "sessionId", s.evaluated_at AS "evaluatedAt", r.overall_score AS "overallScore",
       s.locale, r.category_scores AS categories
     FROM (SELECT id, evaluated_at, locale FROM interview_session
           WHERE owner_id = $1 AND status = 'EVALUATED' AND ($2::text IS NULL OR resume_key = $2)
           ORDER BY evaluated_at DESC, id DESC LIMIT $3) s
     JOIN LATERAL (SELECT overall_score, category_scores FROM report WHERE session_id = s.id
                   ORDER BY version DESC LIMIT 1) r ON true
     ORDER BY s.evaluated_at, s.id`,
    [ownerId, options.resumeKey, options.last],
  );
  return {
    scores: rows.map(({ sessionId, evaluatedAt, overallScore }) => ({ sessionId, evaluatedAt, overallScore })),
    categories: categoryTrends(rows, options.locale ?? rows.at(-1)?.locale ?? "EN"),
  };
}

/**
 * Averages are weighted by the number of questions. First and last are those of the sessions in which the category
 * occurs.
 */
function categoryTrends(rows: TrendRow[], locale: Locale): Trends["categories"] {
  const entries = Map.groupBy(
    rows.flatMap((row) => row.categories),
    (entry) => labelIn(locale, entry.category),
  );
  return [...entries].map(([category, scores]) => {
    const questionCount = scores.reduce((sum, entry) => sum + entry.questionCount, 0);
    return {
      category,
      averageScore: roundHalfUp(
        scores.reduce((sum, entry) => sum + entry.score * entry.questionCount, 0),
        questionCount,
      ),
      firstScore: scores[0]!.score,
      lastScore: scores.at(-1)!.score,
      questionCount,
    };
  });
}
