
      export interface PossibleTypesResultData {
        possibleTypes: {
          [key: string]: string[]
        }
      }
      const result: PossibleTypesResultData = {
  "possibleTypes": {
    "CompleteInterviewResult": [
      "CompleteInterviewPayload",
      "InterviewAlreadyCompletedError",
      "SessionNotFoundError"
    ],
    "CreateResumeResult": [
      "CreateResumePayload",
      "RateLimitedError",
      "ValidationError"
    ],
    "CreateSessionResult": [
      "CreateSessionPayload",
      "IdempotencyConflictError",
      "InterviewerUnavailableError",
      "RateLimitedError",
      "ValidationError"
    ],
    "DeleteResumeResult": [
      "DeleteResumePayload",
      "ResumeNotFoundError"
    ],
    "DeleteSessionResult": [
      "DeleteSessionPayload",
      "SessionNotFoundError"
    ],
    "Error": [
      "IdempotencyConflictError",
      "InterviewAlreadyCompletedError",
      "InterviewNotCompletedError",
      "InterviewerUnavailableError",
      "QuestionIndexMismatchError",
      "RateLimitedError",
      "ResumeNotFoundError",
      "SessionNotFoundError",
      "ValidationError"
    ],
    "Node": [
      "InterviewSession",
      "Question",
      "Report",
      "Resume"
    ],
    "RetryEvaluationResult": [
      "InterviewNotCompletedError",
      "RateLimitedError",
      "RetryEvaluationPayload",
      "SessionNotFoundError"
    ],
    "SaveDraftResult": [
      "InterviewAlreadyCompletedError",
      "QuestionIndexMismatchError",
      "SaveDraftPayload",
      "SessionNotFoundError",
      "ValidationError"
    ],
    "SessionEvent": [
      "AnswerEvaluated",
      "AnswerSubmitted",
      "DraftSaved",
      "EvaluationFailed",
      "EvaluationProgressed",
      "InterviewCompleted",
      "QuestionAsked",
      "QuestionDelta",
      "ReportReady",
      "SessionCreated",
      "SessionDeleted"
    ],
    "SubmitAnswerResult": [
      "InterviewAlreadyCompletedError",
      "QuestionIndexMismatchError",
      "RateLimitedError",
      "SessionNotFoundError",
      "SubmitAnswerPayload",
      "ValidationError"
    ],
    "UpdateResumeResult": [
      "RateLimitedError",
      "ResumeNotFoundError",
      "UpdateResumePayload",
      "ValidationError"
    ]
  }
};
      export default result;
    