/** `node scripts/reference.ts` writes docs/reference.md from schema.graphql; `--check` fails when the committed one differs. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import {
  buildSchema,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
  print,
  valueToLiteral,
} from "graphql";
import { keep } from "./printed.ts";

const root = resolve(import.meta.dirname, "..");
const path = resolve(root, "docs/reference.md");
const schema = buildSchema(await readFile(resolve(root, "schema.graphql"), "utf8"));

const types = Object.values(schema.getTypeMap())
  .filter((type) => !type.name.startsWith("__") && !isSpecifiedScalarType(type))
  .sort((a, b) => (a.name < b.name ? -1 : 1));
const roots = [schema.getQueryType()!, schema.getMutationType()!, schema.getSubscriptionType()!];
const rest = types.filter((type) => !(roots as GraphQLNamedType[]).includes(type));

const kinds: [string, (type: GraphQLNamedType) => boolean][] = [
  ["Objects", isObjectType],
  ["Interfaces", isInterfaceType],
  ["Inputs", isInputObjectType],
  ["Unions", isUnionType],
  ["Enums", isEnumType],
  ["Scalars", isScalarType],
];

const page = `# API reference

Every type of the schema with its fields, as the schema itself describes them. Printed from \`schema.graphql\` by
\`npm run reference\`. How it all belongs together: [the life of an interview](interview.md).

${roots.map((type) => section(type)).join("\n")}
${kinds.map(([title, is]) => `## ${title}\n\n${rest.filter(is).map(section).join("\n")}`).join("\n")}`;

function section(type: GraphQLNamedType): string {
  const heading = (roots as GraphQLNamedType[]).includes(type) ? "##" : "###";
  return `${heading} ${type.name}\n\n${prose(type.description)}\n\n${bodyOf(type)}`;
}

function bodyOf(type: GraphQLNamedType): string {
  if (isUnionType(type)) {
    return `One of ${type.getTypes().map(link).join(", ")}.\n`;
  }
  if (isEnumType(type)) {
    return table(
      ["value", "meaning"],
      type.getValues().map(({ name, description }) => [`\`${name}\``, cell(description)]),
    );
  }
  if (isInputObjectType(type)) {
    return table(["field", "type", "meaning"], Object.values(type.getFields()).map(inputRow));
  }
  if (isObjectType(type) || isInterfaceType(type)) {
    const interfaces = type.getInterfaces().map(link);
    const implemented = interfaces.length > 0 ? `Implements ${interfaces.join(", ")}.\n\n` : "";
    const fields = Object.values(type.getFields()).flatMap((field) => [
      fieldRow(field),
      ...field.args.map(argumentRow),
    ]);
    return implemented + table(["field", "type", "meaning"], fields);
  }
  return "";
}

function fieldRow({ name, type, description }: GraphQLField<unknown, unknown>): string[] {
  return [`\`${name}\``, typeLink(type), cell(description)];
}

/** Below its field, with its default. */
function argumentRow(argument: GraphQLArgument): string[] {
  return [`&emsp;\`${argument.name}:\``, typeLink(argument.type), cell(argument.description) + defaultOf(argument)];
}

function inputRow(field: GraphQLInputField): string[] {
  return [`\`${field.name}\``, typeLink(field.type), cell(field.description) + defaultOf(field)];
}

function defaultOf({ default: preset, type }: GraphQLArgument | GraphQLInputField): string {
  if (preset === undefined) return "";
  const literal = preset.literal ?? valueToLiteral(preset.value, type);
  return literal ? ` Default: \`${print(literal)}\`.` : "";
}

function typeLink(type: GraphQLType): string {
  const named = getNamedType(type);
  return isSpecifiedScalarType(named) ? `\`${type}\`` : `[\`${type}\`](#${named.name.toLowerCase()})`;
}

function link({ name }: GraphQLNamedType): string {
  return `[\`${name}\`](#${name.toLowerCase()})`;
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.join(" | ")} |`;
  return `${[line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")}\n`;
}

function prose(text: string | null | undefined): string {
  return (text ?? "").trim();
}

function cell(text: string | null | undefined): string {
  return prose(text).replace(/\s+/g, " ").replaceAll("|", "\\|");
}

await keep(path, "docs/reference.md", "schema.graphql", "reference", page);
