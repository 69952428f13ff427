import type { Load } from "./load.ts";
import { postRequest } from "./load.ts";
import { globalSessionId } from "./sessions.ts";

const mutation = /* GraphQL */ `
  mutation Answer($input: SubmitAnswerInput!) {
    submitAnswer(input: $input) { ... on SubmitAnswerPayload { hasNextQuestion currentIndex } ... on Error { code message } }
  }
`;

/** Answers to one session after the other, and then to the next question of each: no two at once to the same one. */
export class Answering {
  readonly #sessions: number;
  readonly #authorization: string;
  readonly #answers: number;
  #given = 0;

  /** The first question of each that waits is number `answers`. */
  constructor(sessions: number, authorization: string, answers = 0) {
    this.#sessions = sessions;
    this.#authorization = authorization;
    this.#answers = answers;
  }

  /** What comes next; each call goes on where the one before stopped. */
  load(url: string): Pick<Load, "url" | "request" | "check"> {
    const begin = this.#given;
    const place = (n: number) => {
      const k = begin + n;
      this.#given = Math.max(this.#given, k + 1);
      return { session: 1 + (k % this.#sessions), index: this.#answers + Math.floor(k / this.#sessions) };
    };
    return {
      url,
      request: (n) => {
        const { session, index } = place(n);
        const input = {
          sessionId: globalSessionId(session),
          questionIndex: index,
          answer: "I would measure it first.",
        };
        return postRequest(url, { query: mutation, variables: { input } }, this.#authorization);
      },
      check(body, n) {
        const expected = { data: { submitAnswer: { hasNextQuestion: true, currentIndex: place(n).index + 1 } } };
        if (body.toString() !== JSON.stringify(expected)) throw new Error(`No answer was stored: ${body}`);
      },
    };
  }
}
