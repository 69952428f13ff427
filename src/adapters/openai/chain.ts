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
import { createProvider, type ModelReply, type Provider, type ProviderOptions } from "./provider.ts";
import { type Breaker, type BreakerPass, backOff, createBreaker, createGate, type Gate, wait } from "./waiting.ts";

/** A job for a language model, done in one request or, piece by piece, in several. */
export interface Task {
  locale: Locale;
  seed: string;
  /**
   * Nobody else can do it, and nobody sits and waits for it: better to wait for a provider that is left alone for a moment
   * than to fail; at the gate others go first.
   */
  isPatient?: boolean;
  /** Pieces still to be done. What is done is kept, whatever becomes of the request, and not asked for again. */
  left(): number;
  /** A new request for what is still to be done. `nonce` is a random code. */
  begin(nonce: string, manner: Manner): Attempt;
}

export interface Manner {
  /** The reply before could not be used: what is harmless is let pass. */
  again: boolean;
  /** One piece at a time: several at once are too much for this model. */
  alone: boolean;
}

export interface Attempt {
  prompt: Prompt;
  read(piece: string): void;
  /** Takes what the whole reply holds. Throws BadReply when something is missing from it. */
  finish(content: string): void;
}

export interface ChainProvider extends ProviderOptions {
  capabilities?: Partial<Capabilities>;
}

export interface ModelLimits {
  /** Requests at once to one provider. */
  concurrency: number;
  connectMs: number;
  firstTokenMs: number;
  /** Added to it for each token that a reply which is not streamed may have. */
  unstreamedTokenMs: number;
  idleMs: number;
  /** For one task at one provider, all tries together; progress begins it anew. */
  totalMs: number;
  /** Requests for one task at one provider that may fail; one that ran out of time counts twice. */
  tries: number;
  backOffMs: number;
  backOffMaxMs: number;
  /** A provider that asks for a longer wait than this is left. */
  retryAfterMaxMs: number;
  /** Nor is it waited for longer than this in all while one after it is free to take over. */
  takeOverMs: number;
  /** After so long a provider is asked again for what it refused. */
  fullAgainMs: number;
  /** Failures in a row that stop further calls for a while. */
  breakerFailures: number;
  breakerOpenMs: number;
  /** How long a patient task waits for a provider to be called again. */
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
  /** Does the task whole. Throws InterviewerUnavailable when no provider did, or the signal's reason. */
  run(task: Task, call: Call): Promise<void>;
  close(): void;
}

interface Link {
  name: string;
  provider: Provider;
  gate: Gate;
  breaker: Breaker;
  /** What the provider has turned out to be able to do. */
  able: Capabilities;
  /** What it is said to be able to do. */
  full: Capabilities;
  /** Where that is more, one call tries it again from then on: what was refused may be served by now. */
  fullAgainAt: number;
  /** All calls wait until then: the provider asked for it. */
  pausedUntil: number;
  /** How often it asked to wait since it last replied. */
  refusals: number;
  /** Why it does not serve us at all, as far as is known. */
  unusable: ModelFailure | null;
}

interface NamedFailure {
  name: string;
  failure: ModelFailure;
}

/** How a provider is asked next for what is left of a task. */
interface Turn {
  able: Capabilities;
  /** What was known of its abilities when `able` was last found to be right. */
  known: Capabilities;
  /** A refusal that gave no reason has been answered with the same request once more. */
  asked: boolean;
  alone: boolean;
  /** The reply before, with what was wrong with it. */
  bad: Rejected | null;
  /** What is left of the time. Waiting for a free place does not count. */
  budgetMs: number;
  /** How long it may still be waited for because it asks for it, before another one takes over. */
  patienceMs: number;
}

/** Providers in order: each is tried as often as is sensible, then the next one. All retries happen here. */
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
      const passedOver: Link[] = [];
      const tryAt = async (link: Link, later: Link[]): Promise<boolean> => {
        try {
          await takeTurn(link, later, task, call);
          return true;
        } catch (error) {
          if (!(error instanceof ModelFailure)) throw error;
          if (error instanceof PassedOver) passedOver.push(link);
          failures.set(link, error);
          return false;
        }
      };
      for (const [index, link] of links.entries()) if (await tryAt(link, links.slice(index + 1))) return;
      // Those that were to take over could not: now the waits that were asked for are kept.
      for (const link of [...passedOver]) if (await tryAt(link, [])) return;
      // One that was asked has had its waits between its tries: patience is for those that were left alone.
      const ms = soonest([...failures.values()].filter((failure) => failure instanceof LeftAlone));
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

  /** One provider's turn at a task; one of the `later` ones takes over where this one asks for too long a wait. */
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
            // One more request, with the error; a model that fails twice is not asked a third time for as much.
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
            // Somebody waits meanwhile: a limit that ran out costs two tries.
            failed += error.isSlow ? 2 : 1;
            turn.bad = null;
            // Whoever waits for a question has waited for a whole reply by then.
            if (error.isSlow && !turn.able.streaming && !task.isPatient) throw error;
            if (failed >= limits.tries || link.breaker.opensInMs() > 0) throw error;
            // One that asks for a wait is left alone by all calls; who waits for it is told there.
            if (error.kind !== "busy") await pause(failed, turn, error, call.signal);
            break;
        }
        if (turn.budgetMs <= 0) throw error;
      }
    }
  }

  /** All that the provider is said to be able to do, for one call when it is time; else what is known. */
  function abilitiesToTry(link: Link): Capabilities {
    if (now() < link.fullAgainAt) return link.able;
    link.fullAgainAt = now() + limits.fullAgainMs;
    return link.full;
  }

  /** A reply has come: what it was asked with is known to be right, also for others. */
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

  /** Waits for the provider's leave and a free place, sends one request, reads its reply, and tells how it went. */
  async function request(link: Link, later: Link[], task: Task, turn: Turn, call: Call): Promise<void> {
    await untilWelcome(link, later, turn, call.signal);
    const leave = await link.gate.enter(call.signal, !task.isPatient);
    try {
      // Others may have been told to wait while this one stood in line.
      await untilWelcome(link, later, turn, call.signal);
      const pass = link.breaker.enter();
      if (pass === null) throw closed(link);
      try {
        await send(link, task, turn, pass, call);
        told(link, pass, null);
      } catch (error) {
        told(link, pass, error);
        throw error;
      }
    } finally {
      leave();
    }
  }

  async function untilWelcome(link: Link, later: Link[], turn: Turn, signal: AbortSignal): Promise<void> {
    for (;;) {
      if (pauses !== null && link.pausedUntil <= now()) {
        const left = await pauses.left(link.name);
        link.pausedUntil = Math.max(link.pausedUntil, now() + left);
      }
      const ms = link.pausedUntil - now();
      if (ms <= 0) return;
      turn.patienceMs -= ms;
      if (turn.patienceMs < 0 && later.some(isFree)) throw new PassedOver(ms);
      turn.budgetMs -= ms;
      if (ms > limits.retryAfterMaxMs || turn.budgetMs <= 0) {
        throw new ModelFailure("busy", "asked to wait (429)", { retryAfterMs: ms });
      }
      // Spread out, so that those who waited do not all come in the same moment.
      await wait(ms + Math.random() * Math.min(1_000, ms / 4), signal);
    }
  }

  function isFree({ pausedUntil, breaker, unusable }: Link): boolean {
    return pausedUntil <= now() && breaker.opensInMs() === 0 && unusable === null;
  }

  /** All calls to a provider wait when one was told to: for as long as it says, and for longer each time it says so. */
  function leaveAlone(link: Link, { kind, retryAfterMs }: ModelFailure): void {
    let ms = retryAfterMs ?? 0;
    if (kind === "busy") {
      // Calls that were under way when it first asked are refused for the same reason.
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
        leaveAlone(link, error);
      }
      throw error;
    } finally {
      const { inputTokens, outputTokens } = reply;
      const ms = now() - startedAt;
      turn.budgetMs -= ms;
      const durationMs = Math.round(ms);
      call.onUsage?.({ calls: 1, inputTokens, outputTokens, durationMs, longestMs: durationMs });
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

/** What the end of a request says about the provider, whatever becomes of the task. */
function told(link: Link, pass: BreakerPass, error: unknown): void {
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
    // A poor reply is no sign of trouble at the provider: a text that provokes one must not shut others out.
    case "ok":
    case "empty":
    case "refused":
    case "bad":
    case "rejected":
      link.unusable = null;
      pass.succeeded();
  }
}

/** Its turn was given up because it asks for a wait and the next one is free. */
class PassedOver extends ModelFailure {
  constructor(retryAfterMs: number) {
    super("busy", "asked to wait (429)", { retryAfterMs });
  }
}

/** It was not asked, because it failed again and again. */
class LeftAlone extends ModelFailure {
  constructor(retryAfterMs: number) {
    super("rejected", "failed repeatedly and is left alone for a moment", { retryAfterMs });
  }
}

/** A reply that can be mended by telling the model what is wrong with it. */
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
  try {
    finish(content);
  } catch (error) {
    if (!(error instanceof BadReply)) throw error;
    // Without an ending the stream was cut: the provider's fault, not the model's.
    if (ending === null) throw cut ?? new ModelFailure("down", "broke off in the middle of a reply");
    throw new Rejected(content, error.fault);
  }
}

/** A schema that is not sent beside the messages stands in them. */
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
  return new LeftAlone(Math.ceil(link.breaker.opensInMs()) + 1);
}

/** When asking again may help. A provider that does not serve us is not waited for. */
function soonest(failures: ModelFailure[]): number | null {
  const waits = failures.flatMap(({ kind, retryAfterMs }) => (kind === "unusable" ? [] : (retryAfterMs ?? [])));
  return waits.length === 0 ? null : Math.ceil(Math.min(...waits));
}

function unavailable(failures: NamedFailure[], locale: Locale): InterviewerUnavailable {
  const told = failures.map(({ name, failure }) => `${name} ${reasonIn(locale, failure)}`);
  const detail = told.join(locale === "ZH" ? "；" : "; ");
  return new InterviewerUnavailable(
    reasonOf("modelUnavailable", locale, detail),
    soonest(failures.map(({ failure }) => failure)),
    failures.every(({ failure }) => failure.kind === "unusable"),
  );
}

/** The same seed text gives the same number: FNV-1a, kept positive. */
function seedNumber(seed: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(seed)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 1;
}
