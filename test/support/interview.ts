import type { World } from "./world.ts";

/** What a whole interview over GraphQL needs; tests say only what they are about. */

export const createSession = /* GraphQL */ `
  mutation Create($input: CreateSessionInput!) {
    createSession(input: $input) {
      __typename
      ... on CreateSessionPayload {
        reusedExisting
        session {
          id status turn mode cursor totalQuestions currentQuestionIndex
          currentQuestion { id index text type category isFollowUp source }
        }
      }
      ... on Error { code message }
      ... on ValidationError { fields { path message } }
      ... on RateLimitedError { retryAfterMs }
    }
  }
`;

export const submitAnswer = /* GraphQL */ `
  mutation Submit($input: SubmitAnswerInput!) {
    submitAnswer(input: $input) {
      __typename
      ... on SubmitAnswerPayload {
        hasNextQuestion currentIndex totalQuestions
        nextQuestion { index text isFollowUp parentQuestionIndex category type }
        session { status turn cursor }
      }
      ... on Error { code message }
      ... on ValidationError { fields { path message } }
      ... on QuestionIndexMismatchError { expectedIndex }
      ... on RateLimitedError { retryAfterMs }
    }
  }
`;

export const sessionEvents = /* GraphQL */ `
  subscription Watch($id: ID!, $after: ID) {
    sessionEvents(sessionId: $id, after: $after) {
      __typename cursor sessionId
      ... on QuestionAsked { question { index text isFollowUp } }
      ... on QuestionDelta { questionIndex offset text }
      ... on DraftSaved { question { index answer { text isDraft } } }
      ... on AnswerSubmitted { question { index answer { text } } }
      ... on EvaluationProgressed { evaluation { status percent answersEvaluated answersTotal attempt } }
      ... on AnswerEvaluated { question { index } evaluation { score } }
      ... on ReportReady { report { version overallScore pdfUrl } }
      ... on EvaluationFailed { evaluation { error } }
    }
  }
`;

export async function create(world: World, input: object = {}): Promise<any> {
  const answer = await world.gql(createSession, { input: { resumeText: `Java engineer ${Math.random()}`, ...input } });
  return answer.data?.createSession ?? answer;
}

export async function submit(world: World, sessionId: string, questionIndex: number, answer: string): Promise<any> {
  const result = await world.gql(submitAnswer, { input: { sessionId, questionIndex, answer } });
  return result.data?.submitAnswer ?? result;
}

/** Answers until the interview is complete; returns how many questions there were. */
export async function answerAll(
  world: World,
  sessionId: string,
  say: (index: number) => string = (index) => `Answer number ${index}, because it matters.`,
): Promise<number> {
  for (let index = 0; ; index++) {
    const result = await submit(world, sessionId, index, say(index));
    if (result.__typename !== "SubmitAnswerPayload") throw new Error(JSON.stringify(result));
    if (!result.hasNextQuestion) return index + 1;
  }
}

/** A report's file; asked for again as long as it is being printed. */
export async function fetchPrinted(url: string): Promise<Response> {
  for (;;) {
    const response = await fetch(url);
    if (response.status !== 503) return response;
  }
}
