/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  fragment Row on InterviewSession {\n    id\n    cursor\n    ownerId\n    status\n    turn\n    mode\n    jobTitle\n    companyName\n    createdAt\n    currentQuestionIndex\n    totalQuestions\n    progress { asked answered }\n    evaluation { status percent error }\n  }\n": typeof types.RowFragmentDoc,
    "\n  query Sessions {\n    viewer {\n      id\n      sessions(first: 100) {\n        edges { node { ...Row report { overallScore band } } }\n        totalCount\n      }\n    }\n  }\n": typeof types.SessionsDocument,
    "\n  subscription ViewerEvents {\n    viewerEvents {\n      __typename\n      cursor\n      sessionId\n      occurredAt\n      session { ...Row }\n      ... on QuestionAsked { question { index isFollowUp } }\n      ... on AnswerSubmitted { question { index } }\n      ... on AnswerEvaluated { question { index } evaluation { score } }\n      ... on ReportReady { report { overallScore band } }\n    }\n  }\n": typeof types.ViewerEventsDocument,
    "\n  subscription Following($sessionId: ID!, $after: ID) {\n    sessionEvents(sessionId: $sessionId, after: $after) {\n      __typename\n      cursor\n      occurredAt\n      ... on QuestionAsked { question { index text category isFollowUp } }\n      ... on DraftSaved { question { index } }\n      ... on AnswerSubmitted { question { index answer { text } } }\n      ... on EvaluationProgressed { evaluation { percent attempt } }\n      ... on AnswerEvaluated { question { index } evaluation { score feedback } }\n      ... on EvaluationFailed { evaluation { error } }\n      ... on ReportReady { report { overallScore band overallFeedback pdfUrl } }\n    }\n  }\n": typeof types.FollowingDocument,
};
const documents: Documents = {
    "\n  fragment Row on InterviewSession {\n    id\n    cursor\n    ownerId\n    status\n    turn\n    mode\n    jobTitle\n    companyName\n    createdAt\n    currentQuestionIndex\n    totalQuestions\n    progress { asked answered }\n    evaluation { status percent error }\n  }\n": types.RowFragmentDoc,
    "\n  query Sessions {\n    viewer {\n      id\n      sessions(first: 100) {\n        edges { node { ...Row report { overallScore band } } }\n        totalCount\n      }\n    }\n  }\n": types.SessionsDocument,
    "\n  subscription ViewerEvents {\n    viewerEvents {\n      __typename\n      cursor\n      sessionId\n      occurredAt\n      session { ...Row }\n      ... on QuestionAsked { question { index isFollowUp } }\n      ... on AnswerSubmitted { question { index } }\n      ... on AnswerEvaluated { question { index } evaluation { score } }\n      ... on ReportReady { report { overallScore band } }\n    }\n  }\n": types.ViewerEventsDocument,
    "\n  subscription Following($sessionId: ID!, $after: ID) {\n    sessionEvents(sessionId: $sessionId, after: $after) {\n      __typename\n      cursor\n      occurredAt\n      ... on QuestionAsked { question { index text category isFollowUp } }\n      ... on DraftSaved { question { index } }\n      ... on AnswerSubmitted { question { index answer { text } } }\n      ... on EvaluationProgressed { evaluation { percent attempt } }\n      ... on AnswerEvaluated { question { index } evaluation { score feedback } }\n      ... on EvaluationFailed { evaluation { error } }\n      ... on ReportReady { report { overallScore band overallFeedback pdfUrl } }\n    }\n  }\n": types.FollowingDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Row on InterviewSession {\n    id\n    cursor\n    ownerId\n    status\n    turn\n    mode\n    jobTitle\n    companyName\n    createdAt\n    currentQuestionIndex\n    totalQuestions\n    progress { asked answered }\n    evaluation { status percent error }\n  }\n"): (typeof documents)["\n  fragment Row on InterviewSession {\n    id\n    cursor\n    ownerId\n    status\n    turn\n    mode\n    jobTitle\n    companyName\n    createdAt\n    currentQuestionIndex\n    totalQuestions\n    progress { asked answered }\n    evaluation { status percent error }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Sessions {\n    viewer {\n      id\n      sessions(first: 100) {\n        edges { node { ...Row report { overallScore band } } }\n        totalCount\n      }\n    }\n  }\n"): (typeof documents)["\n  query Sessions {\n    viewer {\n      id\n      sessions(first: 100) {\n        edges { node { ...Row report { overallScore band } } }\n        totalCount\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ViewerEvents {\n    viewerEvents {\n      __typename\n      cursor\n      sessionId\n      occurredAt\n      session { ...Row }\n      ... on QuestionAsked { question { index isFollowUp } }\n      ... on AnswerSubmitted { question { index } }\n      ... on AnswerEvaluated { question { index } evaluation { score } }\n      ... on ReportReady { report { overallScore band } }\n    }\n  }\n"): (typeof documents)["\n  subscription ViewerEvents {\n    viewerEvents {\n      __typename\n      cursor\n      sessionId\n      occurredAt\n      session { ...Row }\n      ... on QuestionAsked { question { index isFollowUp } }\n      ... on AnswerSubmitted { question { index } }\n      ... on AnswerEvaluated { question { index } evaluation { score } }\n      ... on ReportReady { report { overallScore band } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription Following($sessionId: ID!, $after: ID) {\n    sessionEvents(sessionId: $sessionId, after: $after) {\n      __typename\n      cursor\n      occurredAt\n      ... on QuestionAsked { question { index text category isFollowUp } }\n      ... on DraftSaved { question { index } }\n      ... on AnswerSubmitted { question { index answer { text } } }\n      ... on EvaluationProgressed { evaluation { percent attempt } }\n      ... on AnswerEvaluated { question { index } evaluation { score feedback } }\n      ... on EvaluationFailed { evaluation { error } }\n      ... on ReportReady { report { overallScore band overallFeedback pdfUrl } }\n    }\n  }\n"): (typeof documents)["\n  subscription Following($sessionId: ID!, $after: ID) {\n    sessionEvents(sessionId: $sessionId, after: $after) {\n      __typename\n      cursor\n      occurredAt\n      ... on QuestionAsked { question { index text category isFollowUp } }\n      ... on DraftSaved { question { index } }\n      ... on AnswerSubmitted { question { index answer { text } } }\n      ... on EvaluationProgressed { evaluation { percent attempt } }\n      ... on AnswerEvaluated { question { index } evaluation { score feedback } }\n      ... on EvaluationFailed { evaluation { error } }\n      ... on ReportReady { report { overallScore band overallFeedback pdfUrl } }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;