-- A session is written with each answer and a score two or three times: with room left on their pages the new version stands
-- beside the old one, and no index has to hear of it. Prisma's schema language cannot say it.
ALTER TABLE "interview_session" SET (fillfactor = 70);
ALTER TABLE "score" SET (fillfactor = 70);
