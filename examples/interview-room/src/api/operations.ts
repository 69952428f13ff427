import { graphql } from "../generated/gql.ts";

/** What moves while an interview goes on. `cursor` tells which of two states is the newer one. */
export const SessionProgress = graphql(`
  fragment SessionProgress on InterviewSession {
    id
    cursor
    status
    turn
    currentQuestionIndex
    totalQuestions
    completedAt
    progress { asked answered total isComplete }
    evaluation { status error percent answersEvaluated answersTotal attempt }
  }
`);

export const QuestionParts = graphql(`
  fragment QuestionParts on Question {
    id
    index
    text
    category
    isFollowUp
    parentQuestionIndex
    source
    answer { text isDraft submittedAt evaluation { score feedback } }
  }
`);

export const ReportParts = graphql(`
  fragment ReportParts on Report {
    id
    version
    overallScore
    band
    overallFeedback
    strengths
    improvements
    knowledgeGaps
    learningPath { topic advice }
    resumeImprovements
    categoryScores { category score questionCount }
    questionDetails {
      question { id index text category isFollowUp source }
      answered
      answer
      evaluation { score accuracy completeness clarity feedback referenceAnswer keyPoints evidence }
    }
    answeredCount
    pdfUrl
    markdownUrl
    createdAt
  }
`);

/** The fields of a session that events bring one by one: written to the cache alone, merged there by index. */
export const SessionQuestions = graphql(`
  fragment SessionQuestions on InterviewSession { __typename id questions { ...QuestionParts } }
`);

export const SessionReport = graphql(`
  fragment SessionReport on InterviewSession { __typename id report { ...ReportParts } }
`);

/** Read once when a session is opened; from then on the events tell. */
export const Session = graphql(`
  query Session($id: ID!) {
    session(id: $id) {
      ...SessionProgress
      mode
      locale
      jobTitle
      companyName
      createdAt
      resume { id resumeId }
      ...SessionQuestions
      ...SessionReport
    }
  }
`);

export const SessionEvents = graphql(`
  subscription SessionEvents($sessionId: ID!, $after: ID) {
    sessionEvents(sessionId: $sessionId, after: $after) {
      __typename
      cursor
      occurredAt
      session { ...SessionProgress }
      ... on QuestionDelta { questionIndex offset text }
      ... on QuestionAsked { question { ...QuestionParts } }
      ... on DraftSaved { question { ...QuestionParts } }
      ... on AnswerSubmitted { question { ...QuestionParts } }
      ... on AnswerEvaluated { question { ...QuestionParts } }
      ... on ReportReady { report { ...ReportParts } }
    }
  }
`);

/** Reads and keeps a résumé; the file travels beside the variables, where it is null. */
export const CreateResume = graphql(`
  mutation CreateResume($input: CreateResumeInput!) {
    createResume(input: $input) {
      ... on CreateResumePayload { resume { id resumeId text createdAt } }
      ... on Error { code message }
      ... on ValidationError { fields { path message } }
    }
  }
`);

export const CreateSession = graphql(`
  mutation CreateSession($input: CreateSessionInput!) {
    createSession(input: $input) {
      ... on CreateSessionPayload { reusedExisting session { id } }
      ... on Error { code message }
      ... on ValidationError { fields { path message } }
      ... on RateLimitedError { retryAfterMs }
    }
  }
`);

export const SaveDraft = graphql(`
  mutation SaveDraft($input: SaveDraftInput!) {
    saveDraft(input: $input) {
      ... on SaveDraftPayload { session { ...SessionProgress } }
      ... on Error { code message }
      ... on ValidationError { fields { path message } }
    }
  }
`);

export const SubmitAnswer = graphql(`
  mutation SubmitAnswer($input: SubmitAnswerInput!) {
    submitAnswer(input: $input) {
      ... on SubmitAnswerPayload { session { ...SessionProgress } }
      ... on Error { code message }
      ... on ValidationError { fields { path message } }
      ... on RateLimitedError { retryAfterMs }
      ... on QuestionIndexMismatchError { expectedIndex }
    }
  }
`);

export const CompleteInterview = graphql(`
  mutation CompleteInterview($input: CompleteInterviewInput!) {
    completeInterview(input: $input) {
      ... on CompleteInterviewPayload { session { ...SessionProgress } }
      ... on Error { code message }
    }
  }
`);

export const RetryEvaluation = graphql(`
  mutation RetryEvaluation($input: RetryEvaluationInput!) {
    retryEvaluation(input: $input) {
      ... on RetryEvaluationPayload { session { ...SessionProgress } }
      ... on Error { code message }
    }
  }
`);

export const DeleteSession = graphql(`
  mutation DeleteSession($input: DeleteSessionInput!) {
    deleteSession(input: $input) {
      ... on DeleteSessionPayload { deletedSessionId }
      ... on Error { code message }
    }
  }
`);

export const Resumes = graphql(`
  query Resumes {
    viewer { id resumes(first: 20) { edges { node { id resumeId text createdAt } } } }
  }
`);

export const HistoryEntry = graphql(`
  fragment HistoryEntry on InterviewSession {
    id
    status
    mode
    jobTitle
    companyName
    createdAt
    progress { asked answered total }
    report { id overallScore band }
  }
`);

/** What happens anywhere: the cache hands it to the entries that are shown. */
export const HistoryEvents = graphql(`
  subscription HistoryEvents { viewerEvents { __typename session { ...HistoryEntry } } }
`);

export const History = graphql(`
  query History($after: String) {
    viewer {
      id
      sessions(first: 10, after: $after) {
        edges { node { ...HistoryEntry } }
        pageInfo { endCursor hasNextPage }
        totalCount
      }
    }
  }
`);

export const Trends = graphql(`
  query Trends {
    viewer {
      id
      trends(last: 20) {
        scores { sessionId evaluatedAt overallScore }
        categories { category averageScore firstScore lastScore questionCount }
      }
    }
  }
`);
