type Query = <Row>(text: string, values?: readonly unknown[]) => Promise<Row[]>;

/** The queue with a row for each running worker. pg-boss finds dead ones as it finds their jobs, and keeps their rows. */
export const workers = "interview_workers";

/** This worker's row, and what those of dead ones say. */
export function createWorkers(query: Query, table: string, heartbeatSeconds: number) {
  /** While it is written, and after. */
  let own: Promise<string | null> = Promise.resolve(null);

  async function touch(id: string | null): Promise<string> {
    const [row] = await query<{ id: string }>(
      `UPDATE ${table} SET heartbeat_on = now(), started_on = now()
       WHERE name = '${workers}' AND id = $1 AND state = 'active' RETURNING id`,
      [id],
    );
    return row?.id ?? (await register());
  }

  async function register(): Promise<string> {
    const [row] = await query<{ id: string }>(
      `INSERT INTO ${table} (name, state, started_on, heartbeat_on, heartbeat_seconds, retry_limit)
       VALUES ('${workers}', 'active', now(), now(), ${heartbeatSeconds}, 0) RETURNING id`,
    );
    return row!.id;
  }

  return {
    /** A worker that was taken for dead has died once, and lives on as another. */
    async showLife(): Promise<void> {
      const last = await own;
      const next = touch(last);
      own = next.catch(() => last);
      await next;
    },
    /** Whoever leaves without it is found dead. */
    async signOff(): Promise<void> {
      await query(`DELETE FROM ${table} WHERE name = '${workers}' AND id = $1`, [await own]);
    },
    async deathsSince(moment: Date): Promise<number> {
      const [row] = await query<{ count: number }>(
        `SELECT count(*)::int AS count FROM ${table}
         WHERE name = '${workers}' AND state = 'failed' AND completed_on > $1::timestamptz`,
        [moment.toISOString()],
      );
      return row!.count;
    },
    async forgetDeaths(): Promise<void> {
      await query(`DELETE FROM ${table} WHERE name = '${workers}' AND state = 'failed'`);
    },
  };
}
