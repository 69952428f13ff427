import { readFileSync } from "node:fs";

/** The sessions that the benchmark answers with, by their id: what the product itself answered before. */
export const sessions = new Map(Object.entries(JSON.parse(readFileSync(process.env.SESSIONS, "utf8"))));
export const typeDefs = readFileSync(new URL("../../schema.graphql", import.meta.url), "utf8");
