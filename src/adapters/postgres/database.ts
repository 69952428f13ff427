import type { SqlMigrationAwareDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import type { ConstructorOptions } from "pg-boss";

/** Runs SQL. Rows are plain objects: dates as Date, JSON parsed, whole numbers as numbers. */
export interface Sql {
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** A database that speaks PostgreSQL: a server, or the embedded one. */
export interface Database extends Sql {
  readonly kind: "pglite" | "postgres";
  /**
   * Runs `work` in a transaction, which is rolled back when it throws. `work` may run again, for instance after a
   * deadlock.
   */
  transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T>;
  /** Runs several statements in one text, without parameters. */
  script(text: string): Promise<void>;
  /** Runs `work` under an advisory lock with this number, which no other process holds meanwhile. */
  exclusively<T>(lock: number, work: () => Promise<T>): Promise<T>;
  /**
   * Listens to `NOTIFY channel`. `onGap` is called when notifications may have been missed. Returns a function that
   * stops it.
   */
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
