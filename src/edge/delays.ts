import type { Metric, Registry } from "prom-client";

/**
 * A Prometheus histogram with a cheap update: prom-client's own takes a microsecond, and there may be a hundred
 * thousand updates a second.
 */
export class Delays {
  readonly name: string;
  readonly help: string;
  readonly type = "histogram";
  readonly aggregator = "sum";
  /** Upper bounds in seconds, ascending. */
  readonly #bounds: readonly number[];
  /** Counts per bucket, not cumulative; the last one is above all bounds. */
  readonly #counts: number[];
  #sum = 0;

  constructor(name: string, help: string, bounds: readonly number[], registry: Registry) {
    this.name = name;
    this.help = help;
    this.#bounds = bounds;
    this.#counts = Array(bounds.length + 1).fill(0);
    registry.registerMetric(this as unknown as Metric);
  }

  add(seconds: number): void {
    let place = 0;
    while (place < this.#bounds.length && seconds > this.#bounds[place]!) place++;
    this.#counts[place]!++;
    this.#sum += seconds;
  }

  /** Called by the registry. */
  async get() {
    const { name, help, type, aggregator } = this;
    let count = 0;
    const values = [...this.#bounds, "+Inf"].map((le, place) => {
      count += this.#counts[place]!;
      return { metricName: `${name}_bucket`, labels: { le }, value: count };
    });
    const totals = [
      { metricName: `${name}_sum`, labels: {}, value: this.#sum },
      { metricName: `${name}_count`, labels: {}, value: count },
    ];
    return { name, help, type, aggregator, values: [...values, ...totals] };
  }
}
