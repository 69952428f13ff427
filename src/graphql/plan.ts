import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from "graphql";
import { StoreUnavailable } from "../ports/store.ts";
import type { Context } from "./context.ts";
import {
  coerced,
  handled,
  NotPlannable,
  noArguments,
  type PlannedField,
  Planner,
  type Run,
  resolved,
  type VariableValues,
} from "./plannedFields.ts";

/**
 * An operation compiled once per document, so that running it is little more than calling the resolvers.
 *
 * A plan covers success only. There is none for documents with more than fields and fragments; a run that meets an
 * error, or a null where none is allowed, is abandoned, and GraphQL's own executor answers from the start. For a query
 * that makes no visible difference; a mutation is not executed again.
 */
export interface Plan {
  /** Whether it is a mutation. */
  readonly changes: boolean;
  /**
   * The response as JSON text or bytes; null when the executor has to answer, in a context with the same `outcome`.
   * Rejects for a query while the store is unavailable.
   */
  run(context: Context, variables: Record<string, unknown> | null): Promise<string | Buffer | null>;
}

/** null when a plan cannot handle the document. */
function planOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  maxLength: number,
  answers: KeptAnswers,
): Plan | null {
  const run: RunOf = (context, variables) => runOf(schema, operation, maxLength, context, variables);
  switch (operation.operation) {
    case "query":
      return planQuery(schema, document, operation, run, answers);
    case "mutation":
      return planMutation(schema, document, operation, run);
    case "subscription":
      return null;
  }
}

type RunOf = (context: Context, variables: Record<string, unknown> | null) => Run;

function planQuery(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  runOf: RunOf,
  answers: KeptAnswers,
): Plan | null {
  const fields = plannedFields(schema, document, operation, schema.getQueryType());
  if (fields === null) return null;
  const answer = fields.length === 1 ? answerOfOne(fields[0]!, answers) : (run: Run) => answerOf(fields, run);
  return {
    changes: false,
    async run(context, variables) {
      try {
        return await answer(runOf(context, variables));
      } catch (error) {
        return abandon(error);
      }
    },
  };
}

/** Leaves errors to the executor, except that the store is unavailable: it would only wait as long again. */
function abandon(error: unknown): null {
  if (error instanceof StoreUnavailable) throw error;
  return null;
}

/** Only mutations of a single field that uses variables: texts with inlined values do not come again. */
function planMutation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  runOf: RunOf,
): Plan | null {
  const [field, ...others] = plannedFields(schema, document, operation, schema.getMutationType()) ?? [];
  if (!field || field.name === "__typename" || others.length > 0 || !operation.variableDefinitions?.length) return null;
  const begin = `{"data":{${field.begin}`;
  return {
    changes: true,
    async run(context, variables) {
      try {
        const run = runOf(context, variables);
        context.outcome = handled(resolved(field, {}, run) as Promise<unknown>);
        return `${begin}${await field.complete(await context.outcome, run)}}}`;
      } catch {
        return null;
      }
    },
  };
}

function runOf(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  maxLength: number,
  context: Context,
  variables: Record<string, unknown> | null,
): Run {
  // The cost does not depend on variables, or there would be no plan, and it was checked when the plan was made.
  context.isAffordable = true;
  return { context, variables: coerced(schema, operation, variables), room: maxLength };
}

/** Makes the executor use the outcome of a mutation that a plan has begun. */
function reuseOutcomes(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const resolve = field.resolve as GraphQLFieldResolver<unknown, Context>;
    field.resolve = (source, args, context: Context, info) => context.outcome ?? resolve(source, args, context, info);
  }
}

/** The same for subscription events, one at a time. */
export interface EventPlan {
  /**
   * Synchronous when nothing has to be read; null when the executor has to answer. Rejects while the store is
   * unavailable.
   */
  run(event: unknown, context: Context, variables: VariableValues): string | null | Promise<string | null>;
}

export function planEvents(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): EventPlan | null {
  const [field] = plannedFields(schema, document, operation, schema.getSubscriptionType()) ?? [];
  const resolve = field?.definition.resolve;
  if (!field || !resolve) return null;
  const begin = `{"data":{${field.begin}`;
  return {
    run(event, context, variables) {
      try {
        // An event shows one session.
        const run: Run = { context, variables, room: Number.POSITIVE_INFINITY };
        // The arguments select the events and do not affect their content.
        const text = field.complete(resolve(event, noArguments, context, field.info!(run)), run);
        if (typeof text === "string") return `${begin}${text}}}`;
        return text.then((settled) => `${begin}${settled}}}`, abandon);
      } catch {
        return null;
      }
    },
  };
}

function plannedFields(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  root: GraphQLObjectType | null | undefined,
): PlannedField[] | null {
  if (!root || operation.directives?.length) return null;
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  try {
    return new Planner(schema, operation, fragments).fields(root, [operation.selectionSet], true);
  } catch (error) {
    if (error instanceof NotPlannable) return null;
    throw error;
  }
}

async function answerOf(fields: PlannedField[], run: Run): Promise<string> {
  // Concurrently, even if one of them throws synchronously.
  const values = await Promise.all(fields.map(async (field) => resolved(field, {}, run)));
  const parts: string[] = [];
  for (const [index, field] of fields.entries()) parts.push(await field.complete(values[index], run));
  return `{"data":{${fields.map(({ begin }, index) => begin + parts[index]).join(",")}}}`;
}

/**
 * Responses by the object they show, for objects whose fields depend on nothing else. Domain objects are never mutated,
 * so a response is valid as long as its object; the resolver finds the current object each time.
 */
type KeptAnswers = WeakMap<object, { field: PlannedField; answer: string | Buffer }>;

/** Answers a query of one field. A response is cached as bytes once it is repeated. */
function answerOfOne(field: PlannedField, answers: KeptAnswers): (run: Run) => Promise<string | Buffer> {
  return async (run) => {
    const value = await resolved(field, {}, run);
    const lasting = field.isLasting && typeof value === "object" && value !== null ? value : null;
    const known = lasting && answers.get(lasting);
    if (known?.field === field) {
      if (typeof known.answer === "string") known.answer = Buffer.from(known.answer);
      return known.answer;
    }
    const answer = `{"data":{${field.begin}${await field.complete(value, run)}}}`;
    if (lasting) answers.set(lasting, { field, answer });
    return answer;
  };
}

/** Plans by the document's text. Only documents that were valid and within the cost limit are added. */
export class Plans {
  readonly #schema: GraphQLSchema;
  readonly #maxLength: number;
  readonly #plans = new Map<string, Map<string | null, Plan | null>>();
  readonly #answers: KeptAnswers = new WeakMap();

  /** A response is at most `maxLength` characters long; the executor has to refuse a longer one. */
  constructor(schema: GraphQLSchema, maxLength: number) {
    this.#schema = schema;
    this.#maxLength = maxLength;
    reuseOutcomes(schema);
  }

  get(text: string, operationName: string | null): Plan | null {
    return this.#plans.get(text)?.get(operationName) ?? null;
  }

  add(text: string, operationName: string | null, document: DocumentNode, operation: OperationDefinitionNode): void {
    const known = this.#plans.get(text);
    // Long texts are not cached.
    if (known?.has(operationName) || text.length > 20_000) return;
    const plans = known ?? new Map<string | null, Plan | null>();
    const plan = planOf(this.#schema, document, operation, this.#maxLength, this.#answers);
    this.#plans.set(text, plans.set(operationName, plan));
    if (this.#plans.size > 1_000) this.#plans.delete(this.#plans.keys().next().value!);
  }
}
