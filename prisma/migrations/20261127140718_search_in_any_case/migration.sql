-- Searches heed the case of no letter. What a letter is was said by the server's locale, and C, which many have, knows none
-- but ASCII's. Prisma's schema language can say none of this.

-- By a collation that knows them all: PostgreSQL's own from version 17 on, before that ICU's. Where there is neither, the
-- server's locale says it as before.
DO $$
BEGIN
  EXECUTE format(
    'CREATE FUNCTION "lower_case"("whole" text) RETURNS text
       LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
       RETURN lower("whole" COLLATE %I)',
    coalesce(
      (SELECT "collname" FROM "pg_collation"
       WHERE "collname" IN ('pg_c_utf8', 'und-x-icu') AND getdatabaseencoding() = 'UTF8'
       ORDER BY "collname" = 'pg_c_utf8' DESC LIMIT 1),
      'default'
    )
  );
END $$;

CREATE OR REPLACE FUNCTION "session_words"("job_title" text, "company_name" text, "resume_key" text, "owner_id" text)
  RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN lower_case(
    coalesce("job_title", '') || E'\n' || coalesce("company_name", '') || E'\n' ||
    CASE WHEN "resume_key" ~ '^text-[0-9a-f]{32}$' THEN '' ELSE "resume_key" END || E'\n' || "owner_id"
  );

-- It holds what the function said before.
REINDEX INDEX "interview_session_words";
