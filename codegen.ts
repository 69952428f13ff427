import type { CodegenConfig } from "@graphql-codegen/cli";

type Output = NonNullable<CodegenConfig["generates"]>[string];

/** Typed documents for whoever speaks to the API: what a query selects is what TypeScript knows of its answer. */
export default {
  schema: "schema.graphql",
  errorsOnly: true,
  ignoreNoDocuments: true,
  generates: {
    "examples/interview-room/src/generated/": typedDocuments("examples/interview-room/src/**/*.{ts,tsx}"),
    "examples/interview-room/src/generated/possibleTypes.ts": {
      plugins: ["fragment-matcher"],
      config: { apolloClientVersion: 3, useExplicitTyping: false },
    },
    "examples/live-dashboard/src/generated/": typedDocuments("examples/live-dashboard/src/**/*.{ts,tsx}"),
    "test/generated/": typedDocuments("test/support/ask.ts"),
  },
} satisfies CodegenConfig;

function typedDocuments(documents: string): Output {
  return {
    documents: [documents, "!**/generated/**"],
    preset: "client",
    presetConfig: { fragmentMasking: false },
    config: {
      scalars: { DateTime: "string", URL: "string" },
      enumsAsTypes: true,
      useTypeImports: true,
      importExtension: ".ts",
      emitLegacyCommonJSImports: false,
      defaultScalarType: "unknown",
    },
  };
}
