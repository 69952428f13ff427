/** Yoga as its documentation begins. */
import { createServer } from "node:http";
import { createSchema, createYoga } from "graphql-yoga";
import { announce } from "./announce.mjs";
import { sessions, typeDefs } from "./data.mjs";

const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers: { Query: { session: (_, { id }) => sessions.get(id) } } }),
  logging: false,
});
const server = createServer(yoga);
server.listen(0, "127.0.0.1", () => announce(server));
