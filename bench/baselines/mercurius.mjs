/** Mercurius with its just-in-time compiler, the product's own schema, and no protection of any kind. */
import Fastify from "fastify";
import mercurius from "mercurius";
import { announce } from "./announce.mjs";
import { sessions, typeDefs } from "./data.mjs";

const app = Fastify();
app.register(mercurius, {
  schema: typeDefs,
  resolvers: { Query: { session: (_, { id }) => sessions.get(id) } },
  jit: 1,
});
await app.listen({ port: 0, host: "127.0.0.1" });
announce(app.server);
