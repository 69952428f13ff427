import { type Outcome, over, type Transport } from "./probes.ts";
import type { Attack } from "./table.ts";
import type { Target } from "./target.ts";

/** A bad document, sent over every transport. */
export interface BadDocument {
  row: string;
  name: string;
  query: string | ((at: Target) => string);
  variables?: (at: Target) => object;
  /** One of these must be the error's code. */
  codes?: string[];
  /** Must not be in what comes back. */
  absent?: RegExp;
  /** Milliseconds that are enough for refusing it. */
  within?: number;
  /** Instead of a code: what is right to come back. */
  verdict?: (outcome: Outcome) => string | null;
}

const tooExpensive = ["QUERY_TOO_EXPENSIVE"];
const badInput = ["BAD_USER_INPUT"];
const repeated = (count: number, text: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => text(n)).join(" ");
const nested = (depth: number): string => {
  // There and back again, over what a client may ask for.
  let text = "{ id }";
  for (let level = 0; level < depth; level += 2) text = `{ report { session ${text} } }`;
  return `query($id: ID!) { session(id: $id) ${text} }`;
};
const openSession = (at: Target): object => ({ id: at.ada.open });
const submission = (n: number): string =>
  `m${n}: submitAnswer(input: { sessionId: $id, questionIndex: 0, answer: "x" }) { __typename }`;

export const badDocuments: BadDocument[] = [
  ...[
    ["the types", "{ __schema { types { name } } }"],
    ["one type", '{ __type(name: "Mutation") { fields { name } } }'],
    ["under an alias", "{ a: __schema { queryType { name } } }"],
    ["in a fragment", "query { ...F } fragment F on Query { __schema { directives { name } } }"],
    ["in an inline fragment", "{ ... on Query { __schema { subscriptionType { name } } } }"],
    ["beside a proper field", "{ viewer { id } __schema { types { name } } }"],
    ["over blank and newline", "{\n__schema\n{ types\n{ name } } }"],
    ["in a mutation", "mutation { __schema { types { name } } }"],
    ["switched by a variable", "query($on: Boolean = true) { __schema @include(if: $on) { types { name } } }"],
  ].map(([name, query]) => ({ row: "S1", name: `introspection: ${name}`, query: query!, codes: badInput })),
  ...[
    ["a field", "{ viewer { idd } }"],
    ["a root field", "{ sesion(id: 1) { id } }"],
    ["an argument", '{ session(idd: "x") { id } }'],
    ["a type", "{ node(id: 1) { ... on InterviewSesion { id } } }"],
    ["an enum value", "{ viewer { sessions(status: [CREATEDD]) { totalCount } } }"],
    ["a fragment's type", "{ ...F } fragment F on Querry { viewer { id } }"],
    ["an input field", 'mutation { deleteSession(input: { sesionId: "x" }) { __typename } }'],
    ["a directive", "{ viewer { id @inclde(if: true) } }"],
    ["an operation's variable type", "query($a: Booleann) { viewer { id @include(if: $a) } }"],
  ].map(([name, query]) => ({
    row: "S4",
    name: `misspelt: ${name}`,
    query: query!,
    codes: badInput,
    absent: /did you mean/i,
  })),
  {
    row: "S4",
    name: "misspelt: an enum value in variables",
    query: "query($s: [SessionStatus!]) { viewer { sessions(status: $s) { totalCount } } }",
    variables: () => ({ s: ["CREATEDD"] }),
    codes: badInput,
    absent: /did you mean/i,
  },
  {
    row: "S4",
    name: "misspelt: an input field in variables",
    query: "mutation($i: DeleteSessionInput!) { deleteSession(input: $i) { __typename } }",
    variables: () => ({ i: { sesionId: "x" } }),
    codes: badInput,
    absent: /did you mean/i,
  },
  ...[16, 100, 400].map((count) => ({
    row: "S7",
    name: `${count} aliases`,
    query: `{ ${repeated(count, (n) => `a${n}: __typename`)} }`,
    codes: tooExpensive,
  })),
  {
    row: "S7",
    name: "16 aliases in two fragments",
    query: `{ viewer { ...A ...B } } fragment A on Viewer { ${repeated(8, (n) => `a${n}: id`)} } fragment B on Viewer { ${repeated(8, (n) => `b${n}: id`)} }`,
    codes: tooExpensive,
  },
  {
    row: "S7",
    name: "16 aliases over two operations",
    query: `query A { ${repeated(8, (n) => `a${n}: __typename`)} } query B { ${repeated(8, (n) => `b${n}: __typename`)} }`,
    codes: [...tooExpensive, ...badInput],
  },
  {
    row: "S8",
    name: "20 aliased answers",
    query: `mutation($id: ID!) { ${repeated(20, submission)} }`,
    variables: openSession,
    codes: tooExpensive,
  },
  {
    row: "S8",
    name: "16 aliased sessions",
    query: `mutation { ${repeated(16, (n) => `c${n}: createSession(input: { resumeText: "x${n}", questionCount: 3 }) { __typename }`)} }`,
    codes: tooExpensive,
  },
  ...[14, 50, 300].map((depth) => ({
    row: "S10",
    name: `depth ${depth}`,
    query: nested(depth),
    variables: openSession,
    codes: tooExpensive,
  })),
  {
    row: "S10",
    name: "depth 20 through fragments",
    query: `query($id: ID!) { session(id: $id) { ...F0 } } ${repeated(10, (n) => `fragment F${n} on InterviewSession { report { session { ${n === 9 ? "id" : `...F${n + 1}`} } } }`)}`,
    variables: openSession,
    codes: tooExpensive,
  },
  {
    row: "S10",
    name: "depth 20 through inline fragments",
    query: `query($id: ID!) { session(id: $id) { ${"... on InterviewSession { report { session { ".repeat(10)} id ${"} } }".repeat(10)} } }`,
    variables: openSession,
    codes: tooExpensive,
  },
  {
    row: "S11",
    name: "a fragment that spreads itself",
    query: "{ viewer { ...A } } fragment A on Viewer { id ...A }",
    codes: badInput,
    within: 250,
  },
  {
    row: "S11",
    name: "two fragments that spread each other",
    query: "{ viewer { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { ...A }",
    codes: badInput,
    within: 250,
  },
  {
    row: "S11",
    name: "a circle that goes deeper each round",
    query:
      "query($id: ID!) { session(id: $id) { ...A } } fragment A on InterviewSession { report { session { ...A } } }",
    variables: openSession,
    codes: [...badInput, ...tooExpensive],
    within: 250,
  },
  {
    row: "S11",
    name: "a ring of 40 fragments",
    query: `{ viewer { ...F0 } } ${repeated(40, (n) => `fragment F${n} on Viewer { id ...F${(n + 1) % 40} }`)}`,
    codes: badInput,
    within: 500,
  },
  {
    row: "S12",
    name: "introspection in a circle",
    query: `{ __schema { types { ${"fields { type { ".repeat(9)} name ${"} }".repeat(9)} } } }`,
    codes: [...badInput, ...tooExpensive],
  },
  ...[999, 10_000].map((count) => ({
    row: "S13",
    name: `${count} times the same field`,
    query: `{ viewer { ${"id ".repeat(count)} } }`,
    codes: tooExpensive,
    within: 500,
  })),
  ...[
    ["51 directives", `{ viewer { ${repeated(51, () => "id @include(if: true)")} } }`],
    ["51 directives on one field", `{ viewer { id ${"@include(if: true) ".repeat(51)} } }`],
    ["200 unknown directives", `{ viewer { id ${repeated(200, (n) => `@d${n}`)} } }`],
    ["10,000 unknown directives", `{ viewer { id ${"@aa ".repeat(10_000)} } }`],
  ].map(([name, query]) => ({
    row: "S14",
    name: name!,
    query: query!,
    codes: tooExpensive,
    verdict: (outcome: Outcome) => (outcome.body.length > 5_000 ? `${outcome.body.length} bytes of errors` : null),
  })),
  {
    row: "S15",
    name: "1,001 tokens",
    query: `{ viewer { ${repeated(1_000, (n) => ["id", "role", "__typename"][n % 3]!)} } }`,
    codes: tooExpensive,
  },
  ...[
    ["brackets, 2,000 deep", `{ viewer { sessions(status: ${"[".repeat(2_000)} ) { totalCount } } }`],
    ["braces, 60,000 deep", "{a".repeat(60_000)],
    ["an object value, 2,000 deep", `{ node(id: ${"{a:".repeat(2_000)}1${"}".repeat(2_000)}) { id } }`],
  ].map(([name, query]) => ({ row: "S15", name: name!, query: query!, codes: tooExpensive, within: 500 })),
  {
    row: "S15",
    name: "a lone bracket that never closes",
    query: "{ viewer { id ",
    codes: badInput,
  },
  {
    row: "S15",
    name: "a string without an end",
    query: '{ session(id: "',
    codes: badInput,
  },
  ...[
    [
      "nested lists in pages",
      `{ viewer { ${repeated(4, (n) => `a${n}: sessions(first: 100) { edges { node { questions { id answer { text evaluation { feedback evidence } } } messages { content } report { questionDetails { question { text answer { text } } evaluation { feedback keyPoints evidence } } session { messages { content } } } } } }`)} } }`,
    ],
    [
      "14 times a full page",
      `{ viewer { ${repeated(14, (n) => `a${n}: sessions(first: 100) { edges { node { id questions { id text answer { text } } } } }`)} } }`,
    ],
    ["three exports", `{ ${repeated(3, (n) => `e${n}: exportMyData`)} }`],
    [
      "1,500 nodes",
      `query($ids: [ID!]!) { ${repeated(15, (n) => `n${n}: nodes(ids: $ids) { id ... on InterviewSession { messages { content } } }`)} }`,
    ],
  ].map(([name, query]) => ({
    row: "S16",
    name: `cost: ${name}`,
    query: query!,
    codes: tooExpensive,
    variables: ({ ada }: Target) => ({ ids: Array(100).fill(ada.session) }),
  })),
  {
    row: "S16",
    name: "cost: 99,999,999 sessions",
    query: "{ viewer { sessions(first: 99999999) { edges { node { id messages { id } } } } } }",
    verdict: ({ json }) =>
      json?.errors || json?.data?.viewer?.sessions.edges.length <= 100 ? null : "more than a page",
  },
  ...[
    ["first: -1", "{ viewer { sessions(first: -1) { totalCount edges { node { id } } } } }", badInput],
    ["last: -2147483648", "{ viewer { sessions(last: -2147483648) { edges { node { id } } } } }", badInput],
    ["first: 2147483648", "{ viewer { sessions(first: 2147483648) { edges { node { id } } } } }", badInput],
    ["first: 1e400", "{ viewer { sessions(first: 1e400) { edges { node { id } } } } }", badInput],
    ["first and last", "{ viewer { sessions(first: 5, last: 5) { edges { node { id } } } } }", badInput],
    [
      "a negative page to pay for a dear one",
      "{ viewer { a: sessions(first: -99999999) { edges { node { id } } } b: sessions(first: 99999) { edges { node { id messages { id } } } } } }",
      [...badInput, ...tooExpensive],
    ],
    ["résumés first: -1", "{ viewer { resumes(first: -1) { edges { node { id } } } } }", badInput],
  ].map(([name, query, codes]) => ({
    row: "S16",
    name: `page: ${name}`,
    query: query as string,
    codes: codes as string[],
  })),
  {
    row: "S16",
    name: "101 nodes",
    query: "query($ids: [ID!]!) { nodes(ids: $ids) { id } }",
    variables: (at) => ({ ids: Array(101).fill(at.ada.session) }),
    codes: [...badInput, ...tooExpensive],
  },
  {
    row: "S17",
    name: "overlapping fields bomb",
    query: `{ viewer { ${"sessions { edges { node { id } } } ".repeat(110)} } }`,
    codes: tooExpensive,
    within: 500,
  },
  {
    row: "S17",
    name: "overlapping fields through fragments, doubled each level",
    query: `{ viewer { sessions { edges { node { ...F0 ...F0 } } } } } ${repeated(24, (n) => `fragment F${n} on InterviewSession { ${n === 23 ? "id" : `...F${n + 1} ...F${n + 1} ... on InterviewSession { ...F${n + 1} }`} }`)}`,
    within: 500,
    verdict: (outcome) => (outcome.status === null ? "no answer" : null),
  },
  {
    row: "S17",
    name: "conflicting fields under one name",
    query: `{ viewer { ${repeated(14, (n) => `a: sessions(first: ${n}) { totalCount }`)} } }`,
    codes: badInput,
    within: 500,
  },
  {
    row: "S18",
    name: "10,000 variables",
    query: `query(${repeated(10_000, (n) => `$v${n}: Int`)}) { viewer { id } }`,
    codes: tooExpensive,
    within: 500,
  },
  ...["__proto__", "constructor", "prototype"].map((key) => ({
    row: "S18",
    name: `${key} in an input`,
    query: "mutation($i: DeleteSessionInput!) { deleteSession(input: $i) { __typename } }",
    variables: () => JSON.parse(`{ "i": { "${key}": { "polluted": "yes" } } }`),
    codes: badInput,
  })),
  ...(["InterviewSession", "Question", "Report", "Resume"] as const).map((type) => ({
    row: "S36",
    name: `node of another's ${type}`,
    query: "query($id: ID!, $none: ID!) { a: node(id: $id) { __typename id } b: node(id: $none) { __typename id } }",
    variables: ({ ada }: Target) => {
      const id = { InterviewSession: ada.session, Question: ada.question, Report: ada.report, Resume: ada.resume }[
        type
      ];
      return { id, none: globalId(type, "00000000-0000-4000-8000-000000000000") };
    },
    verdict: ({ json }: Outcome) =>
      json?.data && json.data.a === null && json.data.b === null && !json.errors
        ? null
        : "it differs from what is not there",
  })),
  {
    row: "S36",
    name: "nodes of another's, all four at once",
    query: "query($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }",
    variables: ({ ada }) => ({ ids: [ada.session, ada.question, ada.report, ada.resume] }),
    verdict: ({ json }) => (json?.data?.nodes?.every((node: unknown) => node === null) ? null : "somebody else's node"),
  },
  {
    row: "S36",
    name: "another's session by query",
    query:
      "query($id: ID!) { session(id: $id) { id resume { text } questions { answer { text } } report { pdfUrl } messages { content } } }",
    variables: ({ ada }) => ({ id: ada.session }),
    verdict: ({ json }) => (json?.data?.session === null && !json.errors ? null : "somebody else's session"),
  },
  ...["completeInterview", "retryEvaluation", "deleteSession"].map((mutation) => ({
    row: "S37",
    name: `${mutation} of another's`,
    query: `mutation($id: ID!) { ${mutation}(input: { sessionId: $id }) { __typename } }`,
    variables: ({ ada }: Target) => ({ id: mutation === "retryEvaluation" ? ada.session : ada.open }),
    verdict: ({ json }: Outcome) => isNotFound(json, mutation),
  })),
  ...["submitAnswer", "saveDraft"].map((mutation) => ({
    row: "S37",
    name: `${mutation} of another's`,
    query: `mutation($id: ID!) { ${mutation}(input: { sessionId: $id, questionIndex: 0, answer: "overwritten" }) { __typename } }`,
    variables: ({ ada }: Target) => ({ id: ada.open }),
    verdict: ({ json }: Outcome) => isNotFound(json, mutation),
  })),
  {
    row: "S39",
    name: "nested paths from oneself to others'",
    query:
      "{ viewer { sessions(first: 50) { totalCount edges { node { ownerId report { session { ownerId } } } } } resumes { edges { node { text } } } } }",
    verdict: ({ json }) =>
      json?.data?.viewer && !JSON.stringify(json).includes('"ada"') ? null : "somebody else's through a path",
  },
  {
    row: "S41",
    name: "a page after another's session",
    query: "query($after: String) { viewer { sessions(after: $after) { edges { node { ownerId } } } } }",
    variables: ({ ada }) => ({ after: cursorAfter(ada.session) }),
    verdict: ({ json }) =>
      json?.data?.viewer && !JSON.stringify(json).includes('"ada"') ? null : "somebody else's after a cursor",
  },
  ...[
    "x",
    "MTox",
    Buffer.from("999999999999999:00000000-0000-4000-8000-000000000000").toString("base64url"),
    Buffer.from("1:1' OR '1'='1").toString("base64url"),
    Buffer.from("-1:00000000-0000-4000-8000-000000000000").toString("base64url"),
    "\u0000",
    "\u{1F600}".repeat(500),
    "A".repeat(10_000),
  ].flatMap((cursor) => [
    {
      row: "S41",
      name: `sessions after ${shown(cursor)}`,
      query: "query($after: String) { viewer { sessions(after: $after) { totalCount edges { cursor } } } }",
      variables: () => ({ after: cursor }),
      verdict: refusedOrEmpty,
    },
    {
      row: "S41",
      name: `résumés after ${shown(cursor)}`,
      query: "query($after: String) { viewer { resumes(after: $after) { totalCount edges { cursor } } } }",
      variables: () => ({ after: cursor }),
      verdict: refusedOrEmpty,
    },
  ]),
  ...[
    "GPC:S:x",
    "GPC:S:00000000-0000-4000-8000-000000000000",
    "GPC:N:1",
    "GPC:D:99999999999999999",
    "GPC:J:[1,2]",
    "GPC:J:{",
    "GPC:S:\u0000",
  ].map((text) => ({
    row: "S41",
    name: `résumés after the cursor ${shown(text)}`,
    query: "query($after: String) { viewer { resumes(before: $after) { edges { cursor } } } }",
    variables: () => ({ after: Buffer.from(text).toString("base64") }),
    verdict: refusedOrEmpty,
  })),
  ...[
    "x",
    "",
    "InterviewSession:1",
    btoa("InterviewSession:1"),
    btoa("InterviewSession:1' OR 1=1 --"),
    btoa("User:00000000-0000-4000-8000-000000000000"),
    btoa("__proto__:00000000-0000-4000-8000-000000000000"),
    btoa("Answer:00000000-0000-4000-8000-000000000000"),
    "\u0000",
    "\ud800",
    "%00",
    "../../etc/passwd",
    "A".repeat(10_240),
    Buffer.from([0xff, 0xfe, 0x80]).toString("base64"),
    "1; DROP TABLE interview_session",
    "{$ne: null}",
  ].flatMap((id) => [
    {
      row: "S40",
      name: `node ${shown(id)}`,
      query: "query($id: ID!) { node(id: $id) { id } session(id: $id) { id } }",
      variables: () => ({ id }),
      verdict: ({ json }: Outcome) =>
        (json?.errors?.every((error: any) => error.extensions?.code === "BAD_USER_INPUT") ??
        (json?.data?.node === null && json.data.session === null))
          ? null
          : "neither null nor BAD_USER_INPUT",
    },
  ]),
  ...[
    ["a number over all", 1e21],
    ["a list", ["a", "b"]],
    ["an object", { $gt: "" }],
    ["true", true],
  ].map(([name, id]) => ({
    row: "S40",
    name: `an id that is ${name as string}`,
    query: "query($id: ID!) { node(id: $id) { id } }",
    variables: () => ({ id }),
    verdict: ({ json }: Outcome) =>
      (json?.errors ? json.errors[0].extensions?.code === "BAD_USER_INPUT" : json?.data?.node === null)
        ? null
        : "neither null nor BAD_USER_INPUT",
  })),
  ...["ownerId", "status", "score", "seq", "role", "createdAt"].map((field) => ({
    row: "S47",
    name: `${field} in an input`,
    query: "mutation($i: CreateSessionInput!) { createSession(input: $i) { __typename } }",
    variables: () => ({ i: { resumeText: "Mass", questionCount: 3, [field]: "ada" } }),
    codes: badInput,
  })),
  ...[
    [
      "session's owner",
      'mutation { submitAnswer(input: { sessionId: "x", questionIndex: 0, answer: "a", score: 100 }) { __typename } }',
    ],
    ["evaluation", 'mutation { completeInterview(input: { sessionId: "x", status: EVALUATED }) { __typename } }'],
  ].map(([name, query]) => ({ row: "S47", name: `${name} in a literal`, query: query!, codes: badInput })),
  ...hostileStrings().flatMap(([name, text]) => [
    {
      row: "S48",
      name: `${name} as a résumé's key`,
      query:
        "query($k: ID!) { unfinishedSession(resumeId: $k) { id } viewer { sessions(resumeId: $k) { totalCount } trends(resumeId: $k) { scores { overallScore } } } }",
      variables: () => ({ k: text }),
      verdict: refusedOrEmpty,
    },
  ]),
];

/** Each bad document over each transport is an attack of its own. */
export function documentAttacks(): Attack[] {
  return badDocuments.flatMap((bad) =>
    (Object.keys(over) as Transport[]).map((transport) => ({
      row: bad.row,
      name: `${bad.name} (${transport})`,
      on: transport,
      run: async (at: Target) => {
        const query = typeof bad.query === "function" ? bad.query(at) : bad.query;
        return judge(bad, await over[transport](at, query, bad.variables?.(at)));
      },
    })),
  );
}

function judge(bad: BadDocument, outcome: Outcome): string | null {
  const { json, body, ms } = outcome;
  // A document that is too large for a frame or a body is refused by its size.
  const refusedBySize = outcome.close === 1009 || outcome.status === 413;
  if (bad.codes && !refusedBySize) {
    const codes: string[] = (json?.errors ?? []).map((error: any) => error.extensions?.code);
    if (codes.length === 0) return `no error: ${body.slice(0, 120)}`;
    const other = codes.find((code) => !bad.codes!.includes(code));
    if (other !== undefined || codes.includes(undefined as never)) return `code ${other}`;
  }
  if (bad.absent?.test(body)) return `${bad.absent} came back`;
  if (ms > (bad.within ?? 2_000)) return `took ${Math.round(ms)} ms`;
  return bad.verdict?.(outcome) ?? null;
}

function isNotFound(json: any, mutation: string): string | null {
  const found = json?.data?.[mutation]?.__typename;
  return found === "SessionNotFoundError" ? null : `${found ?? JSON.stringify(json)}`;
}

function refusedOrEmpty({ json, body }: Outcome): string | null {
  const codes = json?.errors?.map((error: any) => error.extensions?.code);
  if (codes?.some((code: string) => code !== "BAD_USER_INPUT")) return `code ${codes}`;
  return codes || json?.data ? null : `no answer: ${body.slice(0, 100)}`;
}

export function globalId(type: string, id: string): string {
  return Buffer.from(`${type}:${id}`).toString("base64");
}

/** The place right after a session, as the list would write it. */
function cursorAfter(session: string): string {
  const id = Buffer.from(session, "base64").toString().split(":")[1];
  return Buffer.from(`${Date.now() + 60_000}:${id}`).toString("base64url");
}

/** Texts that break out of SQL, JSON, terminals and readers. */
export function hostileStrings(): [string, string][] {
  return [
    ["a quote", "'"],
    ["OR 1=1", "' OR '1'='1"],
    ["a stacked query", "'; DROP TABLE interview_session; --"],
    ["UNION", "' UNION SELECT text FROM answer --"],
    ["pg_sleep", "'; SELECT pg_sleep(5); --"],
    ["a JSON operator", "' || (SELECT text FROM resume LIMIT 1) || '"],
    ["a LIKE wildcard", "%_%"],
    ["NUL", "\u0000"],
    ["half a character", "\ud83d"],
    ["the other half", "\ude00"],
    ["right to left", "\u202eevil\u202c"],
    ["zero width", "a\u200b\u200d\ufeffb"],
    ["tag characters", "\u{e0001}\u{e0041}\u{e007f}"],
    ["CRLF", "a\r\nSet-Cookie: a=b"],
    ["an escape sequence", "\u001b[2J\u001b[31m"],
    ["a template", "{{7*7}} #{7*7} <%= 7 %>"],
    ["a path", "../../../../etc/passwd"],
    ["10,000 letters", "k".repeat(10_000)],
  ];
}

function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}… (${text.length})` : text);
}
