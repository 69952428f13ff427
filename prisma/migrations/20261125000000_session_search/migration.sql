-- Lists of sessions can be searched and put in order by score. Prisma's schema language can say none of this.

-- What a search looks through, in lower case. A key that the server made of a text says nothing to anybody.
CREATE FUNCTION "session_words"("job_title" text, "company_name" text, "resume_key" text, "owner_id" text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN lower(
    coalesce("job_title", '') || E'\n' || coalesce("company_name", '') || E'\n' ||
    CASE WHEN "resume_key" ~ '^text-[0-9a-f]{32}$' THEN '' ELSE "resume_key" END || E'\n' || "owner_id"
  );

-- Every two neighbouring characters: a text within a text has its pairs among the other's. Works for languages that put no
-- spaces between words, and needs no extension. It is not cheap: better to ask the index than to call it for every row.
CREATE FUNCTION "text_pairs"("whole" text) RETURNS text[]
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000
  RETURN ARRAY(SELECT substr("whole", "start", 2) FROM generate_series(1, length("whole") - 1) "start");

CREATE INDEX "interview_session_words" ON "interview_session"
  USING gin (text_pairs(session_words("job_title", "company_name", "resume_key", "owner_id")));

-- Those without a score come last in both orders.
CREATE INDEX "interview_session_highest" ON "interview_session" (coalesce("overall_score", -1), "created_at", "id");
CREATE INDEX "interview_session_lowest" ON "interview_session" (coalesce("overall_score", 101), "created_at", "id");
