import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { print } from "graphql";
import { graphql } from "../generated/gql.ts";
import { post } from "./world.ts";

/** Sends a typed document to a server; GraphQL errors are thrown. */
export async function ask<Data, Variables extends object>(
  url: string,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const { data, errors } = await post<Data>(url, print(document), variables);
  if (errors) throw new Error(errors.map(({ message }) => message).join("\n"));
  return data;
}

export const CreateInterview = graphql(`
  mutation CreateInterview($input: CreateSessionInput!) {
    createSession(input: $input) {
      ... on CreateSessionPayload { session { id } }
      ... on Error { message }
    }
  }
`);

export const Answer = graphql(`
  mutation Answer($input: SubmitAnswerInput!) {
    submitAnswer(input: $input) {
      ... on SubmitAnswerPayload { hasNextQuestion }
      ... on Error { message }
    }
  }
`);

export const Delete = graphql(`
  mutation Delete($input: DeleteSessionInput!) {
    deleteSession(input: $input) {
      ... on DeleteSessionPayload { deletedSessionId }
      ... on Error { message }
    }
  }
`);

export const State = graphql(`
  query State($id: ID!) { session(id: $id) { status cursor } }
`);

/** Makes an interview of three questions without follow-ups; returns its id. */
export async function makeInterview(url: string, jobTitle: string): Promise<string> {
  const input = { resumeText: `Engineer ${jobTitle}, TypeScript`, jobTitle, questionCount: 3, followUps: 0 };
  const { createSession } = await ask(url, CreateInterview, { input });
  if (!("session" in createSession)) throw new Error(createSession.message);
  return createSession.session.id;
}

export async function answerInterview(url: string, sessionId: string): Promise<void> {
  for (let questionIndex = 0; questionIndex < 3; questionIndex++) {
    const input = { sessionId, questionIndex, answer: "Because it is measured, it is known." };
    const { submitAnswer } = await ask(url, Answer, { input });
    if (!("hasNextQuestion" in submitAnswer)) throw new Error(submitAnswer.message);
  }
}

export async function deleteInterview(url: string, sessionId: string): Promise<void> {
  const { deleteSession } = await ask(url, Delete, { input: { sessionId } });
  if (!("deletedSessionId" in deleteSession)) throw new Error(deleteSession.message);
}
