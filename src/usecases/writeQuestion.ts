import { addWrittenQuestion, followUpsOf, nextMove } from "../interview/conversation.ts";
import type { Question, QuestionDraft, Session } from "../interview/model.ts";
import { readResume } from "../interview/resume.ts";
import { isNearDuplicate } from "../interview/similarity.ts";
import { type Call, type Interviewer, InterviewerUnavailable } from "../ports/interviewer.ts";
import type { JobRun } from "../ports/jobs.ts";
import { requireBudget } from "./budget.ts";
import { callOf } from "./call.ts";
import { change } from "./change.ts";
import { createDeltas } from "./deltas.ts";
import type { Deps } from "./deps.ts";
import { askedElsewhere, candidateOf, giveUp, newElsewhere } from "./prepareQuestions.ts";

/** Writes the question that follows the last answer: streamed to watchers, then stored. */
export async function writeQuestion(deps: Deps, sessionId: string, index: number, run: JobRun): Promise<void> {
  const session = await deps.store.load(sessionId);
  if (session === null || session.completedAt !== null || session.questions.length !== index) return;
  try {
    await write(deps, session, deps.interviewer, run);
  } catch (error) {
    if (!(error instanceof InterviewerUnavailable)) throw error;
    await writeWithout(deps, session, error, run);
  }
}

/** Writing has repeatedly killed its worker: proceeds as when the interviewer is unavailable. */
export async function abandonWriting(deps: Deps, sessionId: string, index: number, run: JobRun): Promise<void> {
  const session = await deps.store.load(sessionId);
  if (session === null || session.questions.length !== index) return;
  await writeWithout(deps, session, new InterviewerUnavailable("interrupted repeatedly"), run);
}

async function writeWithout(deps: Deps, session: Session, error: InterviewerUnavailable, run: JobRun): Promise<void> {
  if (deps.fallback !== null) await write(deps, session, deps.fallback, run);
  else await goWithout(deps, session, error, run);
}

async function write(deps: Deps, session: Session, interviewer: Interviewer, run: JobRun): Promise<void> {
  await requireBudget(deps, session, interviewer);
  const deltas = createDeltas(deps, session);
  const { call, settle } = callOf(deps, session, run, { onText: deltas.write });
  try {
    deps.reach("before-question");
    const draft = await ask(deps, session, interviewer, call);
    deps.reach("after-question");
    if (draft === null) deltas.takeBack();
    else deltas.finish(draft.text);
    await addWritten(deps, session, draft, run);
  } catch (error) {
    if (error instanceof InterviewerUnavailable) deltas.takeBack();
    throw error;
  } finally {
    deltas.stop();
    await settle();
  }
}

async function ask(deps: Deps, session: Session, interviewer: Interviewer, call: Call): Promise<QuestionDraft | null> {
  const move = nextMove(session);
  if (move.kind !== "WRITE_FOLLOW_UP" && move.kind !== "WRITE_NEXT") return null;
  // A model might repeat a question of another interview; the bank's follow-ups are never main questions.
  const elsewhere = move.kind === "WRITE_NEXT" || interviewer !== deps.fallback;
  const [resume, earlier] = await Promise.all([
    deps.store.loadResume(session.resume.id),
    elsewhere ? askedElsewhere(deps, session) : [],
  ]);
  const resumeText = resume?.text ?? "";
  const own = [...session.questions, ...session.planned].map((question) => question.text);
  const request = {
    ...candidateOf(session, resumeText),
    level: readResume(resumeText).level,
    exclude: [...new Set([...own, ...earlier])],
    seed: `${session.id}:${session.questions.length}`,
  };
  if (move.kind === "WRITE_FOLLOW_UP") {
    const asked = [move.main, ...followUpsOf(session, move.main.index)];
    return interviewer.followUp({ ...request, main: move.main, exchanges: asked.map(exchangeOf) }, call);
  }
  const next = {
    ...request,
    exchanges: session.questions.map((question) => ({ ...exchangeOf(question), type: question.type })),
    remaining: session.questionCount - session.questions.length,
  };
  const draft = await interviewer.nextQuestion(next, call);
  if (interviewer === deps.fallback) return draft;
  // A model takes seconds; meanwhile another interview of the résumé may have got the same question.
  const since = await newElsewhere(deps, session, next.exclude);
  if (!since.some((text) => isNearDuplicate(text, draft.text))) return draft;
  return interviewer.nextQuestion({ ...next, exclude: [...next.exclude, ...since] }, call);
}

function exchangeOf(question: Question): { question: string; answer: string } {
  return { question: question.text, answer: question.answer?.text ?? "" };
}

/** Without a fallback no follow-up is asked, and an ADAPTIVE interview ends like one whose planning failed. */
async function goWithout(deps: Deps, session: Session, error: InterviewerUnavailable, run: JobRun): Promise<void> {
  if (session.mode === "ADAPTIVE") await giveUp(deps, session.id, error, run);
  else await addWritten(deps, session, null, run);
}

async function addWritten(deps: Deps, session: Session, draft: QuestionDraft | null, run: JobRun): Promise<void> {
  const index = session.questions.length;
  await change(deps, session.id, (latest, moment) => addWrittenQuestion(latest, index, draft, moment), run.claim);
}
