/** What a span says: ids, kinds and numbers. Nothing that anybody wrote. */
export type Facts = Record<string, string | number | boolean>;

/** Follows one request over mutation, jobs and events, on whichever nodes they happen. */
export interface Tracer {
  /** Runs work as a step of the trace that `parent` names, or else of the one under way. */
  span<T>(name: string, facts: Facts, work: () => Promise<T>, parent?: string): Promise<T>;
  /** A step that took `ms` and is over. */
  record(name: string, facts: Facts, ms: number, parent?: string): void;
  /** The step under way, in words that travel (W3C traceparent). */
  current(): string | undefined;
}
