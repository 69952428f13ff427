-- Counts are kept under the owner's pseudonym from now on: those under a name bind nobody any more.
DELETE FROM "model_spending";

-- CreateIndex
CREATE INDEX "model_spending_day_idx" ON "model_spending"("day");
