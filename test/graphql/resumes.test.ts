import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerAll, create } from "../support/interview.ts";
import { docx, docxBomb, paragraph, pdf } from "../support/resumeFiles.ts";
import { mintToken, testSecret } from "../support/tokens.ts";
import { openWorld, type World } from "../support/world.ts";

const errors = "... on Error { code message } ... on ValidationError { fields { path message } }";
const createResume = `mutation($input: CreateResumeInput!) { createResume(input: $input) {
  __typename ... on CreateResumePayload { alreadyExisted resume { id resumeId text } } ${errors}
  ... on RateLimitedError { retryAfterMs } } }`;
const updateResume = `mutation($input: UpdateResumeInput!) { updateResume(input: $input) {
  __typename ... on UpdateResumePayload { resume { id resumeId text } } ${errors} } }`;
const deleteResume = `mutation($input: DeleteResumeInput!) { deleteResume(input: $input) {
  __typename ... on DeleteResumePayload { deletedId resumeId } ... on Error { code message } } }`;
const listed = "{ viewer { resumes { totalCount edges { node { resumeId text } } } } }";

type Headers = Record<string, string>;
const marked = { "x-vivavoce-upload": "1" };

function form(
  query: string,
  file: Buffer,
  input: object = {},
  map: unknown = { 0: ["variables.input.file"] },
): FormData {
  const body = new FormData();
  body.set("operations", JSON.stringify({ query, variables: { input: { ...input, file: null } } }));
  body.set("map", JSON.stringify(map));
  body.set("0", new Blob([new Uint8Array(file)]), "resume.exe");
  return body;
}

async function send(
  world: World,
  body: FormData,
  headers: Headers = {},
): Promise<{ status: number; [key: string]: any }> {
  const response = await fetch(`${world.url}/graphql`, { method: "POST", headers: { ...marked, ...headers }, body });
  return { status: response.status, ...((await response.json()) as object) };
}

describe.each(["pglite", "postgres"] as const)("résumés on %s", (kind) => {
  let world: World;
  let ada: Headers;
  let bob: Headers;
  beforeAll(async () => {
    world = await openWorld(kind, { AUTH_JWT_SECRET: testSecret });
    ada = { authorization: `Bearer ${await mintToken("ada")}` };
    bob = { authorization: `Bearer ${await mintToken("bob")}` };
  });
  afterAll(() => world.close());

  const ask = async (query: string, input: object, headers = ada): Promise<any> => {
    const { data, errors } = await world.gql(query, { input }, headers);
    if (errors) throw new Error(JSON.stringify(errors));
    return Object.values(data)[0];
  };
  const upload = async (file: Buffer, input: object = {}, query = createResume): Promise<any> => {
    const answer = await send(world, form(query, file, input), ada);
    expect(answer.status).toBe(200);
    return Object.values(answer.data)[0];
  };
  const asAda = (): World => ({ ...world, gql: (query, variables) => world.gql(query, variables, ada) });

  it("are the same from a text and from a PDF, Word, Markdown or text file", async () => {
    const text = `Ada Example ${kind}\nTypeScript and React`;
    const first = await ask(createResume, { text });
    expect(first).toMatchObject({ alreadyExisted: false, resume: { text } });
    const files = [
      await pdf([text]),
      docx(text.split("\n").map(paragraph).join("")),
      Buffer.from(`\ufeff${text.replace("\n", "  \r\n")}\r\n\r\n\r\n`),
    ];
    for (const file of files) {
      const again = await upload(file);
      expect(again).toMatchObject({ alreadyExisted: true, resume: { id: first.resume.id } });
    }
  });

  it("are cleaned of what nobody sees", async () => {
    const text = "\u202eAda\u200b \u0007Example \t\n\n\n\n\u{e0041}- React\u00ad\n\n";
    const { resume } = await ask(createResume, { text });
    expect(resume.text).toBe("Ada Example\n\n- React");
  });

  it("are kept under the caller's key, and sessions are made from them", async () => {
    const resumeId = "mine";
    const stored = await ask(createResume, { text: "Ada, Java engineer", resumeId });
    expect(stored.resume.resumeId).toBe(resumeId);
    expect(await ask(createResume, { text: "Ada, Java engineer", resumeId })).toMatchObject({ alreadyExisted: true });
    const { session } = await create(asAda(), { resumeText: undefined, resumeId, questionCount: 3, followUps: 0 });
    expect(await answerAll(asAda(), session.id)).toBe(3);
  });

  it.each([
    ["nothing", {}, ["input", "text"], "Give either a text or a file"],
    ["a blank text", { text: " \u200b" }, ["input", "text"], "Resume text is required"],
    ["a long text", { text: "x".repeat(100_001) }, ["input", "text"], "Resume text cannot exceed 100000 characters"],
    ["a blank key", { text: "Ada", resumeId: " " }, ["input", "resumeId"], "Resume ID is required"],
    ["NUL", { text: "Ada\0" }, ["input", "text"], expect.stringContaining("cannot be stored")],
  ])("are refused out of %s, naming the field", async (_, input, path, message) => {
    const refused = await ask(createResume, input);
    expect(refused).toMatchObject({ code: "VALIDATION_FAILED", fields: [{ path, message }] });
  });

  it.each([
    [
      "an unknown format",
      async () => Buffer.from("89504e470d0a1a0a", "hex"),
      /PDF, DOCX, Markdown or text/,
      /必须是PDF/,
    ],
    ["text in another encoding", async () => Buffer.from("caf\u00e9", "latin1"), /in UTF-8 if it is text/, /UTF-8编码/],
    ["a password", () => pdf(["Ada"], { userPassword: "x" }), /password/, /密码/],
    ["no text", () => pdf([""]), /No text could be read/, /无法从文件中读取文本/],
    ["an empty file", async () => Buffer.alloc(0), /No text could be read/, /无法从文件中读取文本/],
    ["too many pages", () => pdf(Array.from({ length: 51 }, () => "Ada")), /more than 50 pages/, /50页/],
    ["a bomb", async () => docxBomb(1_000), /too much time or memory/, /时间或内存过多/],
    ["too many bytes", async () => Buffer.alloc(5 * 1024 * 1024 + 1, "a"), /cannot exceed 5 MiB$/, /不能超过5 MiB$/],
    ["too much text", async () => Buffer.from("word ".repeat(30_000)), /100000 characters/, /100000个字符/],
  ])("are refused out of a file with %s, in both languages", async (_, make, english, chinese) => {
    const file = await make();
    const refused = await upload(file);
    expect(refused).toMatchObject({ __typename: "ValidationError", fields: [{ path: ["input", "file"] }] });
    expect(refused.fields[0].message).toMatch(english);
    const answer = await send(world, form(createResume, file), { ...ada, "accept-language": "zh-CN" });
    expect(answer.data.createResume.message).toMatch(chinese);
  });

  it("are not taken from both a text and a file", async () => {
    const refused = await upload(Buffer.from("Ada"), { text: "Ada" });
    expect(refused.fields).toEqual([{ path: ["input", "file"], message: "Give either a text or a file" }]);
  });

  it("get a new text under the same key, and sessions keep theirs", async () => {
    const resumeId = "changing";
    await ask(createResume, { text: "Ada, first version", resumeId });
    const { session } = await create(asAda(), { resumeText: undefined, resumeId });
    expect(await ask(updateResume, { resumeId, text: "Ada, second version" })).toMatchObject({
      resume: { resumeId, text: "Ada, second version" },
    });
    const file = await upload(docx(paragraph("Ada, third version")), { resumeId }, updateResume);
    expect(file).toMatchObject({ __typename: "UpdateResumePayload", resume: { text: "Ada, third version" } });

    const query = "query($id: ID!) { session(id: $id) { resume { text } } }";
    const { data } = await world.gql(query, { id: session.id }, ada);
    expect(data.session.resume.text).toBe("Ada, first version");
    const mine = (await world.gql(listed, {}, ada)).data.viewer.resumes.edges
      .map(({ node }: any) => node)
      .filter((node: any) => node.resumeId === resumeId);
    expect(mine).toEqual([{ resumeId, text: "Ada, third version" }]);
    // Nobody was interviewed about the second one.
    expect(await dump(world)).not.toContain("second version");
  });

  it("are gone at once when no session was made from them", async () => {
    const resumeId = "unused";
    const { resume } = await ask(createResume, { text: "Zephyrine Quillfeather", resumeId });
    expect(await ask(deleteResume, { resumeId })).toEqual({
      __typename: "DeleteResumePayload",
      deletedId: resume.id,
      resumeId,
    });
    expect(await dump(world)).not.toContain("Quillfeather");
    expect(await ask(deleteResume, { resumeId })).toMatchObject({ code: "RESUME_NOT_FOUND" });
  });

  it("stay with their sessions only, and go with the last of them", async () => {
    const resumeId = "used";
    await ask(createResume, { text: "Balthasar Inkwell", resumeId });
    const input = { resumeText: undefined, resumeId, forceCreate: true };
    const sessions = [await create(asAda(), input), await create(asAda(), input)].map(({ session }) => session.id);
    expect(await ask(deleteResume, { resumeId })).toMatchObject({ __typename: "DeleteResumePayload" });

    const list = (await world.gql(listed, {}, ada)).data.viewer.resumes.edges;
    expect(list.map(({ node }: any) => node.resumeId)).not.toContain(resumeId);
    expect(await create(asAda(), input)).toMatchObject({ fields: [{ path: ["input", "resumeId"] }] });
    const deleteSession = "mutation($input: DeleteSessionInput!) { deleteSession(input: $input) { __typename } }";
    await ask(deleteSession, { sessionId: sessions[0] });
    const query = "query($id: ID!) { session(id: $id) { resume { text } } }";
    const { data } = await world.gql(query, { id: sessions[1] }, ada);
    expect(data.session.resume.text).toBe("Balthasar Inkwell");
    await ask(deleteSession, { sessionId: sessions[1] });
    expect(await dump(world)).not.toContain("Inkwell");
  });

  it("survive being replaced, deleted and used at the same time", async () => {
    const resumeId = "contended";
    await ask(createResume, { text: "Version 0", resumeId });
    await Promise.all(
      Array.from({ length: 24 }, (_, n) => {
        if (n % 6 === 5) return ask(deleteResume, { resumeId });
        if (n % 2 === 0) return create(asAda(), { resumeText: `Version ${n}`, resumeId, forceCreate: true });
        return ask(createResume, { text: `Version ${n}`, resumeId });
      }),
    );
    const { data } = await world.gql(
      "{ viewer { sessions(first: 100) { edges { node { resume { resumeId text } } } } } }",
      {},
      ada,
    );
    const made = data.viewer.sessions.edges.filter(({ node }: any) => node.resume.resumeId === resumeId);
    expect(made).toHaveLength(12);
  });

  it("of somebody else are as if they were not there", async () => {
    await ask(createResume, { text: "Ada in private", resumeId: "private" });
    const missing = { resumeId: "never-made" };
    for (const [query, input] of [
      [updateResume, { text: "Bob was here" }],
      [deleteResume, {}],
    ] as const) {
      const theirs = await ask(query, { ...input, resumeId: "private" }, bob);
      expect(theirs).toMatchObject({ code: "RESUME_NOT_FOUND", message: "Resume not found" });
      expect(theirs).toEqual(await ask(query, { ...input, ...missing }, bob));
    }
    expect(await ask(createResume, { text: "Ada in private", resumeId: "private" })).toMatchObject({
      alreadyExisted: true,
    });
  });

  it("are not a reviewer's to change", async () => {
    const eve = { authorization: `Bearer ${await mintToken("eve", "reviewer")}` };
    for (const [query, input] of [
      [createResume, { text: "x" }],
      [updateResume, { text: "x", resumeId: "x" }],
      [deleteResume, { resumeId: "x" }],
    ] as const) {
      expect((await world.gql(query, { input }, eve)).errors?.[0]?.extensions.code).toBe("FORBIDDEN");
    }
  });
});

describe("a multipart request", () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld("postgres");
  });
  afterAll(() => world.close());

  const small = Buffer.from("Ada, engineer");

  it("is refused without its header, before anything is read", async () => {
    const response = await fetch(`${world.url}/graphql`, { method: "POST", body: form(createResume, small) });
    expect(response.status).toBe(415);
    const { errors } = (await response.json()) as { errors: { message: string }[] };
    expect(errors[0]!.message).toBe("A multipart request needs the header x-vivavoce-upload: 1");
    expect((await send(world, form(createResume, small), { "x-vivavoce-upload": "yes" })).status).toBe(415);
  });

  it.each([
    ["a query", "{ viewer { id } }"],
    ["another mutation", "mutation { deleteMyData { __typename } }"],
    [
      "another mutation beside it",
      `mutation { createResume(input: {text: "x"}) { __typename } deleteMyData { __typename } }`,
    ],
    ["one behind a fragment", "mutation { ...F } fragment F on Mutation { ... { deleteMyData { __typename } } }"],
  ])("cannot ask for %s", async (_, query) => {
    const body = new FormData();
    body.set("operations", JSON.stringify({ query }));
    body.set("map", "{}");
    expect(await send(world, body)).toMatchObject({
      status: 415,
      errors: [{ extensions: { code: "BAD_USER_INPUT" } }],
    });
  });

  it("may name its mutation in a fragment", async () => {
    const query =
      "mutation($file: Upload) { ...F } fragment F on Mutation { createResume(input: {file: $file}) { __typename } }";
    const body = new FormData();
    body.set("operations", JSON.stringify({ query, variables: { file: null } }));
    body.set("map", JSON.stringify({ 0: ["variables.file"] }));
    body.set("0", new Blob([new Uint8Array(small)]));
    expect(await send(world, body)).toMatchObject({ data: { createResume: { __typename: "CreateResumePayload" } } });
  });

  it.each([
    ["no map", (body: FormData) => body.delete("map")],
    ["no operations", (body: FormData) => body.delete("operations")],
    ["operations that are a batch", (body: FormData) => body.set("operations", "[]")],
    ["operations that are not JSON", (body: FormData) => body.set("operations", "{")],
    ["a map to nowhere", (body: FormData) => body.set("map", `{"0": ["variables.other.file"]}`)],
    ["a map to what is not null", (body: FormData) => body.set("map", `{"0": ["variables.input"]}`)],
    ["a map into prototypes", (body: FormData) => body.set("map", `{"0": ["variables.__proto__.polluted"]}`)],
    ["a map out of the variables", (body: FormData) => body.set("map", `{"0": ["query"]}`)],
    ["a map of a file that was not sent", (body: FormData) => body.set("map", `{"1": ["variables.input.file"]}`)],
    ["two files", (body: FormData) => body.set("1", new Blob(["x"]))],
    ["more fields", (body: FormData) => body.set("more", "x")],
  ])("is refused with %s", async (_, spoil) => {
    const body = form(createResume, small);
    spoil(body);
    expect(await send(world, body)).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: "BAD_USER_INPUT" } }],
    });
    expect(({} as any).polluted).toBeUndefined();
  });

  it.each(["multipart/form-data", "multipart/form-data; boundary=x"])(
    "is refused when it is malformed (%s)",
    async (type) => {
      for (const body of ["", "--x", `--x\r\ncontent-disposition: form-data; name="0"; filename="a"\r\n\r\nabc`]) {
        const headers = { ...marked, "content-type": type };
        expect((await fetch(`${world.url}/graphql`, { method: "POST", headers, body })).status).toBe(400);
      }
      expect((await world.gql("{ viewer { id } }")).status).toBe(200);
    },
  );

  it("is refused over 6 MiB, with and without its length", async () => {
    const large = Buffer.alloc(6 * 1024 * 1024 + 1, "a");
    expect((await send(world, form(createResume, large))).status).toBe(413);
    const whole = new Response(form(createResume, large));
    const response = await fetch(`${world.url}/graphql`, {
      method: "POST",
      headers: { ...marked, "content-type": whole.headers.get("content-type")! },
      body: whole.body,
      duplex: "half",
    } as RequestInit);
    expect(response.status).toBe(413);
  });

  it("is the only way for a file", async () => {
    for (const file of ["x", {}, { bytes: [1] }, 1]) {
      const { errors } = await world.gql(createResume, { input: { file } });
      expect(errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
    }
    const literal = await world.gql(`mutation { createResume(input: { file: "x" }) { __typename } }`);
    expect(literal.errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
  });
});

it("counts résumés against the create limit", async () => {
  const world = await openWorld("postgres", { RATE_LIMIT_CREATE: "2/60s" });
  const stored = await world.gql(createResume, { input: { text: "Ada", resumeId: "a" } });
  expect(stored.data.createResume.__typename).toBe("CreateResumePayload");
  await world.gql(updateResume, { input: { text: "Ada again", resumeId: "a" } });
  const refused = await send(world, form(createResume, Buffer.from("Ada once more")));
  expect(refused.data.createResume).toMatchObject({ code: "RATE_LIMITED", retryAfterMs: expect.any(Number) });
  await world.close();
});

/** Every stored text. */
async function dump({ databaseUrl }: World): Promise<string> {
  if (databaseUrl === null) return "";
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query("SELECT text FROM resume");
  await client.end();
  return rows.map(({ text }) => text).join("\n");
}
