import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Violation } from "./checker.ts";

const root = resolve(import.meta.dirname, "../..");

/** What keeps a promise, and how to take it out of the source. */
export interface Guard {
  name: string;
  /** The faults under which its absence has to be found. */
  scenarios: string[];
  /** What the checker then has to find violated. */
  invariants: Violation["invariant"][];
  edits: { file: string; from: string; to: string }[];
}

/** Several layers keep each promise: to see the checker fail, all layers of one promise are taken out. */
export const guards: Guard[] = [
  {
    name: "the transaction: events are stored by a statement of their own, after the state",
    scenarios: ["F1", "F2"],
    invariants: ["I2", "I3"],
    edits: [
      {
        file: "adapters/postgres/sessionParts.ts",
        from: "  addEventPart(statement, changes);\n",
        to: "",
      },
      {
        file: "usecases/change.ts",
        from: '    deps.reach("after-commit");\n',
        to: '    deps.reach("after-commit");\n    await deps.store.logApart(committed.events);\n',
      },
      {
        file: "adapters/postgres/store.ts",
        from: "    async insert(decision, idempotency) {\n",
        to: `    async logApart(events: LoggedEvent[]) {
      for (const { seq, kind, sessionId } of events) {
        await database.query("INSERT INTO session_event (session_id, seq, kind, data) VALUES ($1, $2, $3, '{}')", [sessionId, seq, kind]);
      }
    },
    async insert(decision, idempotency) {\n`,
      },
      {
        file: "usecases/createSession.ts",
        from: '    deps.reach("after-commit");\n',
        to: '    deps.reach("after-commit");\n    await deps.store.logApart(committed.events);\n',
      },
    ],
  },
  {
    name: "the fence: a worker that was replaced may write, and a score may come twice",
    scenarios: ["F5"],
    invariants: ["I4"],
    edits: [
      { file: "adapters/postgres/commits.ts", from: '  if (!held) return "CLAIM_LOST";\n', to: "" },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text that is looked for
      { file: "adapters/postgres/commits.ts", from: " AND ${held}\n", to: "\n" },
      {
        file: "interview/evaluation.ts",
        from: 'if (!score || !isAnswered(question) || question.scoring?.state === "SCORED") return question;',
        to: "if (!score || !isAnswered(question)) return question;",
      },
    ],
  },
  {
    name: "the gap check: what the bus lost is not looked for in the log",
    scenarios: ["F9"],
    invariants: ["I3"],
    edits: [
      { file: "usecases/watch.ts", from: "if (event.seq > last + 1) {", to: "if (event.seq > last + 1 && !last) {" },
      {
        file: "usecases/watch.ts",
        from: "return event.seq === last + 1 || this.isLate(event);",
        to: "return event.seq > last;",
      },
      { file: "usecases/watch.ts", from: "missed(): void {\n    this.#fallBehind([]);\n", to: "missed(): void {\n" },
      { file: "usecases/tail.ts", from: "bus.deliver(page.events)", to: "{}" },
    ],
  },
];

/** A copy of the source without a guard; its folder. */
export function withoutGuard(guard: Guard, index: number): string {
  const folder = join(root, ".faults", String(index));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, "src"), join(folder, "src"), { recursive: true });
  for (const name of ["prisma", "examples", "package.json"]) symlinkSync(join(root, name), join(folder, name));
  for (const { file, from, to } of guard.edits) {
    const path = join(folder, "src", file);
    const text = readFileSync(path, "utf8");
    if (!text.includes(from)) throw new Error(`${guard.name}: ${file} has no "${from.trim()}" any more`);
    writeFileSync(path, text.replace(from, to));
  }
  return join(folder, "src");
}
