/** graphile-worker with the settings that its documentation gives for speed: a local queue of 500, batched results. */
import { createServer } from "node:http";
import { run } from "graphile-worker";

let started = [];
const preset = {
  worker: {
    connectionString: process.env.DATABASE_URL,
    concurrentJobs: 24,
    maxPoolSize: 25,
    localQueue: { size: 500 },
    completeJobBatchDelay: 0,
    failJobBatchDelay: 0,
  },
};
const taskList = {
  work: async ({ number }) => {
    started.push([number, Number(process.hrtime.bigint())]);
  },
};

/** POST /start begins to work; GET /started tells of each job begun since the last time, with its moment. */
const server = createServer(async (request, response) => {
  if (request.url === "/start") await run({ preset, taskList, noHandleSignals: true });
  response.end(JSON.stringify(started));
  started = [];
});
server.listen(0, "127.0.0.1", () => console.log(`ready at http://127.0.0.1:${server.address().port}`));
process.once("SIGTERM", () => process.exit(0));
