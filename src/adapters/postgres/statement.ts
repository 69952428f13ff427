import type { SqlFragment } from "../../ports/jobs.ts";

/**
 * Builds one SQL statement from parts that take effect together. Parts after "moved" apply only to the rows that it
 * found.
 */
export class Statement {
  readonly values: unknown[] = [];
  readonly #parts: string[] = [];

  value(value: unknown): string {
    return `$${this.values.push(value)}`;
  }

  /** A list of ids beside a join, so that PostgreSQL uses the index instead of reading the whole table. */
  ids(ids: string[]): string {
    return `${this.value(ids)}::uuid[]`;
  }

  /** Rows as a table `x` with typed columns. */
  rows<Column extends string>(types: Record<Column, string>, rows: Record<Column, unknown>[]): string {
    const columns = Object.entries(types).map(([column, type]) => `${column} ${type}`);
    return `json_to_recordset(${this.value(JSON.stringify(rows))}::text::json) AS x (${columns.join(", ")})`;
  }

  /** The same for rows that belong to sessions: only those whose session is in "moved". */
  ofMoved<Column extends string>(
    types: Record<Column | "session_id", string>,
    rows: Record<Column | "session_id", unknown>[],
  ): string {
    return `moved JOIN ${this.rows(types, rows)} ON x.session_id = moved.id`;
  }

  add(name: string, sql: string): void {
    this.#parts.push(`${name} AS (${sql})`);
  }

  /** Adds a fragment whose parameters are numbered from $1. */
  addFragment(name: string, fragment: SqlFragment, value: (value: unknown) => string): void {
    const values = fragment.values.map(value);
    this.add(
      name,
      fragment.text.replace(/\$(\d+)/g, (_, number: string) => values[Number(number) - 1]!),
    );
  }

  text(result: string): string {
    return `WITH ${this.#parts.join(",\n")} SELECT ${result}`;
  }
}
