import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { type ServerProcess, startProcess } from "../support/process.ts";
import type { Transport } from "./probes.ts";
import { post } from "./probes.ts";

/** A server that is attacked, with what two people have on it. */
export interface Target {
  name: string;
  url: string;
  /** Everything that came back while the present attack ran. */
  transcript: string[];
  ada: Owned;
  token: { ada: string; bob: string; eve: string };
  /** How long an answer is waited for. */
  patienceMs: number;
  /** What the process wrote to its output so far. */
  output(): string;
  exited(): boolean;
  transports: Transport[];
  stop(): Promise<void>;
}

/** Global ids of what Ada has: nobody else may ever see it. */
export interface Owned {
  session: string;
  open: string;
  question: string;
  report: string;
  resume: string;
  answerIndex: number;
}

export const secret = "the-attack-table-signs-with-this-secret-of-its-own";
export const issuer = "https://issuer.example";
export const audience = "vivavoce";
/** In Ada's résumé, answers, job and name, and in keys: none of it may come out anywhere. */
export const canaries = {
  resume: "CANARYRESUME7431",
  answer: "CANARYANSWER9920",
  job: "CANARYJOBTEXT2284",
  phone: "+49 171 5550 7431",
  mail: "canary7431@mail.example",
  secret,
  modelKey: "sk-CANARYKEY5517",
} as const;

export interface TokenOptions {
  role?: string;
  expires?: number;
  notBefore?: number;
  issuer?: string | null;
  audience?: string | null;
  secret?: string;
  alg?: string;
  subject?: string | null;
}

/** Seconds from now for `expires` and `notBefore`; null leaves a claim out. */
export function token(subject: string | null, options: TokenOptions = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const jwt = new SignJWT({ role: options.role ?? "candidate" })
    .setProtectedHeader({ alg: options.alg ?? "HS256" })
    .setExpirationTime(now + (options.expires ?? 7_200));
  if (subject !== null) jwt.setSubject(subject);
  if (options.notBefore !== undefined) jwt.setNotBefore(now + options.notBefore);
  if (options.issuer !== null) jwt.setIssuer(options.issuer ?? issuer);
  if (options.audience !== null) jwt.setAudience(options.audience ?? audience);
  return jwt.sign(new TextEncoder().encode(options.secret ?? secret));
}

/** A token signed with a private key, for a server that knows none. */
export function rsaToken(header: object = {}): Promise<string> {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return new SignJWT({ role: "admin" })
    .setProtectedHeader({ alg: "RS256", ...header })
    .setSubject("ada")
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime("1h")
    .sign(privateKey);
}

export function unsignedToken(header: object, payload: object = {}): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { sub: "ada", role: "admin", iss: issuer, aud: audience, exp: 4_102_444_800, ...payload };
  return `${part(header)}.${part(claims)}.`;
}

/** The product as it runs in production, as a process of its own. */
export async function startProduct(name: string, env: Record<string, string>): Promise<Target> {
  const process: ServerProcess = await startProcess({
    NODE_ENV: "production",
    AUTH_JWT_SECRET: secret,
    AUTH_ISSUER: issuer,
    AUTH_AUDIENCE: audience,
    LOG_LEVEL: "debug",
    INIT_TIMEOUT: "1s",
    HEADERS_TIMEOUT: "1s",
    BODY_TIMEOUT: "2s",
    ...env,
  });
  const target: Target = {
    name,
    url: process.url,
    transcript: [],
    patienceMs: 60_000,
    ada: { session: "", open: "", question: "", report: "", resume: "", answerIndex: 0 },
    token: { ada: await token("ada"), bob: await token("bob"), eve: await token("eve", { role: "reviewer" }) },
    output: process.output,
    exited: () => process.child.exitCode !== null || process.child.signalCode !== null,
    transports: ["http", "sse", "ws"],
    stop: () => process.kill(),
  };
  target.ada = await seed(target);
  target.patienceMs = 8_000;
  target.transcript.length = 0;
  return target;
}

const create = `mutation($input: CreateSessionInput!) { createSession(input: $input) {
  ... on CreateSessionPayload { session { id resume { id } questions { id } } } ... on Error { message } } }`;
const answer = `mutation($input: SubmitAnswerInput!) { submitAnswer(input: $input) {
  ... on SubmitAnswerPayload { hasNextQuestion } ... on Error { message } } }`;
const report = `query($id: ID!) { session(id: $id) { report { id } questions { id } } }`;

/** One evaluated and one open session of Ada's, everything in them marked. */
export async function seed(target: Target): Promise<Owned> {
  const as = { token: target.token.ada };
  const made = async (title: string): Promise<any> => {
    const input = {
      resumeText: `${canaries.resume} ${title}, ${canaries.mail}, ${canaries.phone}, Java engineer`,
      jobDescription: `${canaries.job}: somebody who builds services that stay up for years.`,
      questionCount: 3,
      followUps: 0,
    };
    const { json } = await post(target, create, { input }, as);
    if (!json?.data?.createSession?.session) throw new Error(`No session: ${JSON.stringify(json)}`);
    return json.data.createSession.session;
  };
  const finished = await made("one");
  for (let questionIndex = 0; questionIndex < 3; questionIndex++) {
    const input = { sessionId: finished.id, questionIndex, answer: `${canaries.answer} is my answer ${questionIndex}` };
    const { body } = await post(target, answer, { input }, as);
    if (!body.includes("hasNextQuestion")) throw new Error(`Not answered: ${body}`);
  }
  for (;;) {
    const { json } = await post(target, report, { id: finished.id }, as);
    if (json.data.session.report) {
      const open = await made("two");
      return {
        session: finished.id,
        open: open.id,
        question: json.data.session.questions[0].id,
        report: json.data.session.report.id,
        resume: finished.resume.id,
        answerIndex: 0,
      };
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
