import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { SettingsFault } from "../config.ts";
import { graphqlError } from "../graphql/errors.ts";

/** How a request names its document, on any transport. */
export interface DocumentChoice {
  query?: unknown;
  variables?: unknown;
  documentId?: unknown;
  extensions?: unknown;
}

/** The document's text; throws a GraphQLError when there is none or it is not trusted. */
export type TextOf = (choice: DocumentChoice) => string;

/** Without a file every document is allowed. With one, only those in it: named by hash, or sent in full. */
export function createTextOf(path: string | null): TextOf {
  if (path === null) return givenText;
  const texts = readTexts(path);
  return (choice) => {
    const hash = hashOf(choice) ?? sha256(givenText(choice));
    const text = texts.get(hash);
    if (text === undefined) throw graphqlError("FORBIDDEN", "Only trusted documents run here");
    // If both are sent they must match: a known hash does not admit another text.
    if (typeof choice.query === "string" && choice.query !== "" && sha256(choice.query) !== hash) {
      throw graphqlError("BAD_USER_INPUT", "The document is not the one that its hash names");
    }
    return text;
  };
}

function givenText(choice: DocumentChoice): string {
  const { query } = choice;
  // The message that makes Apollo's and urql's clients send the text.
  if (!query && hashOf(choice) !== null) throw graphqlError("BAD_USER_INPUT", "PersistedQueryNotSupported");
  if (typeof query !== "string" || query === "") {
    throw graphqlError("BAD_USER_INPUT", "The parameter query must be a string that is not empty");
  }
  return query;
}

/** The hash in `documentId`, with or without "sha256:", or in the extensions that Apollo's and urql's clients send. */
export function hashOf({ documentId, extensions }: DocumentChoice): string | null {
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: { sha256Hash?: unknown } | null };
  const hash = documentId ?? persistedQuery?.sha256Hash;
  return typeof hash === "string" ? hash.replace(/^sha256:/, "").toLowerCase() : null;
}

function readTexts(path: string): Map<string, string> {
  let entries: [string, unknown][];
  try {
    entries = Object.entries(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    throw new SettingsFault("TRUSTED_DOCUMENTS", `must name a file of JSON, hash to text: "${path}" is none`);
  }
  return new Map(
    entries.map(([name, text]) => {
      const hash = name.replace(/^sha256:/, "").toLowerCase();
      if (typeof text !== "string" || sha256(text) !== hash) {
        throw new SettingsFault("TRUSTED_DOCUMENTS", `names a text by what is not its SHA-256: ${name}`);
      }
      return [hash, text];
    }),
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
