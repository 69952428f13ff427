/** Which folder may import which: docs/architecture.md tells why. */
const only = (name, from, allowed) => ({
  name,
  comment: `${from} may import ${allowed.join(", ")} of ours and nothing else`,
  severity: "error",
  from: { path: `^src/${from}` },
  to: { path: "^src/", pathNot: allowed.map((folder) => `^src/${folder}`) },
});

const adapters = [
  "memory",
  "offline",
  "openai",
  "opentelemetry",
  "pdfkit",
  "pgboss",
  "postgres",
  "redis",
  "resumes",
  "system",
];

export default {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    { name: "nothing-imports-main", severity: "error", from: {}, to: { path: "^src/main\\.ts$" } },
    {
      name: "main-imports-server",
      severity: "error",
      from: { pathNot: "^src/main\\.ts$" },
      to: { path: "^src/server\\.ts$" },
    },
    only("interview-is-pure", "interview/", ["interview/"]),
    {
      name: "interview-needs-nothing",
      comment: "The rules are plain TypeScript over plain data",
      severity: "error",
      from: { path: "^src/interview/" },
      to: { dependencyTypes: ["npm", "core"], pathNot: ["node_modules/zod/"] },
    },
    only("ports-know-the-domain", "ports/", ["interview/", "ports/"]),
    only("shared-serves-ports", "shared/", ["interview/", "ports/", "shared/"]),
    only("usecases-know-ports", "usecases/", ["interview/", "ports/", "shared/", "usecases/"]),
    only("jobs-call-usecases", "jobs/", ["interview/", "ports/", "usecases/", "jobs/"]),
    ...adapters.map((adapter) =>
      only(`adapter-${adapter}`, `adapters/${adapter}/`, [
        "interview/",
        "ports/",
        "shared/",
        `adapters/${adapter}/`,
        // Prisma's client is generated for the one adapter that has the database.
        ...(adapter === "postgres" ? ["generated/"] : []),
      ]),
    ),
    only("graphql-shapes", "graphql/", ["interview/", "ports/", "usecases/", "generated/", "graphql/"]),
    only("edge-transports", "edge/", ["interview/", "ports/", "graphql/", "edge/", "config\\.ts"]),
    ...[
      ["openai", "adapters/openai"],
      ["pdfkit", "adapters/pdfkit"],
      ["ioredis", "(adapters/redis|server\\.ts)"],
      ["pg-boss", "adapters/(pgboss|postgres)"],
      ["pg", "adapters/postgres"],
      ["jose", "(edge|commands/token\\.ts)"],
    ].map(([library, place]) => ({
      name: `${library}-in-its-place`,
      severity: "error",
      from: { pathNot: `^src/${place}` },
      to: { path: `(^|/)node_modules/${library}/` },
    })),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^src/generated" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".mjs", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["node", "import"],
    },
  },
};
