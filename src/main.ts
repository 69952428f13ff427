/**
 * The process: settings, start, signals, exit. Settings are read before anything else is loaded, so that a mistake is
 * reported at once. Node caches the compiled modules for the next start.
 */
import { enableCompileCache } from "node:module";
import { resolve } from "node:path";
import { readConfig, SettingsFault } from "./config.ts";

async function main(): Promise<void> {
  const config = readConfig(process.env);
  enableCompileCache(resolve(import.meta.dirname, "../node_modules/.cache/vivavoce"));
  const [{ createLog }, { start }] = await Promise.all([import("./log.ts"), import("./server.ts")]);
  const log = createLog(config.logLevel);
  // A signal during the start is heard too: the process stops as soon as the start is done.
  const starting = start(config, log);
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, "stopping");
    setTimeout(() => process.exit(1), config.drainDelay + config.drainTimeout + 4_000).unref();
    starting
      .then((running) => running.stop())
      .then(
        () => process.exit(0),
        (error) => {
          log.error({ err: error }, "stop failed");
          process.exit(1);
        },
      );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);

  const running = await starting;
  log.info({ role: config.role }, `Vivavoce is ready at ${config.publicUrl ?? running.url} (GraphiQL at /graphql)`);
  log.flush();
}

main().catch((error) => {
  console.error(
    error instanceof SettingsFault ? error.message : `The start failed: ${error?.message ?? String(error)}`,
  );
  process.exit(1);
});
