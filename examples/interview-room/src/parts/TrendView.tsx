import type { TrendsQuery } from "../generated/graphql.ts";
import { useSpeech } from "../i18n.tsx";

const width = 640;
const height = 220;
const inset = 24;
const left = 64;
const first = left + inset;

/** Overall scores as a line, and each category's way in a table. */
export function TrendView({ trends }: { trends: TrendsQuery["viewer"]["trends"] }) {
  const { texts } = useSpeech();
  const { scores, categories } = trends;
  const points = scores.map(({ overallScore, sessionId }, index) => ({
    sessionId,
    overallScore,
    x: scores.length === 1 ? width / 2 : first + (index * (width - first - 2 * inset)) / (scores.length - 1),
    y: heightOf(overallScore),
  }));
  return (
    <section className="sheet trend">
      <h2>{texts.trend}</h2>
      <p className="hint">{texts.trendHint}</p>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={texts.trendOf(scores.map((point) => point.overallScore).join(", "))}
      >
        {[0, 50, 100].map((score) => (
          <g key={score}>
            <line x1={left} x2={width - inset} y1={heightOf(score)} y2={heightOf(score)} className="grid" />
            <text x={left - 14} y={heightOf(score)} dy="0.35em" className="scale">
              {score}
            </text>
          </g>
        ))}
        <polyline points={points.map(({ x, y }) => `${x},${y}`).join(" ")} />
        {points.map(({ sessionId, overallScore, x, y }) => (
          <g key={sessionId}>
            <circle cx={x} cy={y} r="4" />
            <text x={x} y={y - 10}>
              {overallScore}
            </text>
          </g>
        ))}
      </svg>
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.category}</th>
            <th scope="col">{texts.average}</th>
            <th scope="col">{texts.change}</th>
          </tr>
        </thead>
        <tbody>
          {categories.map(({ category, averageScore, firstScore, lastScore }) => (
            <tr key={category}>
              <th scope="row">{category}</th>
              <td>{averageScore}</td>
              <td>
                {firstScore} → {lastScore}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function heightOf(score: number): number {
  return height - inset - (score / 100) * (height - 2 * inset);
}
