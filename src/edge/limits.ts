import {
  type ASTVisitor,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  specifiedRules,
  type ValidationContext,
  type ValidationRule,
  validate,
} from "graphql";
import { isAsyncIterable, type Plugin } from "graphql-yoga";
import { graphqlError } from "../graphql/errors.ts";
import { sizeText } from "../interview/messages.ts";

export interface DocumentLimits {
  maxTokens: number;
  maxDepth: number;
  maxAliases: number;
  maxDirectives: number;
  /** In bytes. */
  maxResponse: number;
  /** Whether introspection is allowed; if so, it is exempt from the limits. */
  introspection: boolean;
}

/**
 * Limits on documents, for every transport: an envelop plugin rather than HTTP middleware, because sockets run the same
 * pipeline.
 */
export function documentLimits(limits: DocumentLimits): Plugin {
  const rules: ValidationRule[] = [
    ...specifiedRules,
    limitRule(limits),
    ...(limits.introspection ? [] : [NoSchemaIntrospectionCustomRule]),
  ];
  const documents = new DocumentCache();
  // Validity does not depend on the caller: access and cost are checked at execution.
  const valid = new WeakSet<DocumentNode>();
  return {
    onParse({ setParseFn }) {
      setParseFn((source: string, options: object) =>
        documents.get(source, () => parseWithin(source, limits, options)),
      );
    },
    onValidate({ setValidationFn }) {
      setValidationFn((schema: GraphQLSchema, document: DocumentNode) => {
        if (valid.has(document)) return [];
        // Our limits come first and alone: the other rules may be slow on a document that exceeds them.
        const errors =
          limitErrors(schema, document, limits) ??
          validate(schema, document, rules, { maxErrors: 10, hideSuggestions: !limits.introspection });
        if (errors.length === 0) valid.add(document);
        return errors.some(({ message }) => message === "Validation aborted.") ? [tooManyComparisons()] : errors;
      });
    },
    onExecute({ args }) {
      Object.assign(args, { hideSuggestions: !limits.introspection });
      return {
        // Before the result becomes JSON: until then texts that occur several times are in memory once.
        onExecuteDone({ result, setResult }) {
          if (isAsyncIterable(result) || bytesOf(result.data) <= limits.maxResponse) return;
          setResult({ errors: [tooLong(limits.maxResponse)] });
        },
      };
    },
    onSubscribe({ args }) {
      Object.assign(args, { hideSuggestions: !limits.introspection });
    },
  };
}

/**
 * The bytes of all texts in a result. JSON is not included: the data of exportMyData has to be complete, and its cost limits
 * how often it is in one response. GraphQL's objects, unlike those of JSON, have no prototype.
 */
function bytesOf(value: unknown): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (typeof value !== "object" || value === null) return 0;
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== null) return 0;
  let bytes = 0;
  for (const part of Object.values(value)) bytes += bytesOf(part);
  return bytes;
}

/** Caches parsed documents by their text, the most recently used ones; long texts are not cached. */
class DocumentCache {
  readonly #documents = new Map<string, DocumentNode>();

  get(source: string, parseSource: () => DocumentNode): DocumentNode {
    const known = this.#documents.get(source);
    const document = known ?? parseSource();
    if (source.length > 20_000) return document;
    if (known) this.#documents.delete(source);
    this.#documents.set(source, document);
    if (this.#documents.size > 1_000) this.#documents.delete(this.#documents.keys().next().value!);
    return document;
  }
}

const introspectionTokens = 4_000;

function parseWithin(source: string, { maxTokens, introspection }: DocumentLimits, options: object): DocumentNode {
  // Introspection queries are long: if allowed, they get the tokens they need, and nothing else does.
  const room = introspection && source.includes("__schema") ? Math.max(maxTokens, introspectionTokens) : maxTokens;
  let document: DocumentNode;
  try {
    document = parse(source, { ...options, maxTokens: room });
  } catch (error) {
    if (error instanceof GraphQLError && error.message.includes("tokens")) throw tooManyTokens(maxTokens);
    throw error;
  }
  // The name may also occur elsewhere in the text.
  if (document.tokenCount! > maxTokens && !isIntrospectionOnly(document)) throw tooManyTokens(maxTokens);
  return document;
}

function limitErrors(
  schema: GraphQLSchema,
  document: DocumentNode,
  limits: DocumentLimits,
): readonly GraphQLError[] | null {
  const errors = validate(schema, document, [limitRule(limits)], { maxErrors: 1 });
  return errors.length > 0 ? errors : null;
}

function limitRule(limits: DocumentLimits): ValidationRule {
  return (context: ValidationContext): ASTVisitor => {
    let aliases = 0;
    let directives = 0;
    return {
      Field(field) {
        if (field.alias && ++aliases === limits.maxAliases + 1) {
          context.reportError(
            tooExpensive(`The document has more than ${limits.maxAliases} aliases`, limits.maxAliases),
          );
        }
      },
      Directive() {
        if (++directives === limits.maxDirectives + 1) {
          context.reportError(
            tooExpensive(`The document has more than ${limits.maxDirectives} directives`, limits.maxDirectives),
          );
        }
      },
      OperationDefinition(operation) {
        if (isIntrospection(operation) && limits.introspection) return;
        if (deeperThan(context, operation.selectionSet, limits.maxDepth)) {
          context.reportError(tooExpensive(`The operation is nested deeper than ${limits.maxDepth}`, limits.maxDepth));
        }
      },
    };
  };
}

function isIntrospectionOnly({ definitions }: DocumentNode): boolean {
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  return operations.length > 0 && operations.every(isIntrospection);
}

function isIntrospection({ selectionSet }: OperationDefinitionNode): boolean {
  return selectionSet.selections.every(
    (selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith("__"),
  );
}

/** Each fragment is measured once: its depth is the same wherever it is spread. */
function deeperThan(context: ValidationContext, root: SelectionSetNode, max: number): boolean {
  const depths = new Map<string, number>();
  const open = new Set<string>();

  function depthOf(selections: SelectionSetNode): number {
    let deepest = 0;
    for (const selection of selections.selections) {
      if (selection.kind === Kind.FIELD) {
        deepest = Math.max(deepest, 1 + (selection.selectionSet ? depthOf(selection.selectionSet) : 0));
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        deepest = Math.max(deepest, depthOf(selection.selectionSet));
      } else {
        deepest = Math.max(deepest, depthOfFragment(selection.name.value));
      }
      if (deepest > max) return deepest;
    }
    return deepest;
  }

  function depthOfFragment(name: string): number {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const fragment = context.getFragment(name);
    // Cyclic fragments are reported by their own rule.
    if (!fragment || open.has(name)) return 0;
    open.add(name);
    const depth = depthOf(fragment.selectionSet);
    open.delete(name);
    depths.set(name, depth);
    return depth;
  }

  return depthOf(root) > max;
}

/** GraphQL gives up on documents with too many pairs of fields to compare. */
function tooManyComparisons(): GraphQLError {
  return graphqlError("QUERY_TOO_EXPENSIVE", "The document asks for the same fields too many times");
}

function tooManyTokens(maxTokens: number): GraphQLError {
  return tooExpensive(`The document has more than ${maxTokens} tokens`, maxTokens);
}

function tooLong(maxBytes: number): GraphQLError {
  return tooExpensive(`The response would be longer than ${sizeText(maxBytes)}: ask for less at a time`, maxBytes);
}

function tooExpensive(message: string, limit: number): GraphQLError {
  return graphqlError("QUERY_TOO_EXPENSIVE", message, { limit });
}
