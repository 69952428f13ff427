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

export const Page = graphql(`
  fragment Page on ViewerSessionsConnection {
    edges { cursor node { ...Row report { overallScore band } } }
    pageInfo { hasNextPage endCursor }
  }
`);

/**
 * Where the board starts from; from then on it is told. What it counts leaves the choice of a state aside, so sessions of
 * every state are listed, and where a state is chosen the ones of that state too.
 */
export const Sessions = graphql(`
  query Sessions(
    $status: [SessionStatus!]
    $ofState: Boolean!
    $search: String
    $from: DateTime
    $to: DateTime
    $order: SessionOrder
  ) {
    viewer {
      id
      all: sessions(first: 100, search: $search, from: $from, to: $to, order: $order) {
        ...Page
        averageScore
        statusCounts { status count }
      }
      ofState: sessions(first: 100, status: $status, search: $search, from: $from, to: $to, order: $order)
        @include(if: $ofState) {
        ...Page
      }
    }
  }
`);

/** What comes after that, a page at a time. */
export const MoreSessions = graphql(`
  query MoreSessions(
    $status: [SessionStatus!]
    $search: String
    $from: DateTime
    $to: DateTime
    $order: SessionOrder
    $after: String
  ) {
    viewer {
      id
      sessions(
        first: 100
        after: $after
        status: $status
        search: $search
        from: $from
        to: $to
        order: $order
      ) {
        ...Page
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
      ... on EvaluationProgressed { evaluation { percent } }
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
