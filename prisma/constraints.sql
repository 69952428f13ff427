
-- What Prisma's schema language cannot say.

-- One text is current per owner and key.
CREATE UNIQUE INDEX "resume_current_key" ON "resume"("owner_id", "key") WHERE "current";

-- One open session per owner and résumé, unless it was forced.
CREATE UNIQUE INDEX "interview_session_open_resume" ON "interview_session"("owner_id", "resume_key")
  WHERE "status" IN ('CREATED', 'IN_PROGRESS') AND NOT "forced";

-- One question at a time waits for an answer.
CREATE UNIQUE INDEX "question_current" ON "question"("session_id") WHERE "current";

ALTER TABLE "interview_session"
  ADD CONSTRAINT "interview_session_status_check" CHECK ("status" IN ('CREATED', 'IN_PROGRESS', 'COMPLETED', 'EVALUATED')),
  ADD CONSTRAINT "interview_session_mode_check" CHECK ("mode" IN ('PLANNED', 'ADAPTIVE')),
  ADD CONSTRAINT "interview_session_turn_check" CHECK ("turn" IN ('INTERVIEWER', 'CANDIDATE', 'NOBODY')),
  ADD CONSTRAINT "interview_session_locale_check" CHECK ("locale" IN ('EN', 'ZH')),
  ADD CONSTRAINT "interview_session_counts_check" CHECK ("question_count" BETWEEN 3 AND 20 AND "follow_ups" BETWEEN 0 AND 2),
  ADD CONSTRAINT "interview_session_evaluation_check" CHECK ("evaluation_status" IN ('PENDING', 'PROCESSING', 'COMPLETED', 'FAILED')),
  ADD CONSTRAINT "interview_session_percent_check" CHECK ("evaluation_percent" BETWEEN 0 AND 100),
  ADD CONSTRAINT "interview_session_score_check" CHECK ("overall_score" BETWEEN 0 AND 100);

ALTER TABLE "question"
  ADD CONSTRAINT "question_index_check" CHECK ("index" >= 0),
  ADD CONSTRAINT "question_parent_check" CHECK ("is_follow_up" = ("parent_question_index" IS NOT NULL));

ALTER TABLE "answer" ADD CONSTRAINT "answer_submitted_check" CHECK ("is_draft" = ("submitted_at" IS NULL));

ALTER TABLE "score"
  ADD CONSTRAINT "score_state_check" CHECK ("state" IN ('QUEUED', 'FAILED', 'SCORED')),
  ADD CONSTRAINT "score_scored_check" CHECK (("state" = 'SCORED') = ("score" IS NOT NULL));

ALTER TABLE "session_event" ADD CONSTRAINT "session_event_seq_check" CHECK ("seq" > 0);
