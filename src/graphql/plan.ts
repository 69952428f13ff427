import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLInterfaceType,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type GraphQLUnionType,
  getArgumentValues,
  getNamedType,
  getVariableValues,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidatedExecutionArgs,
} from "graphql";
import { StoreUnavailable } from "../ports/store.ts";
import type { Context } from "./context.ts";

/**
 * An operation of plain data, made ready once per document, so that running it is little more than calling the resolvers.
 *
 * A plan knows only how things go well. A document that holds more than fields and fragments has none; a run that meets
 * an error, or a null where none may be, is given up, and GraphQL's own executor answers from the beginning. A query
 * changes nothing, so nobody can tell but by the time it takes; what a mutation has done by then it does not do again.
 */
export interface Plan {
  /** Whether it is a mutation. */
  readonly changes: boolean;
  /**
   * The answer as JSON, or the bytes of it; null when the executor has to give it, in a context of the same `outcome`.
   * A query fails where the store is away: the executor would only wait as long again.
   */
  run(context: Context, variables: Record<string, unknown> | null): Promise<string | Buffer | null>;
}

/** null when the document is more than a plan can hold. */
function planOf(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Plan | null {
  switch (operation.operation) {
    case "query":
      return planQuery(schema, document, operation);
    case "mutation":
      return planMutation(schema, document, operation);
    case "subscription":
      return null;
  }
}

function planQuery(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Plan | null {
  const fields = plannedFields(schema, document, operation, schema.getQueryType());
  if (fields === null) return null;
  const answer = fields.length === 1 ? answerOfOne(fields[0]!) : (run: Run) => answerOf(fields, run);
  return {
    changes: false,
    async run(context, variables) {
      try {
        return await answer(runOf(schema, operation, context, variables));
      } catch (error) {
        if (error instanceof StoreUnavailable) throw error;
        return null;
      }
    },
  };
}

/** Of mutations those of one field; with what is new each time in variables, for others do not come again. */
function planMutation(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Plan | null {
  const [field, ...others] = plannedFields(schema, document, operation, schema.getMutationType()) ?? [];
  if (!field || field.name === "__typename" || others.length > 0 || !operation.variableDefinitions?.length) return null;
  const begin = `{"data":{${field.begin}`;
  return {
    changes: true,
    async run(context, variables) {
      try {
        const run = runOf(schema, operation, context, variables);
        context.outcome = heard(resolved(field, {}, run) as Promise<unknown>);
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
  context: Context,
  variables: Record<string, unknown> | null,
): Run {
  // The same for all variables, or there would be no plan; it was within the limits when the plan was made.
  context.isAffordable = true;
  return { context, variables: coerced(schema, operation, variables) };
}

/** The executor does not do again what a plan has begun: it answers with what came of that. */
function neverTwice(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const resolve = field.resolve as GraphQLFieldResolver<unknown, Context>;
    field.resolve = (source, args, context: Context, info) => context.outcome ?? resolve(source, args, context, info);
  }
}

/** The same for the events of a subscription: one event at a time, whose source the caller has. */
export interface EventPlan {
  /** At once when nothing has to be read for it. */
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
        const run: Run = { context, variables };
        // Its arguments decide which events there are, not what an event is.
        const text = field.complete(resolve(event, noArguments, context, field.info!(run)), run);
        if (typeof text === "string") return `${begin}${text}}}`;
        return text.then(
          (settled) => `${begin}${settled}}}`,
          () => null,
        );
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
    if (error instanceof NotPlain) return null;
    throw error;
  }
}

async function answerOf(fields: PlannedField[], run: Run): Promise<string> {
  // At the same time, also where one of them throws at once.
  const values = await Promise.all(fields.map(async (field) => resolved(field, {}, run)));
  const parts: string[] = [];
  for (const [index, field] of fields.entries()) parts.push(await field.complete(values[index], run));
  return `{"data":{${fields.map(({ begin }, index) => begin + parts[index]).join(",")}}}`;
}

/**
 * The answer that shows an object whose fields depend on nothing but the object. As those of the domain are never changed,
 * it is good as long as the object itself is; whether that still is the newest is the resolver's to find out, each time.
 */
const answers = new WeakMap<object, { field: PlannedField; answer: string | Buffer }>();

/** The answer to a query of one field. What is asked for again is kept as bytes. */
function answerOfOne(field: PlannedField): (run: Run) => Promise<string | Buffer> {
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

/** The executor has to answer. */
class NotPlain extends Error {}

interface PlannedField {
  /** Its key and a colon. */
  begin: string;
  name: string;
  node: FieldNode;
  definition: GraphQLField<unknown, unknown>;
  takesArguments: boolean;
  /** How it is asked for; made for the fields of the query itself only, whose wrappers look at its cost. */
  info: ((run: Run) => GraphQLResolveInfo) | null;
  complete: Complete;
  /** What it shows depends on the value alone: not on who asks, nor on arguments, nor on anything read meanwhile. */
  isLasting: boolean;
}

/** The JSON of what a resolver returned; at once when nothing has to be waited for. */
type Complete = (value: unknown, run: Run) => string | Promise<string>;

interface Run {
  context: Context;
  variables: VariableValues;
}

type VariableValues = ValidatedExecutionArgs["variableValues"];

function coerced(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  inputs: Record<string, unknown> | null,
): VariableValues {
  const { variableValues } = getVariableValues(schema, variableDefinitions, inputs ?? {}, { maxErrors: 1 });
  if (!variableValues) throw new NotPlain();
  return variableValues;
}

function resolved({ definition, name, node, takesArguments, info }: PlannedField, source: unknown, run: Run): unknown {
  const { resolve } = definition;
  if (resolve === undefined) return propertyOf(source, name);
  const args = takesArguments ? getArgumentValues(definition, node, run.variables) : noArguments;
  return resolve(source, args, run.context, info?.(run) as GraphQLResolveInfo);
}

/** The JSON of one field's value. */
function fieldText(field: PlannedField, source: unknown, run: Run): string | Promise<string> {
  const value = resolved(field, source, run);
  return value instanceof Promise
    ? heard(value.then((found) => field.complete(found, run)))
    : field.complete(value, run);
}

function joined(texts: (string | Promise<string>)[], separator: string): string | Promise<string> {
  if (texts.every((text) => typeof text === "string")) return texts.join(separator);
  return heard(Promise.all(texts).then((settled) => settled.join(separator)));
}

/** Whoever waits for it hears of its failure; a run that was given up by then hears no more. */
function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

function propertyOf(source: unknown, name: string): unknown {
  const value = (source as Record<string, unknown>)[name];
  if (typeof value === "function") throw new NotPlain();
  return value;
}

const noArguments = Object.freeze({});

class Planner {
  readonly #schema: GraphQLSchema;
  readonly #operation: OperationDefinitionNode;
  readonly #fragments: Record<string, FragmentDefinitionNode>;

  constructor(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Record<string, FragmentDefinitionNode>,
  ) {
    this.#schema = schema;
    this.#operation = operation;
    this.#fragments = fragments;
  }

  /** The fields that selections ask for of a type, in their order, same keys put together. */
  fields(type: GraphQLObjectType, selections: SelectionSetNode[], isRoot = false): PlannedField[] {
    const nodes = new Map<string, FieldNode[]>();
    for (const selection of selections) this.#collect(type, selection, nodes);
    return [...nodes].map(([key, sameKey]) => this.#field(type, key, sameKey, isRoot));
  }

  #collect(type: GraphQLObjectType, { selections }: SelectionSetNode, found: Map<string, FieldNode[]>): void {
    for (const selection of selections) {
      if (selection.directives?.length) throw new NotPlain();
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const known = found.get(key);
        if (known) known.push(selection);
        else found.set(key, [selection]);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments[selection.name.value];
      if (!fragment || fragment.directives?.length) throw new NotPlain();
      const condition = fragment.typeCondition?.name.value;
      if (condition !== undefined && condition !== type.name && !this.#includes(condition, type)) continue;
      this.#collect(type, fragment.selectionSet, found);
    }
  }

  /** Whether a fragment on an interface or a union is meant for a type. */
  #includes(condition: string, type: GraphQLObjectType): boolean {
    const other = this.#schema.getType(condition);
    return isAbstractType(other) && this.#schema.isSubType(other, type);
  }

  #field(parentType: GraphQLObjectType, key: string, nodes: FieldNode[], isRoot: boolean): PlannedField {
    const [node] = nodes as [FieldNode];
    const name = node.name.value;
    if (name === "__typename") return typename(parentType, key, node);
    const definition = parentType.getFields()[name];
    // What else begins with two underscores belongs to the schema.
    if (!definition) throw new NotPlain();
    const { resolve, args, type, extensions } = definition;
    // What costs more or less by its arguments is weighed each time.
    if (typeof extensions.complexity === "function") throw new NotPlain();
    // A resolver that looks at how it is asked for has to be told by the executor.
    if (!isRoot && resolve !== undefined && (resolve.length === 0 || resolve.length > 3)) throw new NotPlain();
    const told = { fieldName: name, fieldNodes: nodes, returnType: type, parentType };
    const path = { prev: undefined, key, typename: parentType.name };
    const whole = { schema: this.#schema, fragments: this.#fragments, operation: this.#operation };
    return {
      begin: `${JSON.stringify(key)}:`,
      name,
      node,
      definition,
      takesArguments: args.length > 0,
      info: isRoot
        ? ({ variables }) => ({ ...told, ...whole, path, variableValues: variables }) as unknown as GraphQLResolveInfo
        : null,
      complete: this.#complete(type, nodes),
      isLasting: this.#isLasting(type, nodes),
    };
  }

  /** Whether everything below a field is made from its value alone. */
  #isLasting(type: GraphQLOutputType, nodes: FieldNode[]): boolean {
    const named = getNamedType(type);
    if (isLeafType(named)) return true;
    if (!isObjectType(named)) return false;
    const selections = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    return this.fields(named, selections).every(
      ({ definition, takesArguments, isLasting }) =>
        isLasting && !takesArguments && (definition.resolve === undefined || definition.resolve.length === 1),
    );
  }

  #complete(type: GraphQLOutputType, nodes: FieldNode[]): Complete {
    if (isNonNullType(type)) {
      const complete = this.#complete(type.ofType, nodes);
      return (value, run) => {
        if (value === null || value === undefined) throw new NotPlain();
        return complete(value, run);
      };
    }
    if (isListType(type)) {
      const complete = this.#complete(type.ofType, nodes);
      return (value, run) => {
        if (value === null || value === undefined) return "null";
        if (!Array.isArray(value)) throw new NotPlain();
        const items = value.map((item) => {
          if (item instanceof Promise) throw new NotPlain();
          return complete(item, run);
        });
        const text = joined(items, ",");
        return typeof text === "string" ? `[${text}]` : text.then((settled) => `[${settled}]`);
      };
    }
    if (isLeafType(type)) return leaf(type);
    if (isObjectType(type) && type.isTypeOf === undefined) {
      const selections = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
      return object(this.fields(type, selections));
    }
    if (isInterfaceType(type) || isUnionType(type)) return this.#oneOf(type, nodes);
    throw new NotPlain();
  }

  #oneOf(type: GraphQLInterfaceType | GraphQLUnionType, nodes: FieldNode[]): Complete {
    const { resolveType } = type;
    if (!resolveType) throw new NotPlain();
    const possible = new Map(
      this.#schema.getPossibleTypes(type).map((one) => [one.name, this.#complete(one, nodes)] as const),
    );
    return (value, run) => {
      if (value === null || value === undefined) return "null";
      const name = resolveType(value, run.context, noInfo, type);
      const complete = typeof name === "string" ? possible.get(name) : undefined;
      if (complete === undefined) throw new NotPlain();
      return complete(value, run);
    };
  }
}

/** Whoever looks at it has to be told by the executor. */
const noInfo = undefined as unknown as GraphQLResolveInfo;

function typename({ name }: GraphQLObjectType, key: string, node: FieldNode): PlannedField {
  const definition = { resolve: (_: unknown) => name } as unknown as PlannedField["definition"];
  const text = JSON.stringify(name);
  return {
    begin: `${JSON.stringify(key)}:`,
    name: "__typename",
    node,
    definition,
    takesArguments: false,
    info: null,
    complete: () => text,
    isLasting: true,
  };
}

function leaf(type: GraphQLLeafType): Complete {
  return (value) => {
    if (value === null || value === undefined) return "null";
    const result = type.coerceOutputValue(value as never);
    if (result === null || result === undefined) throw new NotPlain();
    return JSON.stringify(result);
  };
}

function object(fields: PlannedField[]): Complete {
  const begins = fields.map(({ begin }, index) => (index === 0 ? `{${begin}` : `,${begin}`));
  return (source, run) => {
    if (source === null || source === undefined) return "null";
    if (source instanceof Error) throw new NotPlain();
    let text = "";
    let parts: (string | Promise<string>)[] | null = null;
    for (let index = 0; index < fields.length; index++) {
      const own = fieldText(fields[index]!, source, run);
      if (parts !== null) parts.push(begins[index]!, own);
      else if (typeof own === "string") text += begins[index] + own;
      else parts = [text + begins[index], own];
    }
    return parts === null ? `${text}}` : joined([...parts, "}"], "");
  };
}

/** The plans of documents by their text. Only documents go in that were found valid and affordable. */
export class Plans {
  readonly #schema: GraphQLSchema;
  readonly #plans = new Map<string, Map<string | null, Plan | null>>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
    neverTwice(schema);
  }

  get(text: string, operationName: string | null): Plan | null {
    return this.#plans.get(text)?.get(operationName) ?? null;
  }

  add(text: string, operationName: string | null, document: DocumentNode, operation: OperationDefinitionNode): void {
    const known = this.#plans.get(text);
    // A long text is not worth its place.
    if (known?.has(operationName) || text.length > 20_000) return;
    const plans = known ?? new Map<string | null, Plan | null>();
    this.#plans.set(text, plans.set(operationName, planOf(this.#schema, document, operation)));
    if (this.#plans.size > 1_000) this.#plans.delete(this.#plans.keys().next().value!);
  }
}
