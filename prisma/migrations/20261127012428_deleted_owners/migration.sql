-- CreateTable
CREATE TABLE "deleted_owner" (
    "owner_id" TEXT NOT NULL,
    "deleted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "deleted_owner_pkey" PRIMARY KEY ("owner_id")
);

-- CreateIndex
CREATE INDEX "deleted_owner_deleted_at_idx" ON "deleted_owner"("deleted_at");
