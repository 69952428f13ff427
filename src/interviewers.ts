import { createThreadedScorer, type Scorer } from "./adapters/offline/threadedScorer.ts";
import { knownProviders } from "./adapters/openai/capabilities.ts";
import type { ChainProvider } from "./adapters/openai/chain.ts";
import type { ModelInterviewerOptions } from "./adapters/openai/interviewer.ts";
import { type Config, prefixOf, SettingsFault } from "./config.ts";
import type { Interviewer } from "./ports/interviewer.ts";
import type { SharedPauses } from "./ports/pauses.ts";

export interface Interviewers {
  interviewer: Interviewer;
  /** Asks when the model cannot, or after asking it repeatedly killed its worker; null if switched off. */
  fallback: Interviewer | null;
  hasModel: boolean;
  /** Loads what the first question needs: takes a large part of a second, which the start need not wait for. */
  warm(): void;
  close(): void;
}

/** The interviewer that is configured: the language models in their order, else the built-in one. */
export async function openInterviewers(
  config: Config,
  providers: ChainProvider[],
  onCall: NonNullable<ModelInterviewerOptions["onCall"]>,
  pauses: SharedPauses | null,
): Promise<Interviewers> {
  if (providers.length === 0) {
    const { interviewer, warm, close } = builtInWhenAsked("BANK");
    return { interviewer, fallback: interviewer, hasModel: false, warm, close };
  }
  const { createModelInterviewer } = await import("./adapters/openai/interviewer.ts");
  const model = createModelInterviewer({
    providers,
    limits: {
      concurrency: config.llmConcurrency,
      connectMs: config.llmConnectTimeout,
      firstTokenMs: config.llmFirstTokenTimeout,
      idleMs: config.llmIdleTimeout,
      totalMs: config.llmTotalTimeout,
      tries: config.llmTries,
    },
    onCall,
    pauses,
  });
  const builtIn = config.fallback ? builtInWhenAsked("FALLBACK") : null;
  const close = (): void => {
    model.close();
    builtIn?.close();
  };
  return { interviewer: model, fallback: builtIn?.interviewer ?? null, hasModel: true, warm: () => {}, close };
}

/** The built-in interviewer, loaded with its bank on first use. */
function builtInWhenAsked(source: "BANK" | "FALLBACK"): Pick<Interviewers, "warm" | "close"> & {
  interviewer: Interviewer;
} {
  const scorer = createThreadedScorer();
  let loading: Promise<Interviewer> | null = null;
  const builtIn = (): Promise<Interviewer> => (loading ??= loadBuiltIn(source, scorer.score));
  // A question is followed by an answer to grade, unless it stands in for a model, which grades itself.
  const expectAnswers = (): void => (source === "BANK" ? scorer.warm() : undefined);
  const interviewer: Interviewer = {
    name: "built-in",
    async *planQuestions(request, call) {
      yield* (await builtIn()).planQuestions(request, call);
      expectAnswers();
    },
    followUp: async (request, call) => (await builtIn()).followUp(request, call),
    async nextQuestion(request, call) {
      const question = await (await builtIn()).nextQuestion(request, call);
      expectAnswers();
      return question;
    },
    scoreAnswers: async (request, call) => (await builtIn()).scoreAnswers(request, call),
    summarize: async (request, call) => (await builtIn()).summarize(request, call),
  };
  return { interviewer, warm: () => void builtIn(), close: scorer.close };
}

async function loadBuiltIn(source: "BANK" | "FALLBACK", score: Scorer): Promise<Interviewer> {
  const [{ loadBank }, { createBuiltInInterviewer }] = await Promise.all([
    import("./adapters/offline/bank.ts"),
    import("./adapters/offline/interviewer.ts"),
  ]);
  return createBuiltInInterviewer({ bank: loadBank(), score, source });
}

/** The configured language models in order; throws a SettingsFault if one of them lacks a setting. */
export function chainOf(config: Config): ChainProvider[] {
  return config.providers.map(({ name, baseUrl, apiKey, model }) => {
    const known = knownProviders[name];
    const variable = (suffix: string): string => `${prefixOf(name)}_${suffix}`;
    if (!baseUrl && !known) throw new SettingsFault(variable("BASE_URL"), "must be set: this provider is not known");
    if (!model && !known) throw new SettingsFault(variable("MODEL"), "must be set: this provider is not known");
    // A self-hosted endpoint may need no key.
    if (!apiKey && !baseUrl && known?.needsKey) throw new SettingsFault(variable("API_KEY"), "must be set");
    return { name, baseUrl: baseUrl ?? known!.baseUrl, apiKey: apiKey?.reveal() ?? null, model: model ?? known!.model };
  });
}
