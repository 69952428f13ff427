import { getIntrospectionQuery } from "graphql";
import { hostileStrings } from "./documents.ts";
import { http, over, post, socket, sse, subscribeFrame, type Transport } from "./probes.ts";
import type { Good } from "./table.ts";
import { canaries, type Target, token } from "./target.ts";

/** Who refuses everything gets nothing wrong in the other table: all of these must pass. */
export function goodInputs(): Good[] {
  return [...documents(), ...interviews(), ...answers(), ...transportsOf(), ...aroundIt()];
}

const page = `query Page($first: Int!, $after: String) {
  viewer {
    sessions(first: $first, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { cursor node { id status questions { id answer { evaluation { score feedback evidence } } } } }
    }
  }
}`;

function documents(): Good[] {
  const list: [string, string, ((at: Target) => object)?][] = [
    ["a dashboard's page, seven deep", page, () => ({ first: 20 })],
    [
      "the same page of 100 without the evaluations",
      page.replace("answer { evaluation { score feedback evidence } }", "text"),
      () => ({ first: 100 }),
    ],
    ["who calls", "{ viewer { id role } }"],
    ["with a name", "query Me { viewer { id } }"],
    ["two operations, one named", "query Me { viewer { id } }"],
    ["what Apollo sends", "query Me { viewer { id __typename } __typename }"],
    [
      "what urql sends",
      "query Me {\n  viewer {\n    id\n    sessions(first: 2) {\n      edges {\n        node { id __typename }\n        __typename\n      }\n      __typename\n    }\n    __typename\n  }\n}",
    ],
    [
      "what Relay sends",
      "query Q($id: ID!) { node(id: $id) { __typename ... on InterviewSession { status } id } }",
      ({ ada }) => ({ id: ada.session }),
    ],
    ["15 aliases", `{ ${Array.from({ length: 15 }, (_, n) => `a${n}: __typename`).join(" ")} }`],
    ["50 directives", `{ viewer { ${"id @include(if: true) ".repeat(50)} } }`],
    ["600 tokens", `{ viewer { ${"id role ".repeat(120)} ${"id @include(if: true) ".repeat(45)} } }`],
    [
      "a session whole",
      `query($id: ID!) { session(id: $id) {
      id status turn mode locale cursor ownerId jobTitle companyName jobDescription totalQuestions currentQuestionIndex
      createdAt startedAt completedAt evaluatedAt resume { id resumeId text createdAt }
      usage { calls inputTokens outputTokens durationMs longestMs }
      progress { total asked answered isStarted isComplete } currentQuestion { id text }
      questions { id index text type category isFollowUp parentQuestionIndex source askedAt
        answer { text isDraft submittedAt updatedAt evaluation { score accuracy completeness clarity feedback keyPoints referenceAnswer evidence } } }
      messages { id role content questionIndex timestamp sessionId }
      evaluation { status attempt percent answersTotal answersEvaluated error }
      report { id version overallScore band overallFeedback strengths improvements knowledgeGaps answeredCount createdAt
        learningPath { topic advice } resumeImprovements categoryScores { category score questionCount } pdfUrl markdownUrl
        questionDetails { question { index text } answer answered evaluation { score feedback } } } } }`,
      ({ ada }) => ({ id: ada.session }),
    ],
    [
      "nodes of all kinds",
      "query($ids: [ID!]!) { nodes(ids: $ids) { id __typename ... on Question { text } ... on Report { overallScore } ... on Resume { text } } }",
      ({ ada }) => ({ ids: [ada.session, ada.question, ada.report, ada.resume] }),
    ],
    [
      "100 nodes",
      "query($ids: [ID!]!) { nodes(ids: $ids) { id } }",
      ({ ada }) => ({ ids: Array(100).fill(ada.question) }),
    ],
    ["a node that is not there", 'query { node(id: "nothing") { id } }'],
    [
      "résumés",
      "{ viewer { resumes(first: 10) { totalCount edges { cursor node { id resumeId text } } pageInfo { startCursor hasPreviousPage } } } }",
    ],
    [
      "trends",
      "{ viewer { trends(last: 10) { scores { sessionId overallScore evaluatedAt } categories { category averageScore firstScore lastScore questionCount } } } }",
    ],
    ["sessions by state", "{ viewer { sessions(status: [CREATED, EVALUATED], first: 5) { totalCount } } }"],
    ["the last page", "{ viewer { sessions(last: 2) { edges { node { id } } pageInfo { hasPreviousPage } } } }"],
    ["an unfinished session that is not there", '{ unfinishedSession(resumeId: "none") { id } }'],
    [
      "nested fragments",
      "query($id: ID!) { session(id: $id) { ...A } } fragment A on InterviewSession { id ...B } fragment B on InterviewSession { questions { ...C } } fragment C on Question { text answer { text } }",
      ({ ada }) => ({ id: ada.session }),
    ],
    [
      "skip and include",
      "query($yes: Boolean!) { viewer { id @include(if: $yes) role @skip(if: $yes) } }",
      () => ({ yes: true }),
    ],
    ["block strings, comments and commas", '# who\n{ viewer, { id, # me\n } node(id: """x""") { id } }'],
    ["a blank variable", "query($a: String) { viewer { sessions(after: $a) { totalCount } } }", () => ({ a: null })],
    ["my data, to take along", "{ exportMyData }"],
    ["__typename alone", "{ __typename }"],
  ];
  return list.flatMap(([name, query, variables]): Good[] =>
    (Object.keys(over) as Transport[]).map((transport) => ({
      name: `${name} (${transport})`,
      async run(at) {
        const answer = await over[transport](at, query, variables?.(at), { token: at.token.ada });
        return answer.json?.data && !answer.json.errors ? null : answer.body.slice(0, 200);
      },
    })),
  );
}

const create = `mutation Create($input: CreateSessionInput!) { createSession(input: $input) { __typename
  ... on CreateSessionPayload { reusedExisting session { id resume { text } currentQuestion { index text } } }
  ... on Error { code message } ... on ValidationError { fields { path message } } } }`;
const submit = `mutation Submit($input: SubmitAnswerInput!) { submitAnswer(input: $input) { __typename
  ... on SubmitAnswerPayload { question { answer { text } } hasNextQuestion } ... on Error { code message } } }`;
const draft = `mutation Draft($input: SaveDraftInput!) { saveDraft(input: $input) { __typename
  ... on SaveDraftPayload { question { answer { text isDraft } } } ... on Error { code message } } }`;

function interviews(): Good[] {
  const resumes: [string, object][] = [
    ["in Chinese", { resumeText: "张三，后端工程师，五年 Java 与 Redis 经验。", locale: "ZH" }],
    ["with emoji", { resumeText: "Jo 👩🏽‍💻 builds 🚀 with TypeScript 🇩🇪" }],
    ["with markup", { resumeText: '<h1>Jo</h1><script>alert("hi")</script> & <b>React</b>' }],
    [
      "with SQL in it",
      { resumeText: "I wrote SELECT * FROM users WHERE name = 'x'; DROP TABLE students; -- in a course" },
    ],
    ["of 100,000 characters", { resumeText: "Java, Redis, MySQL. ".repeat(5_000) }],
    ["in Arabic and Hebrew", { resumeText: "مهندسة برمجيات، חמש שנים של ניסיון" }],
    ["with CRLF and tabs", { resumeText: "Jo\r\n\tJava\r\n\tSpring Boot\r\n" }],
    [
      "that speaks of instructions",
      { resumeText: "I ignore previous instructions in my talks about prompt injection." },
    ],
    [
      "with a job",
      {
        resumeText: "Jo, Java",
        jobTitle: "Engineer (m/w/d) – 100 %",
        companyName: "O'Neil & Söhne",
        jobDescription: "You keep services running for years, and you like it that way.",
      },
    ],
    ["for 20 questions", { resumeText: "Jo, all of it", questionCount: 20, followUps: 2 }],
    [
      "adaptive",
      {
        resumeText: "Jo, Go",
        mode: "ADAPTIVE",
        jobDescription: "Writing services in Go and keeping them fast, day and night.",
      },
    ],
    ["under a key of its own", { resumeText: "Jo, keys", resumeId: "cv/2026 (neu) – Übersicht" }],
  ];
  return resumes.map(([name, input]) => ({
    name: `a résumé ${name}`,
    async run(at) {
      const answer = await post(
        at,
        create,
        { input: { questionCount: 3, ...input, forceCreate: true } },
        { token: at.token.bob },
      );
      const made = answer.json?.data?.createSession;
      if (made?.__typename !== "CreateSessionPayload" || !made.session.currentQuestion)
        return answer.body.slice(0, 200);
      return made.session.resume.text === (input as { resumeText: string }).resumeText ? null : "the text was changed";
    },
  }));
}

/** Every text comes back exactly as it was typed: as a draft and as an answer, over HTTP and the socket. */
function answers(): Good[] {
  const texts: [string, string][] = [
    ["Chinese", "因为哈希表的平均查找复杂度是常数级。"],
    ["emoji", "👍🏽 it depends 🤷‍♀️"],
    ["markup", '<img src=x onerror="alert(1)"> **bold** [a](javascript:alert(1)) `code`'],
    ["code", '```java\nfor (int i = 0; i < n; i++) {\n\tmap.put(i, "a");\n}\n```'],
    ["20,000 characters", "x y ".repeat(5_000)],
    ["20,000 emoji", "🚀".repeat(20_000)],
    ["JSON", '{"score": 100, "id": "q1"}'],
    ["blank around", "  \n two lines \n\n"],
    ...hostileStrings()
      .filter(([name]) => !["NUL", "half a character", "the other half"].includes(name))
      .map(([name, text]): [string, string] => [name, `Said: ${text}`]),
  ];
  return texts.map(([name, text]) => ({
    name: `an answer: ${name}`,
    async run(at) {
      const as = { token: at.token.bob };
      const input = { resumeText: `For ${name}`, questionCount: 3, followUps: 0, forceCreate: true };
      const made = (await post(at, create, { input }, as)).json?.data?.createSession;
      if (!made?.session) return "no session";
      const place = { sessionId: made.session.id, questionIndex: 0, answer: text };
      const saved = await over.ws(at, draft, { input: place }, as);
      if (saved.json?.data?.saveDraft.question?.answer.text !== text) return `draft: ${saved.body.slice(0, 150)}`;
      const sent = await post(at, submit, { input: place }, as);
      const stored = sent.json?.data?.submitAnswer.question?.answer.text;
      return stored === text ? null : `answer: ${sent.body.slice(0, 150)}`;
    },
  }));
}

function transportsOf(): Good[] {
  const watch =
    "subscription($id: ID!, $after: ID) { sessionEvents(sessionId: $id, after: $after) { __typename cursor } }";
  const json = (query: string): string => JSON.stringify({ query });
  return [
    {
      name: "a query by GET",
      run: async (at) => {
        const answer = await http(
          at,
          `/graphql?query=${encodeURIComponent("query A($n: Int) { viewer { id sessions(first: $n) { totalCount } } }")}&operationName=A&variables=${encodeURIComponent('{"n":1}')}`,
        );
        return answer.json?.data?.viewer.id === "bob" ? null : answer.body;
      },
    },
    {
      name: "a body that is sent in chunks, with a charset",
      run: async (at) => {
        const stream = new Blob([json("{ viewer { id } }")]).stream();
        const answer = await http(at, "/graphql", { method: "POST", body: stream, duplex: "half" } as RequestInit, {
          headers: { "content-type": "Application/JSON; charset=UTF-8" },
        });
        return answer.json?.data ? null : answer.body;
      },
    },
    {
      name: "fields in the body that nobody knows",
      run: async (at) => {
        const body = JSON.stringify({
          query: "{ viewer { id } }",
          extensions: { clientLibrary: { name: "x" } },
          id: 1,
        });
        const answer = await http(at, "/graphql", { method: "POST", body });
        return answer.json?.data ? null : answer.body;
      },
    },
    {
      name: "application/graphql-response+json",
      run: async (at) => {
        const answer = await post(
          at,
          "{ viewer { id } }",
          {},
          { headers: { accept: "application/graphql-response+json, application/json;q=0.9" } },
        );
        return answer.json?.data && answer.headers.get("content-type")?.startsWith("application/graphql-response+json")
          ? null
          : answer.body;
      },
    },
    {
      name: "a preflight of our own page",
      run: async (at) => {
        const answer = await http(
          at,
          "/graphql",
          { method: "OPTIONS" },
          { token: null, headers: { origin: at.url, "access-control-request-method": "POST" } },
        );
        return answer.headers.get("access-control-allow-origin") === at.url ? null : `status ${answer.status}`;
      },
    },
    {
      name: "a socket of our own page",
      run: async (at) => {
        const answer = await socket(at, {
          origin: at.url,
          frames: [subscribeFrame("1", "{ viewer { id } }")],
          until: /"next"/,
        });
        return answer.json?.data ? null : `close ${answer.close}`;
      },
    },
    {
      name: "a token in the upgrade request's header",
      run: async (at) => {
        const answer = await socket(at, {
          as: { token: null, headers: { authorization: `Bearer ${at.token.bob}` } },
          frames: [subscribeFrame("1", "{ viewer { id } }")],
          until: /"next"/,
        });
        return answer.json?.data?.viewer.id === "bob" ? null : `close ${answer.close}`;
      },
    },
    ...(["sse", "ws"] as const).map(
      (on): Good => ({
        name: `events from the beginning (${on})`,
        run: async (at) => {
          const answer = await over[on](at, watch, { id: at.ada.session, after: "0" }, { token: at.token.ada });
          return answer.body.includes("SessionCreated") ? null : answer.body.slice(0, 200);
        },
      }),
    ),
    {
      name: "a reviewer watches somebody else's session",
      run: async (at) => {
        const answer = await sse(at, watch, { id: at.ada.session, after: "0" }, { token: at.token.eve });
        return answer.body.includes("SessionCreated") ? null : answer.body.slice(0, 200);
      },
    },
    {
      name: "100 subscriptions on one socket",
      run: async (at) => {
        let sent = 0;
        const answer = await socket(at, {
          frames: [],
          until: /"id":"last","type":"next"/,
          after(client) {
            const timer = setInterval(() => {
              for (let n = 0; n < 5 && sent < 99; n++)
                client.send(subscribeFrame(String(sent++), "subscription { viewerEvents { __typename } }"));
              if (sent < 99) return;
              clearInterval(timer);
              client.send(subscribeFrame("last", "{ viewer { id } }"));
            }, 70);
            client.on("close", () => clearInterval(timer));
          },
        });
        return answer.body.includes('"id":"last","type":"next"')
          ? null
          : `after ${sent}: close ${answer.close} ${answer.body.slice(-150)}`;
      },
    },
    {
      name: "pings of the protocol",
      run: async (at) => {
        const answer = await socket(at, { frames: ['{"type":"ping","payload":{"n":1}}'], until: /"pong"/ });
        return answer.body.includes("pong") ? null : `close ${answer.close}`;
      },
    },
    {
      name: "a mutation and its event on one socket",
      run: async (at) => {
        const frames = [
          subscribeFrame("1", "subscription { viewerEvents { __typename } }"),
          subscribeFrame("2", create, { input: { resumeText: "Live", questionCount: 3, forceCreate: true } }),
        ];
        const answer = await socket(at, { frames, until: /QuestionAsked/ });
        return answer.body.includes("QuestionAsked") ? null : answer.body.slice(0, 200);
      },
    },
  ];
}

function aroundIt(): Good[] {
  const tokens: [string, () => Promise<string>][] = [
    ["expired for 30 s", () => token("bob", { expires: -30 })],
    ["valid in 30 s", () => token("bob", { notBefore: 30 })],
    ["for a subject of 255 letters", () => token("b".repeat(255))],
    ["for a subject that is an address", () => token("auth0|böb@mail.example")],
    ["without a role", () => token("bob", { role: "" })],
  ];
  return [
    ...tokens.map(
      ([name, make]): Good => ({
        name: `a token ${name}`,
        run: async (at) => {
          const answer = await post(at, "{ viewer { id role } }", {}, { token: await make() });
          return answer.json?.data?.viewer.role === "CANDIDATE" ? null : answer.body;
        },
      }),
    ),
    ...["pdfUrl", "markdownUrl"].map(
      (field): Good => ({
        name: `the report by its ${field}`,
        run: async (at) => {
          const query = `query($id: ID!) { session(id: $id) { report { ${field} } } }`;
          const answer = await post(at, query, { id: at.ada.session }, { token: at.token.ada });
          const file = await http(
            at,
            new URL(answer.json.data.session.report[field]).pathname +
              new URL(answer.json.data.session.report[field]).search,
            {},
            { token: null },
          );
          return file.status === 200 && file.body.length > 200 ? null : `status ${file.status}`;
        },
      }),
    ),
    ...["/health/live", "/health/ready", "/", "/dashboard/"].map(
      (path): Good => ({
        name: `GET ${path}`,
        run: async (at) => {
          const answer = await http(at, path, {}, { token: null });
          return (answer.status ?? 500) < 400 ? null : `status ${answer.status}`;
        },
      }),
    ),
    {
      name: "metrics with their token",
      run: async (at) => {
        const answer = await http(at, "/metrics", {}, { token: canaries.secret });
        return answer.body.includes("vivavoce_sockets") ? null : `status ${answer.status}`;
      },
    },
    {
      name: "a reviewer reads everybody's sessions",
      run: async (at) => {
        const answer = await post(
          at,
          "query($id: ID!) { session(id: $id) { ownerId } viewer { role sessions(first: 3) { totalCount } } }",
          { id: at.ada.session },
          { token: at.token.eve },
        );
        return answer.json?.data?.session?.ownerId === "ada" ? null : answer.body;
      },
    },
    {
      name: "the same answer again",
      run: async (at) => {
        const input = { sessionId: at.ada.session, questionIndex: 0, answer: `${canaries.answer} is my answer 0` };
        const answer = await post(at, submit, { input }, { token: at.token.ada });
        return answer.json?.data?.submitAnswer ? null : answer.body;
      },
    },
  ];
}

/** Where it is allowed, the schema may be read, however long the question is. */
export const goodWhereOpen: Good[] = (["http", "sse", "ws"] as Transport[]).map((transport) => ({
  name: `introspection where it is allowed (${transport})`,
  async run(at) {
    const answer = await over[transport](at, getIntrospectionQuery());
    return answer.json?.data?.__schema ? null : answer.body.slice(0, 200);
  },
}));
