/** submitAnswer as one writes it with Prisma: an interactive transaction on the product's own tables. */
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "../../src/generated/prisma/client.ts";
import { announce } from "./announce.mjs";

const adapter = new PrismaPg({ connectionString: process.env.DATABASE_URL, max: 10 });
const prisma = new PrismaClient({ adapter, transactionOptions: { maxWait: 10_000, timeout: 10_000 } });
await prisma.$connect();

async function submitAnswer(ownerId, id, index, text) {
  return prisma.$transaction(async (tx) => {
    const session = await tx.interviewSession.findUnique({
      where: { id },
      include: {
        questions: { include: { answer: true }, orderBy: { index: "asc" } },
        planned: { orderBy: { position: "asc" }, take: 1 },
      },
    });
    if (session?.ownerId !== ownerId || session.turn !== "CANDIDATE") throw new Error("Not this session");
    const question = session.questions.at(-1);
    if (question.index !== index || question.answer) throw new Error("Not this question");
    const { count } = await tx.interviewSession.updateMany({
      where: { id, version: session.version },
      data: { version: { increment: 1 }, seq: { increment: 2 }, startedAt: session.startedAt ?? new Date() },
    });
    if (count !== 1) throw new Error("Somebody else was first");
    const now = new Date();
    const [planned] = session.planned;
    await tx.answer.create({
      data: { questionId: question.id, text, isDraft: false, updatedAt: now, submittedAt: now },
    });
    await tx.score.create({ data: { questionId: question.id, version: 1, state: "QUEUED", attempt: 1 } });
    await tx.question.update({ where: { id: question.id }, data: { current: false } });
    await tx.plannedQuestion.delete({ where: { sessionId_position: { sessionId: id, position: planned.position } } });
    await tx.question.create({
      data: { ...planned.draft, id: randomUUID(), sessionId: id, index: index + 1, isFollowUp: false, current: true },
    });
    await tx.sessionEvent.createMany({
      data: [
        { sessionId: id, seq: session.seq + 1, kind: "AnswerSubmitted", data: { index } },
        { sessionId: id, seq: session.seq + 2, kind: "QuestionAsked", data: { index: index + 1 } },
      ],
    });
    const job = JSON.stringify({ kind: "SCORE_ANSWERS", sessionId: id, version: 1, questionIds: [question.id] });
    await tx.$executeRaw`INSERT INTO pgboss.job (name, data, priority) VALUES ('interview', ${job}::jsonb, 5)`;
    return { hasNextQuestion: true, currentIndex: index + 1 };
  });
}

const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (chunk) => (body += chunk));
  request.on("end", async () => {
    const { sessionId, questionIndex, answer } = JSON.parse(body).variables.input;
    const id = Buffer.from(sessionId, "base64").toString().slice("InterviewSession:".length);
    const result = await submitAnswer("ann", id, questionIndex, answer).then(
      (submitAnswer) => ({ data: { submitAnswer } }),
      (error) => ({ errors: [{ message: error.message }] }),
    );
    const text = JSON.stringify(result);
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
    response.end(text);
  });
});
server.listen(0, "127.0.0.1", () => announce(server));
