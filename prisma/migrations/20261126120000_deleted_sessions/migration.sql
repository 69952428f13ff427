-- CreateTable
CREATE TABLE "deleted_session" (
    "id" UUID NOT NULL,
    "owner_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "deleted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "deleted_session_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "deleted_session_deleted_at_idx" ON "deleted_session"("deleted_at");
