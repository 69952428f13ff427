import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  buildSchema,
  findBreakingChanges,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from "graphql";
import { expect, it } from "vitest";

const read = (path: string): GraphQLSchema =>
  buildSchema(readFileSync(resolve(import.meta.dirname, path), "utf8"), { assumeValidSDL: true });

it("keeps everything that the contract promises to clients", () => {
  expect(findBreakingChanges(read("fixtures/contract.graphql"), read("../schema.graphql"))).toEqual([]);
});

it("describes every type, field, argument and value", () => {
  const bare: string[] = [];
  const look = (name: string, described: { description?: string | null | undefined }): void => {
    if (!described.description?.trim()) bare.push(name);
  };
  for (const type of Object.values(read("../schema.graphql").getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    look(type.name, type);
    if (isEnumType(type)) for (const value of type.getValues()) look(`${type.name}.${value.name}`, value);
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      look(`${type.name}.${field.name}`, field);
      if ("args" in field) for (const arg of field.args) look(`${type.name}.${field.name}(${arg.name})`, arg);
    }
  }
  expect(bare).toEqual([]);
});
