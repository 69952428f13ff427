import type { Report } from "../../interview/model.ts";
import type { Cipher } from "../../ports/cipher.ts";
import type { Store } from "../../ports/store.ts";
import type { Database } from "./database.ts";
import { openJson, type Sealed } from "./sealed.ts";

/** Stored reports and the files printed from them. */
export function createReports(database: Database, cipher: Cipher): Pick<Store, "loadReport" | "loadFile" | "saveFile"> {
  return {
    async loadReport(sessionId, version) {
      const [row] = await database.query<{ content: Sealed }>(
        "SELECT content FROM report WHERE session_id = $1 AND version = $2",
        [sessionId, version],
      );
      return row ? toReport(openJson(row.content, cipher)) : null;
    },

    async loadFile(reportId, format) {
      const [row] = await database.query<{ bytes: Uint8Array | null }>(
        `SELECT f.bytes FROM report r LEFT JOIN report_file f ON f.report_id = r.id AND f.format = $2
         WHERE r.id = $1`,
        [reportId, format],
      );
      if (row === undefined) return null;
      if (row.bytes === null) return "UNPRINTED";
      return row.bytes.length === 0 ? "UNPRINTABLE" : cipher.openBytes(row.bytes);
    },

    async saveFile(reportId, format, file) {
      // An empty file stands for UNPRINTABLE: no printed file is empty.
      const bytes = file === "UNPRINTABLE" ? new Uint8Array() : cipher.sealBytes(file);
      // Inserts nothing if the session, and with it the report, has been deleted meanwhile.
      await database.query(
        `INSERT INTO report_file (report_id, format, bytes)
         SELECT id, $2, $3 FROM report WHERE id = $1
         ON CONFLICT (report_id, format) DO NOTHING`,
        [reportId, format, bytes],
      );
    },
  };
}

function toReport(content: Report): Report {
  return { ...content, createdAt: new Date(content.createdAt) };
}
