import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { type Cluster, pause, uniqueName } from "./cluster.ts";

/** Everything that one client did and saw, for the checker. */
export interface History {
  viewer: string;
  sessionId: string | null;
  /** Every session that a creation with this client's one key ever answered with. */
  created: Set<string>;
  /** Index → the text whose submission was acknowledged. */
  answers: Map<number, string>;
  drafts: Map<number, string>;
  operations: number;
  /** Numbers received over all connections, in order of arrival. */
  received: number[];
  /** Sessions whose events it was sent. */
  seenSessions: Set<string>;
  terminal: string[];
  /** Longest time from an operation's first try to its acknowledgement. */
  slowestMs: number;
  /** Failures that were neither a typed value nor a broken connection, or that took too long. */
  untyped: string[];
}

export interface CandidateOptions {
  /** The api node that it begins with. */
  node?: number;
  questions?: number;
  /** Reconnects, to another node, after so many events. */
  reconnectEvery?: number;
  onAck?(): void;
  /** Gives up after this time. */
  limitMs?: number;
}

const createSession = `mutation($input: CreateSessionInput!) { createSession(input: $input) { __typename
  ... on CreateSessionPayload { session { id currentQuestionIndex status } } ... on Error { code message } } }`;
const submitAnswer = `mutation($input: SubmitAnswerInput!) { submitAnswer(input: $input) { __typename
  ... on SubmitAnswerPayload { hasNextQuestion currentIndex nextQuestion { index } session { status } }
  ... on QuestionIndexMismatchError { expectedIndex } ... on Error { code message } } }`;
const saveDraft = `mutation($input: SaveDraftInput!) { saveDraft(input: $input) { __typename ... on Error { code } } }`;
const state = `query($id: ID!) { session(id: $id) { status turn questions { index answer { text isDraft } }
  evaluation { status } } }`;
const events = `subscription($id: ID!, $after: ID) { sessionEvents(sessionId: $id, after: $after) {
  __typename cursor sessionId } }`;

/** One candidate: creates, drafts, answers and watches, and tries again until it knows how each operation went. */
export class Candidate {
  readonly history: History;
  readonly #cluster: Cluster;
  readonly #options: CandidateOptions;
  readonly #key = uniqueName("key");
  readonly #limit: number;
  #token = "";
  #node: number;
  #watching: Promise<void> = Promise.resolve();
  #over = false;
  #wake = (): void => {};

  constructor(cluster: Cluster, options: CandidateOptions = {}) {
    this.#cluster = cluster;
    this.#options = options;
    this.#node = options.node ?? 0;
    this.#limit = performance.now() + (options.limitMs ?? 120_000);
    this.history = {
      viewer: uniqueName("viewer"),
      sessionId: null,
      created: new Set(),
      answers: new Map(),
      drafts: new Map(),
      operations: 0,
      received: [],
      seenSessions: new Set(),
      terminal: [],
      slowestMs: 0,
      untyped: [],
    };
  }

  async run(): Promise<History> {
    const { history } = this;
    this.#token = await this.#cluster.token(history.viewer);
    await this.create();
    this.#watching = this.#watch();
    await this.#answerAll();
    // Every interview ends: with a report, or with a reason.
    while (history.terminal.length === 0 && !this.#late()) await this.#signal(500);
    // The same key again, long after: the same session.
    await this.create();
    this.#over = true;
    this.#wake();
    await this.#watching;
    return history;
  }

  async create(): Promise<void> {
    const input = {
      resumeText: `Java engineer ${this.#key}: Spring Boot, MySQL, Redis. Projects: Order Service (Kafka)`,
      questionCount: this.#options.questions ?? 3,
      idempotencyKey: this.#key,
      forceCreate: true,
    };
    const { createSession: result } = await this.#until(createSession, { input }, (data) => data.createSession);
    if (result.__typename !== "CreateSessionPayload") throw new Error(`not created: ${JSON.stringify(result)}`);
    this.history.created.add(result.session.id);
    this.history.sessionId = result.session.id;
  }

  async #answerAll(): Promise<void> {
    const { history } = this;
    const sessionId = history.sessionId!;
    const texts = new Map<number, string>();
    let index = 0;
    while (!this.#late()) {
      const text =
        texts.get(index) ?? `${uniqueName("answer")} to ${index}: I used an index because of the range scan.`;
      texts.set(index, text);
      if (index % 2 === 0 && !history.drafts.has(index) && !history.answers.has(index)) {
        const draft = `draft of ${text}`;
        const input = { sessionId, questionIndex: index, answer: draft };
        const { saveDraft: saved } = await this.#until(saveDraft, { input }, (data) => data.saveDraft);
        if (saved.__typename === "SaveDraftPayload") history.drafts.set(index, draft);
      }
      const input = { sessionId, questionIndex: index, answer: text };
      const { submitAnswer: result } = await this.#until(submitAnswer, { input }, (data) => data.submitAnswer);
      switch (result.__typename) {
        case "SubmitAnswerPayload":
          history.answers.set(index, text);
          if (!result.hasNextQuestion) return;
          index = result.nextQuestion?.index ?? (await this.#nextIndex());
          break;
        case "QuestionIndexMismatchError":
          index = await this.#nextIndex();
          break;
        case "InterviewAlreadyCompletedError":
          return;
        default:
          throw new Error(`not answered: ${JSON.stringify(result)}`);
      }
    }
  }

  /** Waits until it is the candidate's turn; -1 would be an interview that is over, which the next answer is told. */
  async #nextIndex(): Promise<number> {
    for (;;) {
      const { session } = await this.#until(state, { id: this.history.sessionId }, (data) => data.session);
      if (session.turn !== "INTERVIEWER" || this.#late()) return Math.max(0, session.questions.length - 1);
      await this.#signal(300);
    }
  }

  /** Tries until there is an answer, on one node after the other. */
  async #until(query: string, variables: object, pick: (data: any) => unknown): Promise<any> {
    const { history } = this;
    const startedAt = performance.now();
    for (;;) {
      const triedAt = performance.now();
      const answer = await this.#post(query, variables);
      if (performance.now() - triedAt > 30_000) history.untyped.push(`an answer took over 30 s: ${query.slice(0, 40)}`);
      const data = answer?.data;
      if (data && pick(data)) {
        history.operations++;
        history.slowestMs = Math.max(history.slowestMs, performance.now() - startedAt);
        this.#options.onAck?.();
        return data;
      }
      const codes = (answer?.errors ?? []).map((error: any) => error.extensions?.code ?? `none: ${error.message}`);
      for (const code of codes) if (code !== "SERVICE_UNAVAILABLE") history.untyped.push(code);
      if (this.#late()) throw new Error(`no answer in time, last ${JSON.stringify(answer)?.slice(0, 300)}`);
      this.#node++;
      await pause(50 + Math.random() * 200);
    }
  }

  /** null: the connection broke, and nobody knows what happened. */
  async #post(query: string, variables: object): Promise<any> {
    try {
      const response = await fetch(`${this.#url()}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${this.#token}` },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(35_000),
      });
      return await response.json();
    } catch {
      return null;
    }
  }

  #url(): string {
    const { apis } = this.#cluster;
    return apis[this.#node % apis.length]!.url;
  }

  /** Watches its session from the first event on, over as many connections as it takes. */
  async #watch(): Promise<void> {
    while (!this.#over && !this.#late()) {
      await this.#watchOnce().catch(() => {});
      this.#node++;
      if (!this.#over) await pause(20 + Math.random() * 80);
    }
  }

  #watchOnce(): Promise<void> {
    const { history } = this;
    const client = createClient({
      url: `${this.#url().replace("http", "ws")}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${this.#token}` },
      retryAttempts: 0,
      keepAlive: 3_000,
      on: {
        ping(received) {
          if (received) return;
          // A peer that does not answer a ping is gone, whatever the connection says.
          alive = false;
          deadline = setTimeout(() => alive || client.terminate(), 3_000);
        },
        pong(received) {
          if (received) {
            alive = true;
            clearTimeout(deadline);
          }
        },
      },
    });
    let alive = true;
    let deadline: NodeJS.Timeout | undefined;
    let count = 0;
    const after = String(history.received.at(-1) ?? 0);
    return new Promise<void>((resolve, reject) => {
      const stop = client.subscribe<any>(
        { query: events, variables: { id: history.sessionId, after } },
        {
          next: ({ data }) => {
            const event = data?.sessionEvents;
            if (!event) return;
            history.seenSessions.add(event.sessionId);
            if (event.cursor !== null) history.received.push(Number(event.cursor));
            if (["ReportReady", "EvaluationFailed"].includes(event.__typename)) history.terminal.push(event.__typename);
            this.#wake();
            if (++count === this.#options.reconnectEvery) client.terminate();
          },
          error: reject,
          complete: resolve,
        },
      );
      const look = setInterval(() => {
        if (this.#over) stop();
      }, 50);
      void Promise.allSettled([new Promise((done) => client.on("closed", done))]).then(() => {
        clearInterval(look);
        clearTimeout(deadline);
        resolve();
      });
    }).finally(() => client.dispose());
  }

  #late(): boolean {
    return performance.now() > this.#limit;
  }

  /** Until something arrives, or so long. */
  async #signal(ms: number): Promise<void> {
    await Promise.race([new Promise<void>((resolve) => (this.#wake = resolve)), pause(ms)]);
  }
}
