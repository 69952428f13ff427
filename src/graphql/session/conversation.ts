import { isAnswered, totalQuestions } from "../../interview/conversation.ts";
import type { Session } from "../../interview/model.ts";

export interface Message {
  id: string;
  sessionId: string;
  role: "ASSISTANT" | "USER";
  content: string;
  questionIndex: number;
  timestamp: Date;
}

/** The interview as a conversation: asked questions and submitted answers, in order. */
export function messagesOf(session: Session): Message[] {
  return session.questions.flatMap((question) => {
    const about = { sessionId: session.id, questionIndex: question.index };
    const asked: Message = {
      ...about,
      id: `${question.id}-q`,
      role: "ASSISTANT",
      content: question.text,
      timestamp: question.askedAt,
    };
    if (!isAnswered(question)) return [asked];
    const { text, submittedAt, updatedAt } = question.answer!;
    return [
      asked,
      { ...about, id: `${question.id}-a`, role: "USER", content: text, timestamp: submittedAt ?? updatedAt },
    ];
  });
}

export interface Progress {
  asked: number;
  answered: number;
  total: number;
  isStarted: boolean;
  isComplete: boolean;
}

export function progressOf(session: Session): Progress {
  return {
    asked: session.questions.length,
    answered: session.questions.filter(isAnswered).length,
    total: totalQuestions(session),
    isStarted: session.questions.length > 0,
    isComplete: session.completedAt !== null,
  };
}
