-- CreateTable
CREATE TABLE "resume" (
    "id" UUID NOT NULL,
    "owner_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "text_hash" TEXT NOT NULL,
    "current" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "resume_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "interview_session" (
    "id" UUID NOT NULL,
    "owner_id" TEXT NOT NULL,
    "resume_id" UUID NOT NULL,
    "resume_key" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "turn" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "job_title" TEXT,
    "company_name" TEXT,
    "job_description" TEXT,
    "question_count" INTEGER NOT NULL,
    "follow_ups" INTEGER NOT NULL,
    "forced" BOOLEAN NOT NULL DEFAULT false,
    "evaluation_status" TEXT,
    "evaluation_error" TEXT,
    "evaluation_attempt" INTEGER NOT NULL DEFAULT 0,
    "evaluation_percent" INTEGER NOT NULL DEFAULT 0,
    "scoring_version" INTEGER NOT NULL DEFAULT 1,
    "overall_score" INTEGER,
    "model_calls" INTEGER NOT NULL DEFAULT 0,
    "model_input_tokens" INTEGER NOT NULL DEFAULT 0,
    "model_output_tokens" INTEGER NOT NULL DEFAULT 0,
    "seq" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),
    "evaluated_at" TIMESTAMPTZ(3),

    CONSTRAINT "interview_session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "owner_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "input_hash" TEXT NOT NULL,
    "session_id" UUID NOT NULL,
    "reused_existing" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("owner_id","key")
);

-- CreateTable
CREATE TABLE "planned_question" (
    "session_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "draft" JSONB NOT NULL,

    CONSTRAINT "planned_question_pkey" PRIMARY KEY ("session_id","position")
);

-- CreateTable
CREATE TABLE "question" (
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "index" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "reference" JSONB NOT NULL,
    "is_follow_up" BOOLEAN NOT NULL,
    "parent_question_index" INTEGER,
    "current" BOOLEAN NOT NULL,
    "follow_ups_closed" BOOLEAN NOT NULL DEFAULT false,
    "asked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "question_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "answer" (
    "question_id" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "is_draft" BOOLEAN NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "submitted_at" TIMESTAMPTZ(3),

    CONSTRAINT "answer_pkey" PRIMARY KEY ("question_id")
);

-- CreateTable
CREATE TABLE "score" (
    "question_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "announced" BOOLEAN NOT NULL DEFAULT false,
    "reason" TEXT,
    "score" JSONB,

    CONSTRAINT "score_pkey" PRIMARY KEY ("question_id","version")
);

-- CreateTable
CREATE TABLE "report" (
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "overall_score" INTEGER NOT NULL,
    "category_scores" JSONB NOT NULL,
    "content" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "report_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "report_file" (
    "report_id" UUID NOT NULL,
    "format" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "report_file_pkey" PRIMARY KEY ("report_id","format")
);

-- CreateTable
CREATE TABLE "session_event" (
    "session_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "session_event_pkey" PRIMARY KEY ("session_id","seq")
);

-- CreateTable
CREATE TABLE "setting" (
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "setting_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "model_spending" (
    "owner_id" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "calls" INTEGER NOT NULL DEFAULT 0,
    "input_tokens" INTEGER NOT NULL DEFAULT 0,
    "output_tokens" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "model_spending_pkey" PRIMARY KEY ("owner_id","day")
);

-- CreateIndex
CREATE INDEX "resume_owner_id_text_hash_idx" ON "resume"("owner_id", "text_hash");

-- CreateIndex
CREATE INDEX "resume_owner_id_created_at_id_idx" ON "resume"("owner_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "interview_session_owner_id_created_at_id_idx" ON "interview_session"("owner_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "interview_session_created_at_id_idx" ON "interview_session"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "interview_session_resume_id_idx" ON "interview_session"("resume_id");

-- CreateIndex
CREATE INDEX "interview_session_owner_id_resume_key_created_at_idx" ON "interview_session"("owner_id", "resume_key", "created_at" DESC);

-- CreateIndex
CREATE INDEX "interview_session_owner_id_evaluated_at_idx" ON "interview_session"("owner_id", "evaluated_at" DESC);

-- CreateIndex
CREATE INDEX "idempotency_key_session_id_idx" ON "idempotency_key"("session_id");

-- CreateIndex
CREATE UNIQUE INDEX "question_session_id_index_key" ON "question"("session_id", "index");

-- CreateIndex
CREATE UNIQUE INDEX "report_session_id_version_key" ON "report"("session_id", "version");

-- CreateIndex
CREATE INDEX "session_event_occurred_at_idx" ON "session_event"("occurred_at");

-- AddForeignKey
ALTER TABLE "interview_session" ADD CONSTRAINT "interview_session_resume_id_fkey" FOREIGN KEY ("resume_id") REFERENCES "resume"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "idempotency_key" ADD CONSTRAINT "idempotency_key_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "interview_session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "planned_question" ADD CONSTRAINT "planned_question_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "interview_session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "question" ADD CONSTRAINT "question_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "interview_session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "answer" ADD CONSTRAINT "answer_question_id_fkey" FOREIGN KEY ("question_id") REFERENCES "question"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "score" ADD CONSTRAINT "score_question_id_fkey" FOREIGN KEY ("question_id") REFERENCES "question"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "report" ADD CONSTRAINT "report_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "interview_session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "report_file" ADD CONSTRAINT "report_file_report_id_fkey" FOREIGN KEY ("report_id") REFERENCES "report"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session_event" ADD CONSTRAINT "session_event_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "interview_session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

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
