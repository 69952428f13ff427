/** Attributes of a span: ids, kinds and numbers, never texts that people wrote. */
export type Facts = Record<string, string | number | boolean>;

/** Traces a request through its mutation, jobs and events, on whichever nodes they run. */
export interface Tracer {
  /** Runs work in a span, as a child of `parent` or else of the current one. */
  span<T>(name: string, facts: Facts, work: () => Promise<T>, parent?: string): Promise<T>;
  /** Records a span that has just ended after `ms`. */
  record(name: string, facts: Facts, ms: number, parent?: string): void;
  /** The current span as a W3C traceparent. */
  current(): string | undefined;
}
