/** Apollo Server as its documentation begins. */
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { sessions, typeDefs } from "./data.mjs";

const server = new ApolloServer({ typeDefs, resolvers: { Query: { session: (_, { id }) => sessions.get(id) } } });
const { url } = await startStandaloneServer(server, { listen: { port: 0, host: "127.0.0.1" } });
console.log(`ready ${new URL(url).origin.replace("localhost", "127.0.0.1")}`);
process.on("SIGTERM", () => process.exit(0));
