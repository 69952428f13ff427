import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type GraphQLUnionType,
  getArgumentValues,
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
import type { Context } from "./context.ts";
import { lasting, showsOnlyItsObject } from "./lasting.ts";

/** Thrown when the executor has to answer. */
export class NotPlannable extends Error {}

export interface PlannedField extends Completion {
  /** The response key with a colon. */
  begin: string;
  name: string;
  node: FieldNode;
  definition: GraphQLField<unknown, unknown>;
  takesArguments: boolean;
  /** The resolve info; for root fields only, whose wrappers need it to compute the cost. */
  info: ((run: Run) => GraphQLResolveInfo) | null;
}

/** Serialises a resolver's value; synchronous when nothing has to be awaited. */
type Complete = (value: unknown, run: Run) => string | Promise<string>;

interface Completion {
  complete: Complete;
  /** Everything below it depends on the value alone: not on the caller, arguments, or anything read meanwhile. */
  isLasting: boolean;
}

export interface Run {
  context: Context;
  variables: VariableValues;
  /** How many more characters the response may have. */
  room: number;
}

export type VariableValues = ValidatedExecutionArgs["variableValues"];

export function coerced(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  inputs: Record<string, unknown> | null,
): VariableValues {
  const { variableValues } = getVariableValues(schema, variableDefinitions, inputs ?? {}, { maxErrors: 1 });
  if (!variableValues) throw new NotPlannable();
  return variableValues;
}

export function resolved(
  { definition, name, node, takesArguments, info }: PlannedField,
  source: unknown,
  run: Run,
): unknown {
  const { resolve } = definition;
  if (resolve === undefined) return propertyOf(source, name);
  const args = takesArguments ? getArgumentValues(definition, node, run.variables) : noArguments;
  return resolve(source, args, run.context, info?.(run) as GraphQLResolveInfo);
}

/** The JSON of one field's value. */
function fieldText(field: PlannedField, source: unknown, run: Run): string | Promise<string> {
  const value = resolved(field, source, run);
  return value instanceof Promise
    ? handled(value.then((found) => field.complete(found, run)))
    : field.complete(value, run);
}

function joined(texts: (string | Promise<string>)[], separator: string): string | Promise<string> {
  if (texts.every((text) => typeof text === "string")) return texts.join(separator);
  return handled(Promise.all(texts).then((settled) => settled.join(separator)));
}

/** Marks a rejection as handled, since an abandoned run no longer awaits it. */
export function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

function propertyOf(source: unknown, name: string): unknown {
  const value = (source as Record<string, unknown>)[name];
  if (typeof value === "function") throw new NotPlannable();
  return value;
}

export const noArguments = Object.freeze({});

/** The selections on one type. */
interface Found {
  /** By response key. */
  nodes: Map<string, FieldNode[]>;
  /** The names of the fragments already followed. */
  spread: Set<string>;
}

export class Planner {
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

  /** The fields selected on a type, in order, merged by response key. */
  fields(type: GraphQLObjectType, selections: SelectionSetNode[], isRoot = false): PlannedField[] {
    const found: Found = { nodes: new Map(), spread: new Set() };
    for (const selection of selections) this.#collect(type, selection, found);
    return [...found.nodes].map(([key, sameKey]) => this.#field(type, key, sameKey, isRoot));
  }

  #collect(type: GraphQLObjectType, { selections }: SelectionSetNode, found: Found): void {
    for (const selection of selections) {
      if (selection.directives?.length) throw new NotPlannable();
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const known = found.nodes.get(key);
        if (known) known.push(selection);
        else found.nodes.set(key, [selection]);
        continue;
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        // Fragments that each spread the next one twice would be followed 2, 4, 8, … times.
        if (found.spread.has(selection.name.value)) continue;
        found.spread.add(selection.name.value);
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments[selection.name.value];
      if (!fragment || fragment.directives?.length) throw new NotPlannable();
      const condition = fragment.typeCondition?.name.value;
      if (condition !== undefined && condition !== type.name && !this.#includes(condition, type)) continue;
      this.#collect(type, fragment.selectionSet, found);
    }
  }

  /** Whether a fragment on an interface or union applies to a type. */
  #includes(condition: string, type: GraphQLObjectType): boolean {
    const other = this.#schema.getType(condition);
    return isAbstractType(other) && this.#schema.isSubType(other, type);
  }

  #field(parentType: GraphQLObjectType, key: string, nodes: FieldNode[], isRoot: boolean): PlannedField {
    const [node] = nodes as [FieldNode];
    const name = node.name.value;
    if (name === "__typename") return typename(parentType, key, node);
    const definition = parentType.getFields()[name];
    // Other names with two underscores are introspection.
    if (!definition) throw new NotPlannable();
    const { resolve, args, type, extensions } = definition;
    // The cost depends on the arguments and has to be checked each time.
    if (typeof extensions.complexity === "function") throw new NotPlannable();
    // The resolver uses its info argument, which only the executor provides.
    if (!isRoot && resolve !== undefined && (resolve.length === 0 || resolve.length > 3)) throw new NotPlannable();
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
      ...this.#completion(type, nodes),
    };
  }

  #completion(type: GraphQLOutputType, nodes: FieldNode[]): Completion {
    if (isNonNullType(type)) {
      const { complete, isLasting } = this.#completion(type.ofType, nodes);
      const present: Complete = (value, run) => {
        if (value === null || value === undefined) throw new NotPlannable();
        return complete(value, run);
      };
      return { complete: present, isLasting };
    }
    if (isListType(type)) {
      const { complete, isLasting } = this.#completion(type.ofType, nodes);
      const list: Complete = (value, run) => {
        if (value === null || value === undefined) return "null";
        if (!Array.isArray(value)) throw new NotPlannable();
        const items = value.map((item) => {
          if (item instanceof Promise) throw new NotPlannable();
          return complete(item, run);
        });
        const text = joined(items, ",");
        return typeof text === "string" ? `[${text}]` : text.then((settled) => `[${settled}]`);
      };
      return { complete: list, isLasting };
    }
    if (isLeafType(type)) return { complete: leaf(type), isLasting: true };
    if (isObjectType(type) && type.isTypeOf === undefined) {
      const fields = this.fields(
        type,
        nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
      );
      return { complete: object(fields), isLasting: fields.every(lastsWithItsObject) };
    }
    if (isInterfaceType(type) || isUnionType(type)) return { complete: this.#oneOf(type, nodes), isLasting: false };
    throw new NotPlannable();
  }

  #oneOf(type: GraphQLInterfaceType | GraphQLUnionType, nodes: FieldNode[]): Complete {
    const { resolveType } = type;
    if (!resolveType) throw new NotPlannable();
    const possible = new Map(
      this.#schema.getPossibleTypes(type).map((one) => [one.name, this.#completion(one, nodes).complete] as const),
    );
    return (value, run) => {
      if (value === null || value === undefined) return "null";
      const name = resolveType(value, run.context, noInfo, type);
      const complete = typeof name === "string" ? possible.get(name) : undefined;
      if (complete === undefined) throw new NotPlannable();
      return complete(value, run);
    };
  }
}

function lastsWithItsObject({ definition, takesArguments, isLasting }: PlannedField): boolean {
  return isLasting && !takesArguments && showsOnlyItsObject(definition);
}

/** Resolvers that use it are not planned. */
const noInfo = undefined as unknown as GraphQLResolveInfo;

function typename({ name }: GraphQLObjectType, key: string, node: FieldNode): PlannedField {
  const definition = { resolve: (_: unknown) => name, extensions: lasting } as unknown as PlannedField["definition"];
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
  return (value, run) => {
    if (value === null || value === undefined) return "null";
    const result = type.coerceOutputValue(value as never);
    if (result === null || result === undefined) throw new NotPlannable();
    const text = JSON.stringify(result);
    run.room -= text.length;
    if (run.room < 0) throw new NotPlannable();
    return text;
  };
}

function object(fields: PlannedField[]): Complete {
  const begins = fields.map(({ begin }, index) => (index === 0 ? `{${begin}` : `,${begin}`));
  return (source, run) => {
    if (source === null || source === undefined) return "null";
    if (source instanceof Error) throw new NotPlannable();
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
