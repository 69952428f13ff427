import { graphql } from "./generated/gql.ts";

export const Row = graphql(`
  fragment Row on InterviewSession {
    id
    cursor
    ownerId
    status
    turn
    mode
    jobTitle
    companyName
    resumeId
    createdAt
    startedAt
    currentQuestionIndex
    totalQuestions
    progress { asked answered }
    evaluation { status percent error }
  }
`);

/** Where the board starts from; from then on it is told. What it counts leaves the choice of a state aside. */
export const Sessions = graphql(`
  query Sessions($status: [SessionStatus!], $search: String, $from: DateTime, $to: DateTime, $order: SessionOrder) {
    viewer {
      id
      sessions(first: 100, status: $status, search: $search, from: $from, to: $to, order: $order) {
        edges { node { ...Row report { overallScore band } } }
        totalCount
      }
      all: sessions(first: 0, search: $search, from: $from, to: $to) {
        averageScore
        statusCounts { status count }
      }
    }
  }
`);

export const ViewerEvents = graphql(`
  subscription ViewerEvents {
    viewerEvents {
      __typename
      cursor
      sessionId
      occurredAt
      session { ...Row }
      ... on QuestionAsked { question { index isFollowUp } }
      ... on AnswerSubmitted { question { index } }
      ... on AnswerEvaluated { question { index } evaluation { score } }
      ... on ReportReady { report { version overallScore band } }
    }
  }
`);

/** One session from its beginning: what happened is replayed, then it goes on live. */
export const Following = graphql(`
  subscription Following($sessionId: ID!, $after: ID) {
    sessionEvents(sessionId: $sessionId, after: $after) {
      __typename
      cursor
      occurredAt
      ... on QuestionAsked { question { index text category isFollowUp } }
      ... on DraftSaved { question { index } }
      ... on AnswerSubmitted { question { index answer { text } } }
      ... on EvaluationProgressed { evaluation { percent attempt } }
      ... on AnswerEvaluated { question { index } evaluation { score feedback } }
      ... on EvaluationFailed { evaluation { error } }
      ... on ReportReady { report { overallScore band overallFeedback pdfUrl } }
    }
  }
`);
