import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { badDocuments, globalId } from "./documents.ts";
import { bytes, http, type Outcome, over, post, type SocketScript, socket, sse, subscribeFrame, ws } from "./probes.ts";
import type { Attack } from "./table.ts";
import { issuer, rsaToken, type Target, token, unsignedToken } from "./target.ts";

const whoAmI = "{ viewer { id role } }";
const watchAll = "subscription { viewerEvents { __typename sessionId } }";
const watchOne =
  "subscription($id: ID!, $after: ID) { sessionEvents(sessionId: $id, after: $after) { __typename cursor } }";
const asText = (value: unknown): string => JSON.stringify(value);
const init = (authorization?: string): string =>
  asText({ type: "connection_init", payload: authorization && { authorization } });

const deepInput = `{"query":"mutation($i: DeleteSessionInput!) { deleteSession(input: $i) { __typename } }","variables":{"i":${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}}}`;

/** Everything that is not a document: bodies, headers, tokens, frames, time. */
export function transportAttacks(): Attack[] {
  return [
    ...bodyAttacks(),
    ...originAttacks(),
    ...headerAttacks(),
    ...tokenAttacks(),
    ...frameAttacks(),
    ...watchAttacks(),
    ...slowAttacks(),
    ...downloadAttacks(),
  ];
}

function bodyAttacks(): Attack[] {
  const mutation = 'mutation { deleteSession(input: { sessionId: "x" }) { __typename } }';
  const form = new URLSearchParams({ query: mutation }).toString();
  const multipart = [
    '--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n',
    `${asText({ query: mutation })}\r\n--x\r\nContent-Disposition: form-data; name="map"\r\n\r\n{}\r\n--x--\r\n`,
  ].join("");
  const types: [string, string, string | undefined][] = [
    ["urlencoded", form, "application/x-www-form-urlencoded"],
    ["multipart", multipart, "multipart/form-data; boundary=x"],
    ["text/plain", asText({ query: mutation }), "text/plain"],
    ["no content type", asText({ query: mutation }), ""],
    ["application/graphql", mutation, "application/graphql"],
    ["text/plain that speaks of JSON", asText({ query: mutation }), "text/plain; application/json"],
    ["XML", "<query/>", "application/xml"],
    ["JSON's look-alike", asText({ query: mutation }), "application/jsonp"],
  ];
  const malformed: [string, BodyInit][] = [
    ["an array of two", asText([{ query: whoAmI }, { query: whoAmI }])],
    ["an array of 100", asText(Array(100).fill({ query: whoAmI }))],
    ["an array of one", asText([{ query: whoAmI }])],
    ["no JSON", "{query: hello"],
    ["nothing", ""],
    ["null", "null"],
    ["a string", '"{viewer{id}}"'],
    ["a number", "7"],
    ["a query that is a number", '{"query":1}'],
    ["a query that is a list", '{"query":["{viewer{id}}"]}'],
    ["no query", "{}"],
    ["an empty query", '{"query":""}'],
    ["variables that are a list", asText({ query: whoAmI, variables: [1] })],
    ["variables that are a text", asText({ query: whoAmI, variables: "{}" })],
    ["an operation's name that is an object", asText({ query: whoAmI, operationName: {} })],
    ["extensions that are a text", asText({ query: whoAmI, extensions: "x" })],
    ["100,000 open brackets", "[".repeat(100_000)],
    [
      "bytes that are no UTF-8",
      Buffer.concat([Buffer.from('{"query":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
    ],
    ["an input 10,000 levels deep", deepInput],
    ["gzip", gzipSync(asText({ query: whoAmI }))],
    ["a comment of 1 MB", asText({ query: `${whoAmI} #${"x".repeat(1_048_576)}` })],
    ["1 MB of spaces", asText({ query: `${" ".repeat(1_048_576)}${whoAmI}` })],
    ["a variable of 10 MB", asText({ query: whoAmI, variables: { x: "x".repeat(10_485_760) } })],
  ];
  return [
    ...types.map(
      ([name, body, type]): Attack => ({
        row: "S20",
        name: `POST of ${name}`,
        on: "http",
        run: async (at) => {
          const sent = type === "" ? await bytes(at, [rawPost(at, body, null)], 2_000) : null;
          const answer =
            sent ?? (await http(at, "/graphql", { method: "POST", body }, { headers: { "content-type": type! } }));
          return answer.status === 415 ? null : `status ${answer.status}`;
        },
      }),
    ),
    ...malformed.flatMap(([name, body]): Attack[] =>
      (["http", "sse"] as const).map((on) => ({
        row: name.startsWith("an array") ? "S9" : name.includes("MB") ? "S15" : "S18",
        name: `a body that is ${name} (${on})`,
        on,
        run: async (at) => {
          const headers: Record<string, string> = on === "sse" ? { accept: "text/event-stream" } : {};
          if (name === "gzip") headers["content-encoding"] = "gzip";
          const answer = await http(at, "/graphql", { method: "POST", body }, { headers });
          if (answer.ms > 2_000) return `took ${Math.round(answer.ms)} ms`;
          // A server that hangs up on a body of megabytes may be gone before it was read.
          const hungUp = answer.status === null && name.includes("MB");
          const refused = /"code":"BAD_USER_INPUT"/.test(answer.body) || [413, 415].includes(answer.status!) || hungUp;
          return refused && !answer.json?.data?.viewer ? null : `status ${answer.status}: ${answer.body.slice(0, 80)}`;
        },
      })),
    ),
    {
      row: "S19",
      name: "a mutation by GET",
      on: "http",
      run: async (at) => {
        const answer = await http(at, `/graphql?query=${encodeURIComponent(mutation)}`);
        return answer.status === 405 ? null : `status ${answer.status}`;
      },
    },
    {
      row: "S19",
      name: "a mutation by GET that calls itself a query",
      on: "http",
      run: async (at) => {
        const search = new URLSearchParams({
          query: `query A { viewer { id } } ${mutation.replace("mutation", "mutation B")}`,
          operationName: "B",
        });
        const answer = await http(at, `/graphql?${search}`);
        return answer.status === 405 ? null : `status ${answer.status}`;
      },
    },
    ...["PUT", "DELETE", "PATCH", "TRACE-LIKE"].map(
      (method): Attack => ({
        row: "S19",
        name: `${method} with a document`,
        on: "http",
        run: async (at) => {
          const answer = await http(at, "/graphql", { method, body: asText({ query: whoAmI }) });
          return answer.json?.data || (answer.status ?? 500) < 400 ? `status ${answer.status}` : null;
        },
      }),
    ),
    ...[
      ["variables that are no JSON", "variables=%7Bx"],
      ["extensions that are no JSON", "extensions=x"],
      ["a cut percent sign", "operationName=%E0%A4%A"],
    ].map(
      ([name, search]): Attack => ({
        row: "S18",
        name: `GET with ${name}`,
        on: "http",
        run: async (at) => {
          // Under the older media type whatever GraphQL itself refuses is 200.
          const headers = { accept: "application/graphql-response+json" };
          const answer = await http(at, `/graphql?query=${encodeURIComponent(whoAmI)}&${search}`, {}, { headers });
          return answer.json?.errors?.length > 0 && (answer.status ?? 0) >= 400 ? null : `status ${answer.status}`;
        },
      }),
    ),
    {
      row: "S3",
      name: "the IDE's page",
      on: "http",
      run: async (at) => {
        const answer = await http(at, "/graphql", {}, { token: null, headers: { accept: "text/html" } });
        return /<html|graphiql/i.test(answer.body) ? "a page" : null;
      },
    },
    {
      row: "S3",
      name: "the IDE's page beside a query",
      on: "http",
      run: async (at) => {
        const answer = await http(at, "/graphql?query=%7B__typename%7D", {}, { headers: { accept: "text/html,*/*" } });
        return /<html|graphiql/i.test(answer.body) ? "a page" : null;
      },
    },
    ...[
      ["x-apollo-tracing", "1"],
      ["apollographql-client-name", "debug"],
      ["x-graphql-debug", "true"],
    ].map(
      ([header, value]): Attack => ({
        row: "S6",
        name: `${header} asks for timings`,
        on: "http",
        run: async (at) => {
          const answer = await post(at, whoAmI, {}, { headers: { [header!]: value! } });
          return answer.json?.data && !answer.json.extensions && !/duration|startOffset/.test(answer.body)
            ? null
            : answer.body.slice(0, 100);
        },
      }),
    ),
  ];
}

const foreign: [string, string][] = [
  ["another site", "https://evil.example"],
  ["null", "null"],
  ["our name before another's", "SUFFIX"],
  ["another's name before ours", "PREFIX"],
  ["our name with another port", "PORT"],
];

function originAttacks(): Attack[] {
  const originOf = (at: Target, kind: string): string => {
    const { hostname, port } = new URL(at.url);
    if (kind === "SUFFIX") return `http://${hostname}.evil.example:${port}`;
    if (kind === "PREFIX") return `http://evil${hostname}:${port}`;
    return kind === "PORT" ? `http://${hostname}:1` : kind;
  };
  return foreign.flatMap(([name, kind]): Attack[] => [
    {
      row: "S22",
      name: `CORS for ${name}`,
      on: "http",
      run: async (at) => {
        const origin = originOf(at, kind);
        const preflight = await http(
          at,
          "/graphql",
          { method: "OPTIONS" },
          {
            token: null,
            headers: {
              origin,
              "access-control-request-method": "POST",
              "access-control-request-headers": "content-type,authorization",
            },
          },
        );
        const real = await post(at, whoAmI, {}, { headers: { origin } });
        const streamed = await sse(at, whoAmI, {}, { headers: { origin } });
        const allowed = [preflight, real, streamed].map((answer) => answer.headers.get("access-control-allow-origin"));
        return allowed.every((value) => value === null) ? null : `allowed: ${allowed}`;
      },
    },
    {
      row: "S23",
      name: `a socket from ${name}`,
      on: "ws",
      run: async (at) => {
        const answer = await socket(at, { origin: originOf(at, kind), frames: [], until: /connection_ack/ });
        return answer.status === 403 ? null : `status ${answer.status}`;
      },
    },
  ]);
}

function headerAttacks(): Attack[] {
  const host = "Host: x";
  const raw: [string, string, string, number[]][] = [
    [
      "S62",
      "a length and chunks together",
      `POST /graphql HTTP/1.1\r\n${host}\r\nContent-Type: application/json\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n`,
      [400],
    ],
    [
      "S62",
      "two lengths",
      `POST /graphql HTTP/1.1\r\n${host}\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`,
      [400],
    ],
    [
      "S62",
      "a bad chunk",
      `POST /graphql HTTP/1.1\r\n${host}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nhello\r\n`,
      [400],
    ],
    [
      "S62",
      "a chunked that is spelt otherwise",
      `POST /graphql HTTP/1.1\r\n${host}\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
      [400, 501, 415],
    ],
    ["S62", "a header with a bare line feed", `GET /health/live HTTP/1.1\r\n${host}\r\nX-A: a\nX-B: b\r\n\r\n`, [400]],
    ["S62", "a header with a space before the colon", `GET /health/live HTTP/1.1\r\n${host}\r\nX-A : a\r\n\r\n`, [400]],
    ["S62", "no host", "GET /health/live HTTP/1.1\r\n\r\n", [400]],
    ["S62", "headers of 64 KB", `GET /health/live HTTP/1.1\r\n${host}\r\nX-A: ${"a".repeat(65_536)}\r\n\r\n`, [431]],
    ["S62", "20,000 headers", `GET /health/live HTTP/1.1\r\n${host}\r\n${"X: y\r\n".repeat(20_000)}\r\n`, [431]],
    ["S62", "an address of 64 KB", `GET /${"a".repeat(65_536)} HTTP/1.1\r\n${host}\r\n\r\n`, [431, 414]],
    ["S62", "an unknown protocol", "GET /graphql HTTP/9.9\r\n\r\n", [400, 505]],
    ["S62", "TLS on the plain port", "\u0016\u0003\u0001\u0002\u0000\u0001", [400]],
    [
      "S62",
      "CONNECT to elsewhere",
      "CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n",
      [0, 400, 405],
    ],
  ];
  const paths = [
    "/../../../../etc/passwd",
    "/..%2f..%2f..%2fetc%2fpasswd",
    "/%2e%2e/%2e%2e/package.json",
    "/....//....//package.json",
    "/dashboard/../../../package.json",
    "/dashboard/%5c..%5c..%5cpackage.json",
    "/assets/%00/../../src/main.ts",
    "/reports/../../package.json",
    "/.env",
    "/.git/config",
    "//evil.example/%2f..",
    "/%",
    "/%ff%fe",
  ];
  return [
    ...raw.map(
      ([row, name, text, statuses]): Attack => ({
        row,
        name,
        on: "http",
        run: async (at) => {
          const answer = await bytes(at, [Buffer.from(text, "latin1")], 3_000);
          return statuses.includes(answer.status ?? 0) ? null : `status ${answer.status}: ${answer.body.slice(0, 60)}`;
        },
      }),
    ),
    ...paths.map(
      (path): Attack => ({
        row: "S62",
        name: `path ${path}`,
        on: "http",
        run: async (at) => {
          const answer = await bytes(at, [`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`], 3_000);
          const leaked = /root:|"dependencies"|\[core\]|createServer|import /.test(answer.body);
          // A page of the client may answer for an unknown address; nothing else may.
          const fine = [400, 403, 404].includes(answer.status ?? 0) || /<!doctype html>/i.test(answer.body);
          return !leaked && fine ? null : `status ${answer.status}`;
        },
      }),
    ),
    {
      row: "S62",
      name: "a poisoned Host in handed out addresses",
      on: "http",
      run: async (at) => {
        const body = asText({
          query: "query($id: ID!) { session(id: $id) { report { pdfUrl markdownUrl } } }",
          variables: { id: at.ada.session },
        });
        const lines = [
          "POST /graphql HTTP/1.1",
          "Host: evil.example",
          "X-Forwarded-Host: evil.example",
          "X-Forwarded-Proto: https",
          `Authorization: Bearer ${at.token.ada}`,
          "Content-Type: application/json",
          `Content-Length: ${Buffer.byteLength(body)}`,
          "Connection: close",
        ];
        const answer = await bytes(at, [`${lines.join("\r\n")}\r\n\r\n${body}`], 3_000);
        at.transcript.length = 0;
        return answer.body.includes("/reports/") && !answer.body.includes("evil.example")
          ? null
          : answer.body.slice(-200);
      },
    },
    {
      row: "S63",
      name: "headers of every answer",
      on: "http",
      run: async (at) => {
        for (const answer of [
          await post(at, whoAmI),
          await http(at, "/"),
          await http(at, "/none"),
          await http(at, "/health/live"),
        ]) {
          if (answer.headers.get("x-content-type-options") !== "nosniff") return "no nosniff";
          if (!answer.headers.get("x-frame-options")) return "may be framed";
          if (answer.headers.get("server") || answer.headers.get("x-powered-by")) return "names its program";
        }
        return null;
      },
    },
    {
      row: "S63",
      name: "metrics without their token",
      on: "http",
      run: async (at) => {
        for (const bearer of [null, "wrong", at.token.eve]) {
          const answer = await http(at, "/metrics", {}, { token: bearer });
          if (answer.status !== 404 && answer.status !== 401) return `status ${answer.status}`;
        }
        return null;
      },
    },
  ];
}

function tokenAttacks(): Attack[] {
  const tokens: [string, string, () => Promise<string> | string | null][] = [
    ["S26", "none", () => null],
    ["S26", "an empty one", () => ""],
    ["S26", "a word", () => "hello"],
    ["S26", "expired for 61 s and more", () => token("ada", { expires: -65 })],
    ["S26", "valid in two minutes", () => token("ada", { notBefore: 120 })],
    ["S26", "alg none", () => unsignedToken({ alg: "none" })],
    ["S26", "alg NONE", () => unsignedToken({ alg: "NoNe", typ: "JWT" })],
    ["S26", "alg HS512", () => token("ada", { alg: "HS512" })],
    ["S26", "alg HS384", () => token("ada", { alg: "HS384" })],
    ["S26", "alg RS256 of an own key", () => rsaToken()],
    ["S26", "an own key in its header", () => rsaToken({ jwk: { kty: "oct", k: "AAAA" } })],
    [
      "S26",
      "a key's address in its header",
      () => rsaToken({ jku: "http://127.0.0.1:1/keys.json", x5u: "http://127.0.0.1:1/x" }),
    ],
    ["S26", "a kid that is a path", () => rsaToken({ kid: "../../../../dev/null" })],
    ["S26", "a kid that is SQL", () => rsaToken({ kid: "x' UNION SELECT 'a' --" })],
    ["S26", "another secret", () => token("ada", { secret: "another secret that is as long as it should be" })],
    ["S26", "an empty secret", () => token("ada", { secret: "\0".repeat(32) })],
    ["S26", "another audience", () => token("ada", { audience: "another" })],
    ["S26", "no audience", () => token("ada", { audience: null })],
    ["S26", "another issuer", () => token("ada", { issuer: "https://evil.example" })],
    ["S26", "an issuer that begins like ours", () => token("ada", { issuer: `${issuer}.evil.example` })],
    ["S26", "no subject", () => token(null)],
    ["S26", "a blank subject", () => token("  ")],
    ["S26", "NUL in its subject", () => token("ada\0")],
    ["S26", "a lone surrogate in its subject", () => token("ada\ud800")],
    ["S26", "a subject of 10,000 letters", () => token("a".repeat(10_000))],
    ["S26", "its payload swapped", async () => swapped(await token("bob"), { sub: "ada", role: "admin" })],
    ["S26", "its signature cut", async () => (await token("ada")).slice(0, -4)],
    ["S26", "its signature left out", async () => `${(await token("ada")).split(".").slice(0, 2).join(".")}.`],
    ["S26", "crit that nobody knows", () => unsignedToken({ alg: "HS256", crit: ["x"], x: 1 })],
    ["S26", "100 KB", () => `${"abc.".repeat(25_000)}d`],
  ];
  return [
    ...tokens.flatMap(([row, name, make]): Attack[] =>
      (["http", "sse", "ws"] as const).map((on) => ({
        row,
        name: `a token: ${name} (${on})`,
        on,
        run: async (at) => {
          const bearer = await make();
          if (on === "ws") {
            const answer = await ws(at, whoAmI, {}, { token: bearer });
            return answer.close === 4403 ? null : `close ${answer.close}: ${answer.body.slice(0, 80)}`;
          }
          const answer = await over[on](at, whoAmI, {}, { token: bearer });
          const refused = answer.status === 401 && answer.body.includes("UNAUTHENTICATED");
          return refused || answer.status === 431 ? null : `status ${answer.status}: ${answer.body.slice(0, 80)}`;
        },
      })),
    ),
    {
      row: "S26",
      name: "every refusal reads the same",
      on: "http",
      run: async (at) => {
        const bodies = new Set<string>();
        for (const make of [
          () => token("ada", { expires: -600 }),
          () => rsaToken(),
          () => "x",
          () => token("ada", { audience: "y" }),
        ]) {
          bodies.add((await post(at, whoAmI, {}, { token: await make() })).body);
        }
        return bodies.size === 1 && [...bodies][0]!.includes("UNAUTHENTICATED")
          ? null
          : `${bodies.size} texts: ${[...bodies]}`;
      },
    },
    ...["basic", "Digest", "Bearer Bearer", "Token"].map(
      (scheme): Attack => ({
        row: "S26",
        name: `the scheme ${scheme}`,
        on: "http",
        run: async (at) => {
          const answer = await post(
            at,
            whoAmI,
            {},
            { token: null, headers: { authorization: `${scheme} ${at.token.bob}` } },
          );
          return answer.status === 401 ? null : `status ${answer.status}`;
        },
      }),
    ),
    ...(["token", "access_token", "authorization"] as const).map(
      (parameter): Attack => ({
        row: "S29",
        name: `the token as the address's ${parameter}`,
        on: "http",
        run: async (at) => {
          const search = `${parameter}=${encodeURIComponent(`Bearer ${at.token.ada}`)}`;
          const answer = await http(at, `/graphql?query=%7Bviewer%7Bid%7D%7D&${search}`, {}, { token: null });
          const onSocket = await socket(at, {
            path: `/graphql?${search}`,
            as: { token: null },
            frames: [],
            until: /connection_ack/,
          });
          if (answer.status !== 401 || onSocket.close !== 4403)
            return `status ${answer.status}, close ${onSocket.close}`;
          return at.output().includes(at.token.ada) ? "it was logged" : null;
        },
      }),
    ),
    {
      row: "S26",
      name: "roles that nobody gave: superadmin, a list, a truth",
      on: "http",
      run: async (at) => {
        const claimed = await token("bob", { role: "superadmin" });
        const answer = await post(
          at,
          "query($id: ID!) { viewer { role } session(id: $id) { id } }",
          { id: at.ada.session },
          { token: claimed },
        );
        return answer.json?.data?.viewer?.role === "CANDIDATE" && answer.json.data.session === null
          ? null
          : answer.body;
      },
    },
    ...["completeInterview", "deleteSession", "retryEvaluation"].map(
      (mutation): Attack => ({
        row: "S37",
        name: `a reviewer's ${mutation}`,
        on: "http",
        run: async (at) => {
          const document = `mutation($id: ID!) { ${mutation}(input: { sessionId: $id }) { __typename } }`;
          const answer = await post(at, document, { id: at.ada.open }, { token: at.token.eve });
          return answer.json?.errors?.[0]?.extensions?.code === "FORBIDDEN" ? null : answer.body;
        },
      }),
    ),
    {
      row: "S27",
      name: "a token that ends under an open socket",
      on: "ws",
      run: async (at) => {
        const short = await token("bob", { expires: 2 });
        const answer = await socket(at, {
          as: { token: short },
          frames: [subscribeFrame("1", watchAll)],
          patience: 9_000,
        });
        return answer.close === 4403 && answer.ms < 7_500
          ? null
          : `close ${answer.close} after ${Math.round(answer.ms)} ms`;
      },
    },
    {
      row: "S27",
      name: "a token that ends under an open stream",
      on: "sse",
      run: async (at) => {
        const short = await token("bob", { expires: 2 });
        const answer = await http(
          { ...at, patienceMs: 9_000 },
          "/graphql",
          { method: "POST", body: asText({ query: watchAll }) },
          { token: short, headers: { accept: "text/event-stream" } },
        );
        // The stream is cut, in the middle of what would be its body.
        return answer.status !== 401 && answer.ms > 500 && answer.ms < 7_500
          ? null
          : `status ${answer.status} after ${Math.round(answer.ms)} ms`;
      },
    },
  ];
}

function frameAttacks(): Attack[] {
  const hello = (at: Target): string => init(`Bearer ${at.token.bob}`);
  const scripts: [string, string, number[], (at: Target) => SocketScript][] = [
    ["S24", "no connection_init", [4408], () => ({ init: false, frames: [] })],
    ["S24", "connection_init twice", [4429], (at) => ({ frames: [hello(at)] })],
    ["S24", "connection_init twice at once", [4429], (at) => ({ init: false, frames: [hello(at), hello(at)] })],
    ["S24", "connection_init 1,000 times", [4429], (at) => ({ init: false, frames: Array(1_000).fill(hello(at)) })],
    ["S24", "no JSON", [4400], () => ({ frames: ["{hello"] })],
    ["S24", "an empty frame", [4400], () => ({ frames: [""] })],
    ["S24", "JSON that is a list", [4400], () => ({ frames: ["[]"] })],
    ["S24", "JSON that is null", [4400], () => ({ frames: ["null"] })],
    ["S24", "bytes", [4400], () => ({ frames: [randomBytes(64)] })],
    ["S24", "an unknown type", [4400], () => ({ frames: ['{"type":"start","id":"1","payload":{}}'] })],
    ["S24", "a type that objects have", [4400], () => ({ frames: ['{"type":"constructor"}'] })],
    [
      "S24",
      "the server's own messages",
      [4400],
      () => ({ frames: ['{"type":"connection_ack"}', '{"type":"connection_ack"}', '{"type":"bogus"}'] }),
    ],
    ["S24", "no payload in subscribe", [4400], () => ({ frames: ['{"type":"subscribe","id":"1"}'] })],
    [
      "S24",
      "a query that is a number",
      [4400],
      () => ({ frames: ['{"type":"subscribe","id":"1","payload":{"query":1}}'] }),
    ],
    [
      "S24",
      "variables that are a text",
      [4400],
      () => ({ frames: ['{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":"x"}}'] }),
    ],
    ["S24", "JSON 60,000 deep", [4400, 1009], () => ({ frames: ["[".repeat(60_000)] })],
    ["S24", "another protocol", [4406, 1006], () => ({ init: false, frames: [], protocol: "graphql-ws" })],
    [
      "S25",
      "subscribe before connection_init",
      [4401],
      () => ({ init: false, frames: [subscribeFrame("1", watchAll)] }),
    ],
    [
      "S25",
      "subscribe right behind connection_init",
      [4401, 4403],
      (at) => ({
        init: false,
        frames: [init("Bearer x"), subscribeFrame("1", watchOne, { id: at.ada.session, after: "0" })],
      }),
    ],
    [
      "S30",
      "the same id twice",
      [4409],
      () => ({ frames: [subscribeFrame("1", watchAll), subscribeFrame("1", watchAll)] }),
    ],
    ["S30", "an id of 1 MB", [1009, 4400], () => ({ frames: [subscribeFrame("x".repeat(1_048_576), whoAmI)] })],
    ["S30", "an empty id", [4400], () => ({ frames: [subscribeFrame("", whoAmI)] })],
    [
      "S30",
      "an id that is a number",
      [4400],
      () => ({ frames: ['{"type":"subscribe","id":1,"payload":{"query":"{viewer{id}}"}}'] }),
    ],
    ["S33", "a frame of 512 KB and one byte", [1009], () => ({ frames: ["x".repeat(524_289)] })],
    ["S33", "a frame of 50 MB", [1009], () => ({ frames: [Buffer.alloc(50 * 1024 * 1024)] })],
    ["S33", "10,000 tiny frames at once", [4429], () => ({ frames: Array(10_000).fill('{"type":"ping"}') })],
    [
      "S33",
      "5,000 subscriptions on one socket",
      [4429],
      () => ({ frames: Array.from({ length: 5_000 }, (_, n) => subscribeFrame(String(n), watchAll)) }),
    ],
    [
      "S33",
      "a flood of pings",
      [4429, 1006],
      () => ({
        frames: [],
        after: (client) => {
          for (let n = 0; n < 5_000; n++) client.ping();
        },
      }),
    ],
    [
      "S33",
      "fragments without an end",
      [1009],
      () => ({
        frames: [],
        after: (client) => {
          for (let n = 0; n < 64; n++) client.send("x".repeat(65_536), { fin: false });
        },
      }),
    ],
    [
      "S33",
      "bytes that are no UTF-8 in a text frame",
      [1007],
      () => ({ frames: [], after: (client) => client.send(Buffer.from([0xff, 0xfe, 0xfd]), { binary: false }) }),
    ],
  ];
  return [
    ...scripts.map(
      ([row, name, codes, script]): Attack => ({
        row,
        name: `frames: ${name}`,
        on: "ws",
        run: async (at) => {
          const answer = await socket(at, script(at));
          if (answer.ms > 7_000) return `not closed after ${Math.round(answer.ms)} ms`;
          return answer.close !== null && codes.includes(answer.close) ? null : `close ${answer.close}`;
        },
      }),
    ),
    ...["__proto__", "constructor", "hasOwnProperty"].map(
      (id): Attack => ({
        row: "S30",
        name: `frames: the id ${id}`,
        on: "ws",
        run: async (at) => {
          const answer = await socket(at, { frames: [subscribeFrame(id, whoAmI)], until: /"type":"(next|error)"/ });
          const served = answer.json?.data?.viewer?.id === "bob";
          return served || [4400, 4409].includes(answer.close ?? 0) ? null : `close ${answer.close}: ${answer.body}`;
        },
      }),
    ),
    {
      row: "S31",
      name: "the 101st subscription on a socket, slowly",
      on: "ws",
      run: async (at) => {
        let sent = 0;
        const answer = await socket(at, {
          frames: [],
          until: /"type":"error"/,
          after(client) {
            const timer = setInterval(() => {
              for (let n = 0; n < 5; n++) client.send(subscribeFrame(String(sent++), watchAll));
              if (sent >= 130) clearInterval(timer);
            }, 70);
            client.on("close", () => clearInterval(timer));
          },
        });
        return answer.json?.errors?.[0]?.extensions?.code === "QUERY_TOO_EXPENSIVE" && sent <= 110
          ? null
          : `${sent} passed`;
      },
    },
    {
      row: "S31",
      name: "operations that fail leave no place taken",
      on: "ws",
      run: async (at) => {
        let answered = 0;
        let last = "";
        const failing = (n: number): string =>
          asText({
            id: String(n),
            type: "subscribe",
            payload: { query: "query A { viewer { id } } query B { viewer { id } }", operationName: "C" },
          });
        await socket(at, {
          frames: [failing(0)],
          after(client) {
            client.on("message", (data) => {
              last = String(data);
              if (!/"type":"(error|next|complete)"/.test(last)) return;
              answered++;
              if (answered > 125) client.close();
              else
                setTimeout(
                  () => client.send(answered === 125 ? subscribeFrame("last", whoAmI) : failing(answered)),
                  12,
                );
            });
          },
        });
        return last.includes('"bob"') || last.includes("complete") ? null : `after ${answered}: ${last}`;
      },
    },
    {
      row: "S34",
      name: "compression is not agreed on",
      on: "ws",
      run: async (at) => {
        let extensions = "";
        await socket(at, {
          frames: [subscribeFrame("1", whoAmI)],
          until: /"type"/,
          options: { perMessageDeflate: true },
          after: (client) => (extensions = client.extensions),
        });
        return extensions === "" ? null : extensions;
      },
    },
    {
      row: "S34",
      name: "a compressed frame that was never agreed on",
      on: "ws",
      run: async (at) => {
        const answer = await bytes(at, [upgrade(), Buffer.from([0xc1, 0x85, 0, 0, 0, 0, 1, 2, 3, 4, 5])], 3_000, 100);
        return answer.close === 1 ? null : "still open";
      },
    },
    {
      row: "S33",
      name: "a frame without a mask",
      on: "ws",
      run: async (at) => {
        const answer = await bytes(at, [upgrade(), Buffer.from([0x81, 0x02, 0x7b, 0x7d])], 3_000, 100);
        return answer.close === 1 ? null : "still open";
      },
    },
    {
      row: "S33",
      name: "a frame that claims to be 2^62 bytes long",
      on: "ws",
      run: async (at) => {
        const answer = await bytes(
          at,
          [upgrade(), Buffer.from([0x81, 0xff, 0x3f, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0])],
          3_000,
          100,
        );
        return answer.close === 1 ? null : "still open";
      },
    },
    {
      row: "S23",
      name: "a socket elsewhere than /graphql",
      on: "ws",
      run: async (at) => {
        const answer = await socket(at, { path: "/elsewhere", frames: [], until: /connection_ack/ });
        return answer.status === 404 ? null : `status ${answer.status}`;
      },
    },
  ];
}

function watchAttacks(): Attack[] {
  const cases: [string, string, (at: Target) => object, string][] = [
    ["S38", "another's session", ({ ada }) => ({ id: ada.session, after: "0" }), "SESSION_NOT_FOUND"],
    ["S38", "another's open session, live", ({ ada }) => ({ id: ada.open }), "SESSION_NOT_FOUND"],
    [
      "S38",
      "a guessed session",
      () => ({ id: globalId("InterviewSession", "00000000-0000-4000-8000-000000000001") }),
      "SESSION_NOT_FOUND",
    ],
    ["S38", "a question's id", ({ ada }) => ({ id: ada.question }), "SESSION_NOT_FOUND"],
    ["S38", "no id", () => ({ id: "" }), "SESSION_NOT_FOUND"],
    ["S40", "an id with SQL", () => ({ id: btoa("InterviewSession:' OR 1=1 --") }), "SESSION_NOT_FOUND"],
    ["S40", "an id with NUL", () => ({ id: "\u0000" }), "SESSION_NOT_FOUND"],
  ];
  const cursors = ["-1", "1.5", "x", "99999999999999999999", "0x1", "1e2", " 1", "\u0000", "' OR 1=1", "-0", "９"];
  return [
    ...cases.flatMap(([row, name, variables, code]): Attack[] =>
      (["sse", "ws"] as const).map((on) => ({
        row,
        name: `watching ${name} (${on})`,
        on,
        run: async (at) => {
          const answer = await over[on](at, watchOne, variables(at));
          return answer.body.includes(`"code":"${code}"`) && !answer.body.includes("__typename")
            ? null
            : answer.body.slice(0, 120);
        },
      })),
    ),
    ...cursors.flatMap((after): Attack[] =>
      (["sse", "ws"] as const).map((on) => ({
        row: "S41",
        name: `events after ${JSON.stringify(after)} (${on})`,
        on,
        run: async (at) => {
          const answer = await over[on](at, watchOne, { id: at.ada.session, after }, { token: at.token.ada });
          return /"code":"INVALID_CURSOR"/.test(answer.body) ? null : answer.body.slice(0, 120);
        },
      })),
    ),
    {
      row: "S38",
      name: "the stream of all that one sees carries nothing of others'",
      on: "ws",
      run: async (at) => {
        const draft = "mutation($i: SaveDraftInput!) { saveDraft(input: $i) { __typename } }";
        const answer = await socket(at, {
          frames: [subscribeFrame("1", watchAll)],
          until: /DraftSaved|SessionDeleted/,
          patience: 1_500,
          after: () =>
            void post(
              at,
              draft,
              { i: { sessionId: at.ada.open, questionIndex: 0, answer: `d ${Math.random()}` } },
              { token: at.token.ada },
            ),
        });
        return /"type":"next"/.test(answer.body) ? answer.body.slice(0, 200) : null;
      },
    },
  ];
}

function slowAttacks(): Attack[] {
  const drip = (head: string, count: number): string[] => [head, ...Array<string>(count).fill("X-a: b\r\n")];
  const cases: [string, (at: Target) => string[]][] = [
    ["headers that never end", () => drip("GET /graphql HTTP/1.1\r\nHost: x\r\n", 60)],
    [
      "an upgrade that never ends",
      () => drip("GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n", 60),
    ],
    [
      "a body that never ends",
      (at) => [
        `POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${at.token.bob}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n`,
        ...Array<string>(60).fill(" "),
      ],
    ],
    [
      "chunks that never end",
      (at) => [
        `POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${at.token.bob}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
        ...Array<string>(60).fill("1\r\n \r\n"),
      ],
    ],
    ["a socket that says nothing", () => [upgrade()]],
  ];
  return cases.map(
    ([name, pieces]): Attack => ({
      row: "S35",
      name,
      on: name.includes("socket") || name.includes("upgrade") ? "ws" : "http",
      run: async (at) => {
        const answer = await bytes(at, pieces(at), 7_000, 200);
        return answer.close === 1 ? null : "still open after 7 s";
      },
    }),
  );
}

function downloadAttacks(): Attack[] {
  const address = async (at: Target): Promise<URL> => {
    const answer = await post(
      at,
      "query($id: ID!) { session(id: $id) { report { pdfUrl } } }",
      { id: at.ada.session },
      { token: at.token.ada },
    );
    at.transcript.length = 0;
    return new URL(answer.json?.data?.session?.report?.pdfUrl ?? `${at.url}/reports/none.pdf?expires=1&signature=x`);
  };
  const changes: [string, (url: URL, at: Target) => void][] = [
    ["no signature", (url) => url.searchParams.delete("signature")],
    ["an empty signature", (url) => url.searchParams.set("signature", "")],
    ["another signature", (url) => url.searchParams.set("signature", "A".repeat(43))],
    ["a later end", (url) => url.searchParams.set("expires", "99999999999999")],
    ["an end long ago", (url) => url.searchParams.set("expires", "1")],
    ["an end that is no number", (url) => url.searchParams.set("expires", "NaN")],
    [
      "another format under the same signature",
      (url) => {
        url.pathname = url.pathname.replace(".pdf", ".md");
      },
    ],
    [
      "another report under the same signature",
      (url) => {
        url.pathname = "/reports/00000000-0000-4000-8000-000000000000.pdf";
      },
    ],
    [
      "a path",
      (url) => {
        url.pathname = "/reports/..%2f..%2fpackage.json";
      },
    ],
  ];
  return changes.map(
    ([name, change]): Attack => ({
      row: "S36",
      name: `a report's address with ${name}`,
      on: "http",
      run: async (at) => {
        const url = await address(at);
        change(url, at);
        const answer = await http(at, url.pathname + url.search, {}, { token: null });
        return answer.status === 404 ? null : `status ${answer.status}`;
      },
    }),
  );
}

/** Some of the documents again by GET, which goes another way. */
export function getAttacks(): Attack[] {
  const rows = ["S1", "S4", "S7", "S10", "S11", "S14", "S16", "S36", "S41"];
  const short = badDocuments.filter(
    ({ row, query, codes }) =>
      rows.includes(row) && typeof query === "string" && query.length < 2_000 && codes && !query.startsWith("mutation"),
  );
  return short.map(
    (bad): Attack => ({
      row: bad.row,
      name: `${bad.name} (GET)`,
      on: "http",
      run: async (at) => {
        const search = new URLSearchParams({
          query: bad.query as string,
          variables: asText(bad.variables?.(at) ?? {}),
        });
        const answer: Outcome = await http(at, `/graphql?${search}`);
        const codes = (answer.json?.errors ?? []).map((error: any) => error.extensions?.code);
        if (bad.absent?.test(answer.body)) return "suggestions";
        return codes.length > 0 && codes.every((code: string) => bad.codes!.includes(code))
          ? null
          : `${answer.status} ${answer.body.slice(0, 100)}`;
      },
    }),
  );
}

function rawPost(at: Target, body: string, type: string | null): string {
  const lines = [
    "POST /graphql HTTP/1.1",
    "Host: x",
    `Authorization: Bearer ${at.token.bob}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  if (type !== null) lines.push(`Content-Type: ${type}`);
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

function upgrade(): string {
  return "GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n";
}

function swapped(jwt: string, claims: object): string {
  const [header, payload, signature] = jwt.split(".");
  const merged = { ...JSON.parse(Buffer.from(payload!, "base64url").toString()), ...claims };
  return `${header}.${Buffer.from(asText(merged)).toString("base64url")}.${signature}`;
}
