-- AlterTable
ALTER TABLE "interview_session" ADD COLUMN     "model_duration_ms" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "model_longest_ms" INTEGER NOT NULL DEFAULT 0;
