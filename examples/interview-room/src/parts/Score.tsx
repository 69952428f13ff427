import { useSpeech } from "../i18n.tsx";

/** A score from 0 to 100 on a bar; the number is always there too, so that no one needs the colour. */
export function ScoreBar({ score, label, note }: { score: number; label: string; note?: string }) {
  return (
    <div className={`score-bar ${levelOf(score)}`}>
      <span className="label">
        {label}
        {note && <small>{note}</small>}
      </span>
      <span className="track" aria-hidden="true">
        <span style={{ inlineSize: `${score}%` }} />
      </span>
      <span className="number">{score}</span>
    </div>
  );
}

const radius = 52;
const circumference = 2 * Math.PI * radius;

export function ScoreRing({ score }: { score: number }) {
  const { texts } = useSpeech();
  return (
    <div className={`ring ${levelOf(score)}`} role="img" aria-label={`${texts.overall}: ${texts.scoreOf(score)}`}>
      <svg viewBox="0 0 120 120" aria-hidden="true">
        <circle cx="60" cy="60" r={radius} />
        {score > 0 && (
          <circle
            cx="60"
            cy="60"
            r={radius}
            className="value"
            strokeDasharray={`${(score / 100) * circumference} ${circumference}`}
          />
        )}
      </svg>
      <span aria-hidden="true">{score}</span>
    </div>
  );
}

/** The bands' limits: 90, 75, 60. */
export function levelOf(score: number): string {
  if (score >= 90) return "excellent";
  if (score >= 75) return "good";
  return score >= 60 ? "adequate" : "weak";
}
