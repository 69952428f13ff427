import type { TrendsQuery } from "../generated/graphql.ts";
import { useSpeech } from "../i18n.tsx";

const width = 640;
const height = 180;
const inset = 24;

/** Overall scores as a line, and each category's way in a table. */
export function TrendView({ trends }: { trends: TrendsQuery["viewer"]["trends"] }) {
  const { texts } = useSpeech();
  const { scores, categories } = trends;
  const points = scores.map(({ overallScore, sessionId }, index) => ({
    sessionId,
    overallScore,
    x: scores.length === 1 ? width / 2 : inset + (index * (width - 2 * inset)) / (scores.length - 1),
    y: height - inset - (overallScore / 100) * (height - 2 * inset),
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
        {[0, 50, 100].map((score) => {
          const y = height - inset - (score / 100) * (height - 2 * inset);
          return <line key={score} x1={inset} x2={width - inset} y1={y} y2={y} className="grid" />;
        })}
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
