import { loadBank } from "./adapters/offline/bank.ts";
import { createBuiltInInterviewer } from "./adapters/offline/interviewer.ts";
import { loadMeanings } from "./adapters/offline/meanings.ts";
import { knownProviders } from "./adapters/openai/capabilities.ts";
import type { ChainProvider } from "./adapters/openai/chain.ts";
import { createModelInterviewer, type ModelInterviewerOptions } from "./adapters/openai/interviewer.ts";
import { type Config, SettingsFault } from "./config.ts";
import type { Interviewer } from "./ports/interviewer.ts";

export interface Interviewers {
  interviewer: Interviewer;
  /** Asks when the model cannot; null without a model, or where that is switched off. */
  fallback: Interviewer | null;
  hasModel: boolean;
  close(): void;
}

/** Who asks and grades, as the settings say: the language models in their order, else the built-in interviewer. */
export function openInterviewers(
  config: Config,
  providers: ChainProvider[],
  onCall: NonNullable<ModelInterviewerOptions["onCall"]>,
): Interviewers {
  const bank = loadBank();
  const meanings = loadMeanings(bank);
  if (providers.length === 0) {
    return {
      interviewer: createBuiltInInterviewer({ bank, meanings }),
      fallback: null,
      hasModel: false,
      close: () => {},
    };
  }
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
  });
  const fallback = config.fallback ? createBuiltInInterviewer({ bank, meanings, source: "FALLBACK" }) : null;
  return { interviewer: model, fallback, hasModel: true, close: () => model.close() };
}

/** The language models that the settings name, in order; throws a SettingsFault where one of them lacks something. */
export function chainOf(config: Config): ChainProvider[] {
  return config.providers.map(({ name, baseUrl, apiKey, model }) => {
    const known = knownProviders[name];
    const variable = (suffix: string): string => `${name.toUpperCase().replaceAll("-", "_")}_${suffix}`;
    if (!baseUrl && !known) throw new SettingsFault(variable("BASE_URL"), "must be set: this provider is not known");
    if (!model && !known) throw new SettingsFault(variable("MODEL"), "must be set: this provider is not known");
    // An address of one's own may well need no key.
    if (!apiKey && !baseUrl && known?.needsKey) throw new SettingsFault(variable("API_KEY"), "must be set");
    return { name, baseUrl: baseUrl ?? known!.baseUrl, apiKey: apiKey?.reveal() ?? null, model: model ?? known!.model };
  });
}
