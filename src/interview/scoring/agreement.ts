/** How far two lists of scores, 0-100, agree. */
export interface Agreement {
  pearson: number;
  spearman: number;
  /** Quadratic weighted kappa over steps of 20. */
  qwk: number;
  rmse: number;
  mae: number;
}

export function agreementOf(scores: readonly number[], grades: readonly number[]): Agreement {
  const differences = scores.map((score, index) => score - grades[index]!);
  return {
    pearson: pearson(scores, grades),
    spearman: pearson(ranks(scores), ranks(grades)),
    qwk: weightedKappa(scores.map(step), grades.map(step)),
    rmse: rounded(Math.sqrt(mean(differences.map((difference) => difference ** 2)))),
    mae: rounded(mean(differences.map(Math.abs))),
  };
}

/** 0 where one of the lists does not vary. */
function pearson(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  let together = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (const [index, value] of a.entries()) {
    const [x, y] = [value - meanA, b[index]! - meanB];
    together += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return squaresA * squaresB === 0 ? 0 : rounded(together / Math.sqrt(squaresA * squaresB));
}

/** From 1; equal values share the mean of their places. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const places = new Array<number>(values.length).fill(0);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && order[to + 1]!.value === order[from]!.value) to++;
    for (let at = from; at <= to; at++) places[order[at]!.index] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return places;
}

const steps = 6;

function step(score: number): number {
  return Math.min(steps - 1, Math.max(0, Math.round(score / 20)));
}

function weightedKappa(a: readonly number[], b: readonly number[]): number {
  const count = (list: readonly number[], value: number): number => list.filter((one) => one === value).length;
  let observed = 0;
  let expected = 0;
  for (const [index, value] of a.entries()) observed += (value - b[index]!) ** 2;
  for (let i = 0; i < steps; i++) {
    for (let j = 0; j < steps; j++) expected += ((i - j) ** 2 * count(a, i) * count(b, j)) / a.length;
  }
  return expected === 0 ? (observed === 0 ? 1 : 0) : rounded(1 - observed / expected);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
