import { randomBytes } from "node:crypto";
import type { Locale } from "../../interview/model.ts";
import { excerpt, type Prompt } from "../../interview/prompts/prompt.ts";
import { repairRequest } from "../../interview/prompts/repair.ts";
import { schemaRequest } from "../../interview/prompts/replySchema.ts";
import { reasonOf } from "../../interview/reasons.ts";
import { type Call, InterviewerUnavailable } from "../../ports/interviewer.ts";
import type { SharedPauses } from "../../ports/pauses.ts";
import { type Capabilities, capabilitiesOf, withoutRefused } from "./capabilities.ts";
import { BadReply, type FailureKind, ModelFailure, reasonIn } from "./failures.ts";
import { mayBeThoughts } from "./json.ts";
import { createProvider, type ModelReply, type Provider, type ProviderOptions } from "./provider.ts";
import { type Breaker, type BreakerPass, backOff, createBreaker, createGate, type Gate, wait } from "./waiting.ts";

/** A task for a language model, done in one request or, item by item, in several. */
export interface Task {
  locale: Locale;
  seed: string;
  /**
   * There is no fallback and nobody is waiting: rather than fail, it waits for a paused provider, and lets urgent tasks
   * pass at the gate.
   */
  isPatient?: boolean;
  /** Items still to be done. Finished items are kept, whatever happens to the request, and not requested again. */
  left(): number;
  /** A new request for the remaining items. `nonce` is a random code. */
  begin(nonce: string, manner: Manner): Attempt;
}

export interface Manner {
  /** The previous reply was not usable: harmless faults are tolerated. */
  again: boolean;
  /** One item at a time: several at once are too much for this model. */
  alone: boolean;
}

export interface Attempt {
  prompt: Prompt;
  read(piece: string): void;
  /** Takes the complete reply. Throws BadReply when something is missing from it. */
  finish(content: string): void;
}

export interface ChainProvider extends ProviderOptions {
  capabilities?: Partial<Capabilities>;
}

export interface ModelLimits {
  /** Concurrent requests to one provider. */
  concurrency: number;
  connectMs: number;
  firstTokenMs: number;
  /** Added for each token that a reply may have if it is not streamed. */
  unstreamedTokenMs: number;
  idleMs: number;
  /** For one task at one provider, including retries; restarted by progress. */
  totalMs: number;
  /** Failed requests for one task at one provider; a timeout counts twice. */
  tries: number;
  backOffMs: number;
  backOffMaxMs: number;
  /** A provider that requests a longer wait is skipped. */
  retryAfterMaxMs: number;
  /** Total wait for a provider while a later one is free to take over. */
  takeOverMs: number;
  /** When features that a provider has rejected are tried again. */
  fullAgainMs: number;
  /** Consecutive failures that open the circuit breaker. */
  breakerFailures: number;
  breakerOpenMs: number;
  /** How long a patient task waits for a paused provider. */
  patienceMs: number;
}

/** One request, for metrics. */
export interface CallRecord {
  provider: string;
  task: string;
  outcome: "ok" | "cancelled" | FailureKind;
  status: number | null;
  ms: number;
  inputTokens: number;
  outputTokens: number;
}

export interface Chain {
  /** Completes the task. Throws InterviewerUnavailable when no provider could, or the signal's reason. */
  run(task: Task, call: Call): Promise<void>;
  close(): void;
}

interface Link {
  name: string;
  provider: Provider;
  gate: Gate;
  breaker: Breaker;
  /** Capabilities found so far. */
  able: Capabilities;
  /** Documented capabilities. */
  full: Capabilities;
  /** From then on one call tries the documented capabilities again: a rejected feature may be supported by now. */
  fullAgainAt: number;
  /** All calls wait until then, at the provider's request. */
  pausedUntil: number;
  /** How often it has requested a wait since its last reply. */
  refusals: number;
  /** Why it cannot be used at all, if known. */
  unusable: ModelFailure | null;
}

interface NamedFailure {
  name: string;
  failure: ModelFailure;
}

/** The state of one task at one provider. */
interface Turn {
  able: Capabilities;
  /** The known capabilities when `able` was last confirmed. */
  known: Capabilities;
  /** A rejection without a reason has been retried once with the same request. */
  asked: boolean;
  alone: boolean;
  /** The previous reply, with its fault. */
  bad: Rejected | null;
  /** Remaining time. Waiting for a free slot does not count. */
  budgetMs: number;
  /** Remaining wait at the provider's request before another one takes over. */
  patienceMs: number;
}

/** Tries the providers in order, each as often as is sensible. All retries happen here. */
export function createChain(
  providers: ChainProvider[],
  limits: ModelLimits,
  onCall: (record: CallRecord) => void,
  pauses: SharedPauses | null,
  now: () => number,
): Chain {
  const links = providers.map((provider): Link => {
    const full = capabilitiesOf(provider.name, provider.capabilities);
    return {
      name: provider.name,
      provider: createProvider(provider, limits),
      gate: createGate(limits.concurrency),
      breaker: createBreaker({ failures: limits.breakerFailures, openMs: limits.breakerOpenMs, now }),
      full,
      able: full,
      fullAgainAt: Number.POSITIVE_INFINITY,
      pausedUntil: 0,
      refusals: 0,
      unusable: null,
    };
  });

  async function run(task: Task, call: Call): Promise<void> {
    let patience = task.isPatient ? limits.patienceMs : 0;
    for (;;) {
      const failures = new Map<Link, ModelFailure>();
      const skipped: Link[] = [];
      const tryAt = async (link: Link, later: Link[]): Promise<boolean> => {
        try {
          await takeTurn(link, later, task, call);
          return true;
        } catch (error) {
          if (!(error instanceof ModelFailure)) throw error;
          if (error instanceof Skipped) skipped.push(link);
          failures.set(link, error);
          return false;
        }
      };
      for (const [index, link] of links.entries()) if (await tryAt(link, links.slice(index + 1))) return;
      // The providers that should have taken over failed: now the requested waits are kept.
      for (const link of [...skipped]) if (await tryAt(link, [])) return;
      // A provider that was called has had its waits between retries: patience is for paused ones.
      const ms = earliestRetry([...failures.values()].filter((failure) => failure instanceof BreakerOpen));
      if (ms === null || ms > patience) {
        throw unavailable(
          [...failures].map(([{ name }, failure]) => ({ name, failure })),
          task.locale,
        );
      }
      patience -= ms;
      await wait(ms, call.signal);
    }
  }

  /** Works on a task at one provider; one of `later` takes over when it requests too long a wait. */
  async function takeTurn(link: Link, later: Link[], task: Task, call: Call): Promise<void> {
    const turn: Turn = {
      able: abilitiesToTry(link),
      known: link.able,
      asked: false,
      alone: false,
      bad: null,
      budgetMs: limits.totalMs,
      patienceMs: limits.takeOverMs,
    };
    let failed = 0;
    let repaired = false;
    let left = task.left();
    while (task.left() > 0) {
      try {
        await request(link, later, task, turn, call);
        learn(link, turn);
        repaired = false;
        turn.bad = null;
        left = task.left();
        turn.budgetMs = limits.totalMs;
      } catch (error) {
        if (!(error instanceof ModelFailure)) throw error;
        if (error.kind === "empty" || error.kind === "bad") learn(link, turn);
        if (task.left() === 0) return;
        if (task.left() < left) {
          left = task.left();
          turn.budgetMs = limits.totalMs;
          failed = 0;
          repaired = false;
        }
        switch (error.kind) {
          case "unsupported": {
            const { less, isNamed } = withoutRefused(turn.able, error.complaint);
            if (less === null) throw error;
            if (isNamed || turn.asked) turn.able = less;
            else turn.asked = true;
            continue;
          }
          case "unusable":
          case "rejected":
            throw error;
          case "refused":
          case "bad":
            // One repair request; a model that fails twice gets a smaller one instead.
            if (repaired) {
              if (turn.alone || !task.isPatient || task.left() === 1) throw error;
              turn.alone = true;
            }
            turn.bad = !repaired && error instanceof Rejected ? error : null;
            repaired = !repaired;
            break;
          case "busy":
          case "down":
          case "empty":
            // Somebody is waiting: a timeout counts as two failures.
            failed += error.isSlow ? 2 : 1;
            turn.bad = null;
            // The caller has already waited as long as for a complete reply.
            if (error.isSlow && !turn.able.streaming && !task.isPatient) throw error;
            if (failed >= limits.tries || link.breaker.opensInMs() > 0) throw error;
            // A requested wait holds for all calls and is handled when the next request starts.
            if (error.kind !== "busy") await pause(failed, turn, error, call.signal);
            break;
        }
        if (turn.budgetMs <= 0) throw error;
      }
    }
  }

  /** The documented capabilities for one call if it is time to try them again; else the known ones. */
  function abilitiesToTry(link: Link): Capabilities {
    if (now() < link.fullAgainAt) return link.able;
    link.fullAgainAt = now() + limits.fullAgainMs;
    return link.full;
  }

  /** The request succeeded: its capabilities are confirmed for all calls. */
  function learn(link: Link, turn: Turn): void {
    turn.asked = false;
    if (turn.able === turn.known) return;
    turn.known = turn.able;
    link.able = turn.able;
    link.fullAgainAt = link.able === link.full ? Number.POSITIVE_INFINITY : now() + limits.fullAgainMs;
  }

  async function pause(failed: number, turn: Turn, failure: ModelFailure, signal: AbortSignal): Promise<void> {
    const ms = backOff(failed, limits.backOffMs, limits.backOffMaxMs, Math.random);
    turn.budgetMs -= ms;
    if (turn.budgetMs <= 0) throw failure;
    await wait(ms, signal);
  }

  /**
   * Waits until the provider accepts calls and a slot is free, sends one request, reads its reply and records the
   * outcome.
   */
  async function request(link: Link, later: Link[], task: Task, turn: Turn, call: Call): Promise<void> {
    await waitUntilAllowed(link, later, turn, call.signal);
    const leave = await link.gate.enter(call.signal, !task.isPatient);
    try {
      // A wait may have been requested while this call was queued.
      await waitUntilAllowed(link, later, turn, call.signal);
      const pass = link.breaker.enter();
      if (pass === null) throw closed(link);
      try {
        await send(link, task, turn, pass, call);
        recordOutcome(link, pass, null);
      } catch (error) {
        recordOutcome(link, pass, error);
        throw error;
      }
    } finally {
      leave();
    }
  }

  async function waitUntilAllowed(link: Link, later: Link[], turn: Turn, signal: AbortSignal): Promise<void> {
    for (;;) {
      if (pauses !== null && link.pausedUntil <= now()) {
        const left = await pauses.left(link.name);
        link.pausedUntil = Math.max(link.pausedUntil, now() + left);
      }
      const ms = link.pausedUntil - now();
      if (ms <= 0) return;
      turn.patienceMs -= ms;
      if (turn.patienceMs < 0 && later.some(isFree)) throw new Skipped(ms);
      turn.budgetMs -= ms;
      if (ms > limits.retryAfterMaxMs || turn.budgetMs <= 0) {
        throw new ModelFailure("busy", "asked to wait", { retryAfterMs: ms });
      }
      // With jitter, so that waiting calls do not all resume at once.
      await wait(ms + Math.random() * Math.min(1_000, ms / 4), signal);
    }
  }

  function isFree({ pausedUntil, breaker, unusable }: Link): boolean {
    return pausedUntil <= now() && breaker.opensInMs() === 0 && unusable === null;
  }

  /** Pauses all calls to a provider that requests it: for the time it says, increasing with each repetition. */
  function pauseProvider(link: Link, { kind, retryAfterMs }: ModelFailure): void {
    let ms = retryAfterMs ?? 0;
    if (kind === "busy") {
      // Calls that were running when it first asked are rejected for the same reason.
      if (now() >= link.pausedUntil) link.refusals++;
      ms = Math.max(ms, backOff(link.refusals, limits.backOffMs, limits.backOffMaxMs, Math.random));
    }
    if (ms <= 0) return;
    link.pausedUntil = Math.max(link.pausedUntil, now() + ms);
    pauses?.tell(link.name, ms);
  }

  async function send(link: Link, task: Task, turn: Turn, pass: BreakerPass, call: Call): Promise<void> {
    const { able, alone, bad } = turn;
    const { prompt, read, finish } = task.begin(randomBytes(6).toString("hex"), { again: bad !== null, alone });
    const reply: ModelReply = {
      sent: false,
      content: "",
      finish: null,
      refusal: false,
      cut: null,
      inputTokens: 0,
      outputTokens: 0,
    };
    const startedAt = now();
    let outcome: CallRecord["outcome"] = "cancelled";
    let status: number | null = null;
    try {
      await link.provider.send(
        {
          prompt,
          messages: messagesOf(prompt, bad, able, task.locale),
          able,
          seed: seedNumber(task.seed),
          totalMs: turn.budgetMs,
          signal: call.signal,
          onText(piece) {
            pass.begun();
            read(piece);
          },
        },
        reply,
      );
      link.refusals = 0;
      judge(reply, finish);
      outcome = "ok";
    } catch (error) {
      if (error instanceof ModelFailure) {
        outcome = error.kind;
        status = error.status;
        pauseProvider(link, error);
      }
      throw error;
    } finally {
      const { inputTokens, outputTokens } = reply;
      const ms = now() - startedAt;
      turn.budgetMs -= ms;
      const durationMs = Math.round(ms);
      // A provider that could not be reached has done nothing to be paid for.
      if (reply.sent) call.onUsage?.({ calls: 1, inputTokens, outputTokens, durationMs, longestMs: durationMs });
      onCall({
        provider: link.name,
        task: prompt.task,
        outcome,
        status,
        ms,
        inputTokens,
        outputTokens,
      });
    }
  }

  return {
    run,
    close() {
      for (const { provider } of links) provider.close();
    },
  };
}

/** Records what the end of a request says about the provider, independent of the task. */
function recordOutcome(link: Link, pass: BreakerPass, error: unknown): void {
  const kind = error === null ? "ok" : error instanceof ModelFailure ? error.kind : "cancelled";
  switch (kind) {
    case "down":
    case "unusable":
      link.unusable = kind === "unusable" ? (error as ModelFailure) : null;
      pass.failed();
      return;
    case "cancelled":
    case "busy":
    case "unsupported":
      pass.settled();
      return;
    // A bad reply is no sign of an outage: a text that provokes one must not block other calls.
    case "ok":
    case "empty":
    case "refused":
    case "bad":
    case "rejected":
      link.unusable = null;
      pass.succeeded();
  }
}

/** Skipped: it requests a wait and the next provider is free. */
class Skipped extends ModelFailure {
  constructor(retryAfterMs: number) {
    super("busy", "asked to wait", { retryAfterMs });
  }
}

/** Not called: its circuit breaker is open. */
class BreakerOpen extends ModelFailure {
  constructor(retryAfterMs: number) {
    super("rejected", "failed repeatedly and is left alone for a moment", { retryAfterMs });
  }
}

/** A reply that the model can repair once it is told what is wrong. */
class Rejected extends ModelFailure {
  readonly content: string;
  readonly fault: string;

  constructor(content: string, fault: string) {
    super("bad", "sent replies that could not be used");
    this.content = content;
    this.fault = fault;
  }
}

function judge({ content, finish: ending, cut }: ModelReply, finish: (content: string) => void): void {
  if (ending === "length") throw new Rejected(content, "it was cut off because it was too long: write less.");
  // What looks complete may be a draft among thoughts.
  if (cut !== null && mayBeThoughts(content)) throw cut;
  try {
    finish(content);
  } catch (error) {
    if (!(error instanceof BadReply)) throw error;
    // Without a finish reason the stream was cut off: the provider's fault, not the model's.
    if (ending === null) throw cut ?? new ModelFailure("down", "broke off in the middle of a reply");
    throw new Rejected(content, error.fault);
  }
}

/** The schema becomes part of the messages unless it is sent as a parameter. */
function messagesOf({ system, user, schema }: Prompt, bad: Rejected | null, { forms }: Capabilities, locale: Locale) {
  const form = forms[0] === "json_schema" ? "" : `\n\n${schemaRequest(schema, locale)}`;
  const asked = [
    { role: "system" as const, content: system },
    { role: "user" as const, content: user + form },
  ];
  if (bad === null) return asked;
  return [
    ...asked,
    { role: "assistant" as const, content: excerpt(bad.content, 8_000) },
    { role: "user" as const, content: repairRequest(bad.fault, locale) },
  ];
}

function closed(link: Link): ModelFailure {
  if (link.unusable) return link.unusable;
  return new BreakerOpen(Math.ceil(link.breaker.opensInMs()) + 1);
}

/** When a retry may help. Unusable providers are not waited for. */
function earliestRetry(failures: ModelFailure[]): number | null {
  const waits = failures.flatMap(({ kind, retryAfterMs }) => (kind === "unusable" ? [] : (retryAfterMs ?? [])));
  return waits.length === 0 ? null : Math.ceil(Math.min(...waits));
}

function unavailable(failures: NamedFailure[], locale: Locale): InterviewerUnavailable {
  const reasons = failures.map(({ name, failure }) => `${name} ${reasonIn(locale, failure)}`);
  const detail = reasons.join(locale === "ZH" ? "；" : "; ");
  const asked = failures.filter(({ failure }) => failure.kind !== "unusable");
  return new InterviewerUnavailable(
    reasonOf("modelUnavailable", locale, detail),
    earliestRetry(failures.map(({ failure }) => failure)),
    asked.length === 0,
    asked.length > 0 && asked.every(({ failure }) => ["empty", "refused", "bad"].includes(failure.kind)),
  );
}

/** Maps a seed text to a positive number (FNV-1a). */
function seedNumber(seed: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(seed)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 1;
}
