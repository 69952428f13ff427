/**
 * `npm run capacity` works out what a number of concurrent interviews needs, from coefficients. Any of them can be given:
 * `npm run capacity -- interviews=250000 socketKb=26`. Costs are taken to be linear, which they are until a thing is full:
 * so the answer is a plan to be checked under load, not a measurement. What is called measured is what `node bench/costs.ts`
 * printed on two cores where nothing else ran; put in what it prints on yours.
 */
interface Input {
  value: number;
  source: "measured" | "assumed";
  meaning: string;
}

const input = (value: number, source: Input["source"], meaning: string): Input => ({ value, source, meaning });

const inputs = {
  interviews: input(1_000_000, "assumed", "interviews at the same time"),
  watchers: input(1.2, "assumed", "sockets per interview"),
  secondsPerAnswer: input(90, "assumed", "seconds between two answers of one interview"),
  answersPerInterview: input(10, "assumed", "answers until an interview is complete"),
  eventsPerAnswer: input(3.6, "measured", "stored events per answer of a whole interview"),
  reserve: input(0.3, "assumed", "share kept free for peaks and for nodes that are away"),
  socketsPerNode: input(25_000, "assumed", "sockets that one api node is to hold"),
  socketKb: input(7.1, "measured", "KiB that an idle subscription takes"),
  deliveryMicros: input(262, "measured", "µs of CPU to deliver one event to the one who watches its session"),
  mutationMicros: input(1_155, "measured", "µs of an api node's CPU for one answer"),
  databaseMicros: input(1_245, "measured", "µs of PostgreSQL's CPU for one answer and the events that it brings"),
  databaseCores: input(16, "assumed", "cores of one database primary"),
  redisMicros: input(50, "measured", "µs of Redis' CPU for one event; a shard has one core"),
  eventBytes: input(243, "measured", "bytes of one stored event with its indexes"),
  interviewKb: input(122, "measured", "KiB that a finished interview keeps, its events and printed reports included"),
  batch: input(8, "assumed", "answers scored by one job"),
  jobsPerWorker: input(32, "assumed", "jobs at once on one worker (JOB_CONCURRENCY)"),
  secondsPerJob: input(5, "assumed", "seconds that one scoring call of the language model takes"),
  tokensPerAnswer: input(120, "assumed", "tokens that the model writes for one answer"),
  dailyAverage: input(0.25, "assumed", "share of the peak that a whole day averages"),
};

for (const argument of process.argv.slice(2)) {
  const [name = "", text = ""] = argument.split("=");
  if (!Object.hasOwn(inputs, name) || !(Number(text) > 0)) {
    console.error(`"${argument}" is not one of ${Object.keys(inputs).join(", ")} with a number above 0`);
    process.exit(1);
  }
  inputs[name as keyof typeof inputs].value = Number(text);
}

const of = (name: keyof typeof inputs): number => inputs[name].value;
const spare = 1 + of("reserve");
const sockets = of("interviews") * of("watchers");
const answers = of("interviews") / of("secondsPerAnswer");
const events = answers * of("eventsPerAnswer");
const deliveries = events * of("watchers");
const apiCores = (deliveries * of("deliveryMicros") + answers * of("mutationMicros")) / 1e6;
const apiNodes = Math.max((sockets / of("socketsPerNode")) * spare, apiCores * spare);
const databaseCores = (answers * of("databaseMicros")) / 1e6;
const finished = answers / of("answersPerInterview");
const averageDay = 86_400 * of("dailyAverage");
const jobs = answers / of("batch");
const lines: [string, number, string][] = [
  ["sockets", sockets, ""],
  ["answers", answers, "/s"],
  ["stored events", events, "/s"],
  ["deliveries", deliveries, "/s"],
  ["api nodes", Math.ceil(apiNodes), "of one core"],
  ["memory for sockets, per api node", (of("socketsPerNode") * of("socketKb")) / 1024, "MiB"],
  ["api CPU in all", apiCores, "cores"],
  ["database CPU in all", databaseCores, "cores"],
  ["database shards", Math.ceil((databaseCores / of("databaseCores")) * spare), "by hash of the session's id"],
  ["event log", (events * of("eventBytes") * averageDay) / 1e9, "GB a day"],
  ["interviews kept", (finished * of("interviewKb") * 1024 * averageDay) / 1e9, "GB a day, the event log included"],
  ["Redis shards", Math.ceil(((events * of("redisMicros")) / 1e6) * spare), "of one core"],
  ["jobs", jobs, "/s"],
  ["workers", Math.ceil(((jobs * of("secondsPerJob")) / of("jobsPerWorker")) * spare), ""],
  ["tokens written by models", answers * of("tokensPerAnswer"), "/s"],
];

const figure = (value: number): string => value.toLocaleString("en", { maximumFractionDigits: value < 100 ? 1 : 0 });
console.log("From");
for (const [name, { value, source, meaning }] of Object.entries(inputs)) {
  console.log(`  ${name.padEnd(18)} ${figure(value).padStart(12)}  ${source.padEnd(8)}  ${meaning}`);
}
console.log("follows");
for (const [what, value, unit] of lines) console.log(`  ${what.padEnd(34)} ${figure(value).padStart(12)} ${unit}`);
