import {
  type ASTNode,
  type ExecutionResult,
  executeSubscriptionEvent,
  type GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidatedSubscriptionArgs,
  visit,
} from "graphql";
import type { Context } from "../graphql/context.ts";
import { SessionGone } from "../graphql/errors.ts";
import { type EventPlan, planEvents } from "../graphql/plan.ts";
import type { LiveEvent } from "../interview/events.ts";
import { type Caller, isUnavailable, publicError, type Services } from "./graphql.ts";

/**
 * An event rendered for a selection: the JSON of its result, as bytes once it is shared. null when its session is gone;
 * an error when it cannot be rendered at the moment, so that the client has to reconnect for it.
 */
export type Rendered = string | Buffer | null | Error;

/** Cached selections per operation, one for each set of variables. */
const mostOfOperation = 100;

/**
 * The selections of subscriptions. Equal ones share a Selection, and each event is executed and serialised once for all
 * of them.
 */
export class Selections {
  readonly #services: Services;
  readonly #mask: (error: unknown) => Error;
  readonly #byOperation = new WeakMap<OperationDefinitionNode, { used: string[]; known: Map<string, Selection> }>();

  constructor(services: Services, mask: (error: unknown) => Error) {
    this.#services = services;
    this.#mask = mask;
  }

  of(args: ValidatedSubscriptionArgs): Selection {
    const { operation } = args;
    let own = this.#byOperation.get(operation);
    if (own === undefined) {
      own = { used: usedVariables(args), known: new Map() };
      this.#byOperation.set(operation, own);
    }
    const { used, known } = own;
    const given = args.rawVariableValues;
    // As an object: an omitted variable takes its default, which differs from null.
    const key = used.length === 0 ? "" : JSON.stringify(Object.fromEntries(used.map((name) => [name, given?.[name]])));
    const found = known.get(key);
    if (found) return found;
    const selection = new Selection(args, this.#services, this.#mask);
    if (key.length > 1_000) return selection;
    if (known.size >= mostOfOperation) known.delete(known.keys().next().value!);
    known.set(key, selection);
    return selection;
  }
}

/** A selection of event fields, with the values of its variables. */
export class Selection {
  readonly #args: ValidatedSubscriptionArgs;
  readonly #plan: EventPlan | null;
  readonly #services: Services;
  readonly #mask: (error: unknown) => Error;
  /** By the event object, which is the same for all subscribers. */
  readonly #shared = new WeakMap<LiveEvent, Execution | Promise<Execution>>();
  /** Part of the result depends on the caller: nothing is shared. */
  #isPersonal = false;

  constructor(args: ValidatedSubscriptionArgs, services: Services, mask: (error: unknown) => Error) {
    // Drops the first caller's context.
    this.#args = { ...args, contextValue: null };
    this.#plan = planEvents(args.schema, args.document, args.operation);
    this.#services = services;
    this.#mask = mask;
  }

  render(event: LiveEvent, caller: Caller): Rendered | Promise<Rendered> {
    if (this.#isPersonal) return rendered(this.#execute(event, caller));
    const known = this.#shared.get(event);
    if (known !== undefined) {
      return known instanceof Promise
        ? known.then((execution) => this.#renderedFor(execution, event, caller))
        : this.#renderedFor(known, event, caller);
    }
    const execution = this.#execute(event, caller);
    this.#shared.set(event, execution);
    return rendered(execution);
  }

  /** Uses the result of another caller's execution, unless it depends on the caller. */
  #renderedFor(execution: Execution, event: LiveEvent, caller: Caller): Rendered | Promise<Rendered> {
    if (execution.isPersonal) return rendered(this.#execute(event, caller));
    if (typeof execution.rendered === "string") execution.rendered = Buffer.from(execution.rendered);
    return execution.rendered;
  }

  #execute(event: LiveEvent, caller: Caller): Execution | Promise<Execution> {
    const context = new EventContext(this.#services, caller);
    const text = this.#plan?.run(event, context, this.#args.variableValues) ?? null;
    if (text instanceof Promise) {
      return text.then(
        (settled) => (settled === null ? this.#executeFully(event, context) : this.#done(settled, context)),
        (error) => this.#finish({ errors: [error] }, context),
      );
    }
    return text === null ? this.#executeFully(event, context) : this.#done(text, context);
  }

  /** Uses GraphQL's own executor, which also handles errors. */
  #executeFully(event: LiveEvent, context: EventContext): Execution | Promise<Execution> {
    try {
      const result = executeSubscriptionEvent({ ...this.#args, rootValue: event, contextValue: context });
      if (!(result instanceof Promise)) return this.#finish(result as ExecutionResult, context);
      return result.then(
        (settled) => this.#finish(settled, context),
        (error) => this.#finish({ errors: [error] }, context),
      );
    } catch (error) {
      return this.#finish({ errors: [error as GraphQLError] }, context);
    }
  }

  #finish({ data, errors }: ExecutionResult, context: EventContext): Execution {
    if (errors === undefined) return this.#done(JSON.stringify({ data }), context);
    if (errors.some(isGone)) return this.#done(null, context);
    const masked = errors.map(this.#mask);
    const away = masked.find(isUnavailable);
    return this.#done(away ?? JSON.stringify({ data, errors: masked.map(publicError) }), context);
  }

  #done(rendered: string | null | Error, { isPersonal }: EventContext): Execution {
    if (isPersonal) this.#isPersonal = true;
    return { isPersonal, rendered };
  }
}

interface Execution {
  isPersonal: boolean;
  rendered: Rendered;
}

function rendered(execution: Execution | Promise<Execution>): Rendered | Promise<Rendered> {
  return execution instanceof Promise ? execution.then((settled) => settled.rendered) : execution.rendered;
}

function isGone(error: GraphQLError): boolean {
  return error instanceof SessionGone || error.originalError instanceof SessionGone;
}

/** The context of one event. Reading the caller from it makes the result personal. */
class EventContext implements Context {
  readonly deps: Context["deps"];
  readonly sessions: Context["sessions"];
  readonly limit: Context["limit"];
  readonly reportUrl: Context["reportUrl"];
  readonly isAffordable = true;
  readonly #caller: Caller;
  isPersonal = false;

  constructor({ deps, sessions, limit, reportUrl }: Services, caller: Caller) {
    this.deps = deps;
    this.sessions = sessions;
    this.limit = limit;
    this.reportUrl = reportUrl;
    this.#caller = caller;
  }

  get viewer(): Context["viewer"] {
    return this.#personal().viewer;
  }

  get address(): string {
    return this.#personal().address;
  }

  get language(): Context["language"] {
    return this.#personal().language;
  }

  signal(): AbortSignal {
    return this.#personal().signal();
  }

  #personal(): Caller {
    this.isPersonal = true;
    return this.#caller;
  }
}

/**
 * The variables that affect the result for an event. Those in the arguments of the root field select the events, and
 * are not included.
 */
function usedVariables({ operation, fragmentDefinitions }: ValidatedSubscriptionArgs): string[] {
  const used = new Set<string>();
  const seen = new Set<string>();
  const collect = (nodes: readonly ASTNode[] = []): void => {
    for (const node of nodes) visit(node, { Variable: ({ name }) => void used.add(name.value) });
  };

  function look({ selections }: SelectionSetNode, atRoot: boolean): void {
    for (const selection of selections) {
      collect(selection.directives);
      if (selection.kind === Kind.FIELD) {
        if (!atRoot) collect(selection.arguments);
        if (selection.selectionSet) look(selection.selectionSet, false);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        look(selection.selectionSet, atRoot);
      } else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        const fragment = fragmentDefinitions[selection.name.value];
        if (fragment) look(fragment.selectionSet, atRoot);
      }
    }
  }

  look(operation.selectionSet, true);
  return [...used].sort();
}
