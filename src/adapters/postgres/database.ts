import type { SqlMigrationAwareDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import type { ConstructorOptions } from "pg-boss";

/** Runs SQL. Rows come as plain objects: dates as Date, json parsed, whole numbers as numbers. */
export interface Sql {
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** A database that speaks PostgreSQL: a server, or the embedded one. */
export interface Database extends Sql {
  readonly kind: "pglite" | "postgres";
  /**
   * Everything that `work` does through its argument takes effect together, or not at all when it throws. `work` may
   * be done anew: after a deadlock, for instance.
   */
  transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T>;
  /** Several statements in a text, without values. */
  script(text: string): Promise<void>;
  /** Runs `work` while no other process does the same under that number. */
  exclusively<T>(lock: number, work: () => Promise<T>): Promise<T>;
  /** Hears what `NOTIFY channel` tells; `onGap` when some of it may have been missed. Stops by the function returned. */
  listen(channel: string, onNotice: (payload: string) => void, onGap: () => void): Promise<() => Promise<void>>;
  readonly prismaAdapter: SqlMigrationAwareDriverAdapterFactory;
  /** How pg-boss reaches the same database. */
  readonly boss: ConstructorOptions;
  stats(): { total: number; idle: number; waiting: number };
  close(): Promise<void>;
}

/** Error codes of PostgreSQL. */
export const foreignKeyViolation = "23503";
export const uniqueViolation = "23505";
