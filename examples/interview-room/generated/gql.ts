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
    "\n  fragment SessionProgress on InterviewSession {\n    id\n    cursor\n    status\n    turn\n    currentQuestionIndex\n    totalQuestions\n    startedAt\n    completedAt\n    progress { asked answered total isComplete }\n    evaluation { status error percent answersEvaluated answersTotal attempt }\n  }\n": typeof types.SessionProgressFragmentDoc,
    "\n  fragment QuestionParts on Question {\n    id\n    index\n    text\n    category\n    isFollowUp\n    parentQuestionIndex\n    source\n    answer { text isDraft submittedAt evaluation { score feedback } }\n  }\n": typeof types.QuestionPartsFragmentDoc,
    "\n  fragment ReportParts on Report {\n    id\n    version\n    overallScore\n    band\n    overallFeedback\n    strengths\n    improvements\n    knowledgeGaps\n    learningPath { topic advice }\n    resumeImprovements\n    categoryScores { category score questionCount }\n    questionDetails {\n      question { id index text category isFollowUp source }\n      answered\n      answer\n      evaluation { score accuracy completeness clarity feedback referenceAnswer keyPoints evidence }\n    }\n    answeredCount\n    pdfUrl\n    markdownUrl\n    createdAt\n  }\n": typeof types.ReportPartsFragmentDoc,
    "\n  fragment SessionQuestions on InterviewSession { __typename id questions { ...QuestionParts } }\n": typeof types.SessionQuestionsFragmentDoc,
    "\n  fragment SessionReport on InterviewSession { __typename id report { ...ReportParts } }\n": typeof types.SessionReportFragmentDoc,
    "\n  query Session($id: ID!) {\n    session(id: $id) {\n      ...SessionProgress\n      mode\n      locale\n      jobTitle\n      companyName\n      createdAt\n      resume { id resumeId }\n      ...SessionQuestions\n      ...SessionReport\n    }\n  }\n": typeof types.SessionDocument,
    "\n  subscription SessionEvents($sessionId: ID!, $after: ID) {\n    sessionEvents(sessionId: $sessionId, after: $after) {\n      __typename\n      cursor\n      occurredAt\n      session { ...SessionProgress }\n      ... on QuestionDelta { questionIndex offset text }\n      ... on QuestionAsked { question { ...QuestionParts } }\n      ... on DraftSaved { question { ...QuestionParts } }\n      ... on AnswerSubmitted { question { ...QuestionParts } }\n      ... on AnswerEvaluated { question { ...QuestionParts } }\n      ... on ReportReady { report { ...ReportParts } }\n    }\n  }\n": typeof types.SessionEventsDocument,
    "\n  mutation CreateSession($input: CreateSessionInput!) {\n    createSession(input: $input) {\n      ... on CreateSessionPayload { reusedExisting session { id } }\n      ... on Error { code message }\n      ... on ValidationError { fields { path message } }\n      ... on RateLimitedError { retryAfterMs }\n    }\n  }\n": typeof types.CreateSessionDocument,
    "\n  mutation SaveDraft($input: SaveDraftInput!) {\n    saveDraft(input: $input) {\n      ... on SaveDraftPayload { session { ...SessionProgress } }\n      ... on Error { code message }\n      ... on ValidationError { fields { path message } }\n    }\n  }\n": typeof types.SaveDraftDocument,
    "\n  mutation SubmitAnswer($input: SubmitAnswerInput!) {\n    submitAnswer(input: $input) {\n      ... on SubmitAnswerPayload { session { ...SessionProgress } }\n      ... on Error { code message }\n      ... on ValidationError { fields { path message } }\n      ... on RateLimitedError { retryAfterMs }\n      ... on QuestionIndexMismatchError { expectedIndex }\n    }\n  }\n": typeof types.SubmitAnswerDocument,
    "\n  mutation CompleteInterview($input: CompleteInterviewInput!) {\n    completeInterview(input: $input) {\n      ... on CompleteInterviewPayload { session { ...SessionProgress } }\n      ... on Error { code message }\n    }\n  }\n": typeof types.CompleteInterviewDocument,
    "\n  mutation RetryEvaluation($input: RetryEvaluationInput!) {\n    retryEvaluation(input: $input) {\n      ... on RetryEvaluationPayload { session { ...SessionProgress } }\n      ... on Error { code message }\n    }\n  }\n": typeof types.RetryEvaluationDocument,
    "\n  mutation DeleteSession($input: DeleteSessionInput!) {\n    deleteSession(input: $input) {\n      ... on DeleteSessionPayload { deletedSessionId }\n      ... on Error { code message }\n    }\n  }\n": typeof types.DeleteSessionDocument,
    "\n  query Resumes {\n    viewer { id resumes(first: 20) { edges { node { id resumeId text createdAt } } } }\n  }\n": typeof types.ResumesDocument,
    "\n  query History($after: String) {\n    viewer {\n      id\n      sessions(first: 10, after: $after) {\n        edges {\n          node {\n            id status mode jobTitle companyName createdAt\n            progress { asked answered total }\n            report { id overallScore band }\n          }\n        }\n        pageInfo { endCursor hasNextPage }\n        totalCount\n      }\n    }\n  }\n": typeof types.HistoryDocument,
    "\n  query Trends {\n    viewer {\n      id\n      trends(last: 20) {\n        scores { sessionId evaluatedAt overallScore }\n        categories { category averageScore firstScore lastScore questionCount }\n      }\n    }\n  }\n": typeof types.TrendsDocument,
};
const documents: Documents = {
    "\n  fragment SessionProgress on InterviewSession {\n    id\n    cursor\n    status\n    turn\n    currentQuestionIndex\n    totalQuestions\n    startedAt\n    completedAt\n    progress { asked answered total isComplete }\n    evaluation { status error percent answersEvaluated answersTotal attempt }\n  }\n": types.SessionProgressFragmentDoc,
    "\n  fragment QuestionParts on Question {\n    id\n    index\n    text\n    category\n    isFollowUp\n    parentQuestionIndex\n    source\n    answer { text isDraft submittedAt evaluation { score feedback } }\n  }\n": types.QuestionPartsFragmentDoc,
    "\n  fragment ReportParts on Report {\n    id\n    version\n    overallScore\n    band\n    overallFeedback\n    strengths\n    improvements\n    knowledgeGaps\n    learningPath { topic advice }\n    resumeImprovements\n    categoryScores { category score questionCount }\n    questionDetails {\n      question { id index text category isFollowUp source }\n      answered\n      answer\n      evaluation { score accuracy completeness clarity feedback referenceAnswer keyPoints evidence }\n    }\n    answeredCount\n    pdfUrl\n    markdownUrl\n    createdAt\n  }\n": types.ReportPartsFragmentDoc,
    "\n  fragment SessionQuestions on InterviewSession { __typename id questions { ...QuestionParts } }\n": types.SessionQuestionsFragmentDoc,
    "\n  fragment SessionReport on InterviewSession { __typename id report { ...ReportParts } }\n": types.SessionReportFragmentDoc,
    "\n  query Session($id: ID!) {\n    session(id: $id) {\n      ...SessionProgress\n      mode\n      locale\n      jobTitle\n      companyName\n      createdAt\n      resume { id resumeId }\n      ...SessionQuestions\n      ...SessionReport\n    }\n  }\n": types.SessionDocument,
    "\n  subscription SessionEvents($sessionId: ID!, $after: ID) {\n    sessionEvents(sessionId: $sessionId, after: $after) {\n      __typename\n      cursor\n      occurredAt\n      session { ...SessionProgress }\n      ... on QuestionDelta { questionIndex offset text }\n      ... on QuestionAsked { question { ...QuestionParts } }\n      ... on DraftSaved { question { ...QuestionParts } }\n      ... on AnswerSubmitted { question { ...QuestionParts } }\n      ... on AnswerEvaluated { question { ...QuestionParts } }\n      ... on ReportReady { report { ...ReportParts } }\n    }\n  }\n": types.SessionEventsDocument,
    "\n  mutation CreateSession($input: CreateSessionInput!) {\n    createSession(input: $input) {\n      ... on CreateSessionPayload { reusedExisting session { id } }\n      ... on Error { code message }\n      ... on ValidationError { fields { path message } }\n      ... on RateLimitedError { retryAfterMs }\n    }\n  }\n": types.CreateSessionDocument,
    "\n  mutation SaveDraft($input: SaveDraftInput!) {\n    saveDraft(input: $input) {\n      ... on SaveDraftPayload { session { ...SessionProgress } }\n      ... on Error { code message }\n      ... on ValidationError { fields { path message } }\n    }\n  }\n": types.SaveDraftDocument,
    "\n  mutation SubmitAnswer($input: SubmitAnswerInput!) {\n    submitAnswer(input: $input) {\n      ... on SubmitAnswerPayload { session { ...SessionProgress } }\n      ... on Error { code message }\n      ... on ValidationError { fields { path message } }\n      ... on RateLimitedError { retryAfterMs }\n      ... on QuestionIndexMismatchError { expectedIndex }\n    }\n  }\n": types.SubmitAnswerDocument,
    "\n  mutation CompleteInterview($input: CompleteInterviewInput!) {\n    completeInterview(input: $input) {\n      ... on CompleteInterviewPayload { session { ...SessionProgress } }\n      ... on Error { code message }\n    }\n  }\n": types.CompleteInterviewDocument,
    "\n  mutation RetryEvaluation($input: RetryEvaluationInput!) {\n    retryEvaluation(input: $input) {\n      ... on RetryEvaluationPayload { session { ...SessionProgress } }\n      ... on Error { code message }\n    }\n  }\n": types.RetryEvaluationDocument,
    "\n  mutation DeleteSession($input: DeleteSessionInput!) {\n    deleteSession(input: $input) {\n      ... on DeleteSessionPayload { deletedSessionId }\n      ... on Error { code message }\n    }\n  }\n": types.DeleteSessionDocument,
    "\n  query Resumes {\n    viewer { id resumes(first: 20) { edges { node { id resumeId text createdAt } } } }\n  }\n": types.ResumesDocument,
    "\n  query History($after: String) {\n    viewer {\n      id\n      sessions(first: 10, after: $after) {\n        edges {\n          node {\n            id status mode jobTitle companyName createdAt\n            progress { asked answered total }\n            report { id overallScore band }\n          }\n        }\n        pageInfo { endCursor hasNextPage }\n        totalCount\n      }\n    }\n  }\n": types.HistoryDocument,
    "\n  query Trends {\n    viewer {\n      id\n      trends(last: 20) {\n        scores { sessionId evaluatedAt overallScore }\n        categories { category averageScore firstScore lastScore questionCount }\n      }\n    }\n  }\n": types.TrendsDocument,
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
export function graphql(source: "\n  fragment SessionProgress on InterviewSession {\n    id\n    cursor\n    status\n    turn\n    currentQuestionIndex\n    totalQuestions\n    startedAt\n    completedAt\n    progress { asked answered total isComplete }\n    evaluation { status error percent answersEvaluated answersTotal attempt }\n  }\n"): (typeof documents)["\n  fragment SessionProgress on InterviewSession {\n    id\n    cursor\n    status\n    turn\n    currentQuestionIndex\n    totalQuestions\n    startedAt\n    completedAt\n    progress { asked answered total isComplete }\n    evaluation { status error percent answersEvaluated answersTotal attempt }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment QuestionParts on Question {\n    id\n    index\n    text\n    category\n    isFollowUp\n    parentQuestionIndex\n    source\n    answer { text isDraft submittedAt evaluation { score feedback } }\n  }\n"): (typeof documents)["\n  fragment QuestionParts on Question {\n    id\n    index\n    text\n    category\n    isFollowUp\n    parentQuestionIndex\n    source\n    answer { text isDraft submittedAt evaluation { score feedback } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ReportParts on Report {\n    id\n    version\n    overallScore\n    band\n    overallFeedback\n    strengths\n    improvements\n    knowledgeGaps\n    learningPath { topic advice }\n    resumeImprovements\n    categoryScores { category score questionCount }\n    questionDetails {\n      question { id index text category isFollowUp source }\n      answered\n      answer\n      evaluation { score accuracy completeness clarity feedback referenceAnswer keyPoints evidence }\n    }\n    answeredCount\n    pdfUrl\n    markdownUrl\n    createdAt\n  }\n"): (typeof documents)["\n  fragment ReportParts on Report {\n    id\n    version\n    overallScore\n    band\n    overallFeedback\n    strengths\n    improvements\n    knowledgeGaps\n    learningPath { topic advice }\n    resumeImprovements\n    categoryScores { category score questionCount }\n    questionDetails {\n      question { id index text category isFollowUp source }\n      answered\n      answer\n      evaluation { score accuracy completeness clarity feedback referenceAnswer keyPoints evidence }\n    }\n    answeredCount\n    pdfUrl\n    markdownUrl\n    createdAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SessionQuestions on InterviewSession { __typename id questions { ...QuestionParts } }\n"): (typeof documents)["\n  fragment SessionQuestions on InterviewSession { __typename id questions { ...QuestionParts } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SessionReport on InterviewSession { __typename id report { ...ReportParts } }\n"): (typeof documents)["\n  fragment SessionReport on InterviewSession { __typename id report { ...ReportParts } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Session($id: ID!) {\n    session(id: $id) {\n      ...SessionProgress\n      mode\n      locale\n      jobTitle\n      companyName\n      createdAt\n      resume { id resumeId }\n      ...SessionQuestions\n      ...SessionReport\n    }\n  }\n"): (typeof documents)["\n  query Session($id: ID!) {\n    session(id: $id) {\n      ...SessionProgress\n      mode\n      locale\n      jobTitle\n      companyName\n      createdAt\n      resume { id resumeId }\n      ...SessionQuestions\n      ...SessionReport\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription SessionEvents($sessionId: ID!, $after: ID) {\n    sessionEvents(sessionId: $sessionId, after: $after) {\n      __typename\n      cursor\n      occurredAt\n      session { ...SessionProgress }\n      ... on QuestionDelta { questionIndex offset text }\n      ... on QuestionAsked { question { ...QuestionParts } }\n      ... on DraftSaved { question { ...QuestionParts } }\n      ... on AnswerSubmitted { question { ...QuestionParts } }\n      ... on AnswerEvaluated { question { ...QuestionParts } }\n      ... on ReportReady { report { ...ReportParts } }\n    }\n  }\n"): (typeof documents)["\n  subscription SessionEvents($sessionId: ID!, $after: ID) {\n    sessionEvents(sessionId: $sessionId, after: $after) {\n      __typename\n      cursor\n      occurredAt\n      session { ...SessionProgress }\n      ... on QuestionDelta { questionIndex offset text }\n      ... on QuestionAsked { question { ...QuestionParts } }\n      ... on DraftSaved { question { ...QuestionParts } }\n      ... on AnswerSubmitted { question { ...QuestionParts } }\n      ... on AnswerEvaluated { question { ...QuestionParts } }\n      ... on ReportReady { report { ...ReportParts } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateSession($input: CreateSessionInput!) {\n    createSession(input: $input) {\n      ... on CreateSessionPayload { reusedExisting session { id } }\n      ... on Error { code message }\n      ... on ValidationError { fields { path message } }\n      ... on RateLimitedError { retryAfterMs }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateSession($input: CreateSessionInput!) {\n    createSession(input: $input) {\n      ... on CreateSessionPayload { reusedExisting session { id } }\n      ... on Error { code message }\n      ... on ValidationError { fields { path message } }\n      ... on RateLimitedError { retryAfterMs }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SaveDraft($input: SaveDraftInput!) {\n    saveDraft(input: $input) {\n      ... on SaveDraftPayload { session { ...SessionProgress } }\n      ... on Error { code message }\n      ... on ValidationError { fields { path message } }\n    }\n  }\n"): (typeof documents)["\n  mutation SaveDraft($input: SaveDraftInput!) {\n    saveDraft(input: $input) {\n      ... on SaveDraftPayload { session { ...SessionProgress } }\n      ... on Error { code message }\n      ... on ValidationError { fields { path message } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SubmitAnswer($input: SubmitAnswerInput!) {\n    submitAnswer(input: $input) {\n      ... on SubmitAnswerPayload { session { ...SessionProgress } }\n      ... on Error { code message }\n      ... on ValidationError { fields { path message } }\n      ... on RateLimitedError { retryAfterMs }\n      ... on QuestionIndexMismatchError { expectedIndex }\n    }\n  }\n"): (typeof documents)["\n  mutation SubmitAnswer($input: SubmitAnswerInput!) {\n    submitAnswer(input: $input) {\n      ... on SubmitAnswerPayload { session { ...SessionProgress } }\n      ... on Error { code message }\n      ... on ValidationError { fields { path message } }\n      ... on RateLimitedError { retryAfterMs }\n      ... on QuestionIndexMismatchError { expectedIndex }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CompleteInterview($input: CompleteInterviewInput!) {\n    completeInterview(input: $input) {\n      ... on CompleteInterviewPayload { session { ...SessionProgress } }\n      ... on Error { code message }\n    }\n  }\n"): (typeof documents)["\n  mutation CompleteInterview($input: CompleteInterviewInput!) {\n    completeInterview(input: $input) {\n      ... on CompleteInterviewPayload { session { ...SessionProgress } }\n      ... on Error { code message }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RetryEvaluation($input: RetryEvaluationInput!) {\n    retryEvaluation(input: $input) {\n      ... on RetryEvaluationPayload { session { ...SessionProgress } }\n      ... on Error { code message }\n    }\n  }\n"): (typeof documents)["\n  mutation RetryEvaluation($input: RetryEvaluationInput!) {\n    retryEvaluation(input: $input) {\n      ... on RetryEvaluationPayload { session { ...SessionProgress } }\n      ... on Error { code message }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteSession($input: DeleteSessionInput!) {\n    deleteSession(input: $input) {\n      ... on DeleteSessionPayload { deletedSessionId }\n      ... on Error { code message }\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteSession($input: DeleteSessionInput!) {\n    deleteSession(input: $input) {\n      ... on DeleteSessionPayload { deletedSessionId }\n      ... on Error { code message }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Resumes {\n    viewer { id resumes(first: 20) { edges { node { id resumeId text createdAt } } } }\n  }\n"): (typeof documents)["\n  query Resumes {\n    viewer { id resumes(first: 20) { edges { node { id resumeId text createdAt } } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query History($after: String) {\n    viewer {\n      id\n      sessions(first: 10, after: $after) {\n        edges {\n          node {\n            id status mode jobTitle companyName createdAt\n            progress { asked answered total }\n            report { id overallScore band }\n          }\n        }\n        pageInfo { endCursor hasNextPage }\n        totalCount\n      }\n    }\n  }\n"): (typeof documents)["\n  query History($after: String) {\n    viewer {\n      id\n      sessions(first: 10, after: $after) {\n        edges {\n          node {\n            id status mode jobTitle companyName createdAt\n            progress { asked answered total }\n            report { id overallScore band }\n          }\n        }\n        pageInfo { endCursor hasNextPage }\n        totalCount\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Trends {\n    viewer {\n      id\n      trends(last: 20) {\n        scores { sessionId evaluatedAt overallScore }\n        categories { category averageScore firstScore lastScore questionCount }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Trends {\n    viewer {\n      id\n      trends(last: 20) {\n        scores { sessionId evaluatedAt overallScore }\n        categories { category averageScore firstScore lastScore questionCount }\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;