import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { createEmbeddedTables, createTables } from "../support/databases.ts";
import { type ServerProcess, startProcess } from "../support/process.ts";
import { findProgram } from "../support/programs.ts";
import { freePort } from "../support/servers.ts";
import type { DatabaseKind } from "../support/world.ts";

/** The product as a person has it: one process, a database of its own, one address that outlives restarts. */
export interface Product {
  url: string;
  browser: Browser;
  /** A window of its own, with its own storage, until the test has ended; what goes wrong in it is collected. */
  open(path: string, options?: BrowserContextOptions): Promise<Window>;
  stopServer(): Promise<void>;
  startServer(): Promise<void>;
  close(): Promise<void>;
}

export interface Window {
  page: Page;
  /** Another page of the same window. */
  another(path: string): Promise<Page>;
  /** Errors of the page: thrown, or told to the console. */
  errors: string[];
  /** Names of the operations that went over HTTP. */
  operations: string[];
  /** How many sockets were opened, again included. */
  sockets(): number;
}

/** Of several lists Chromium takes the last: these are Playwright's own, and what costs time beside the page itself. */
const switchedOff = [
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsUpgrades",
  "HttpsFirstBalancedModeAutoEnable",
  "LensOverlay",
  "MediaRouter",
  "PaintHolding",
  "ThirdPartyStoragePartitioning",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "OptimizationHints",
  "NetworkTimeServiceQuerying",
  "AimEnabled",
  "PreconnectToSearch",
  // Chromium's own pages for its address bar, which no window here shows: loading them took as long as ours.
  "WebUIOmniboxPopup",
  "WebUIOmniboxAimPopup",
  "PreloadTopChromeWebUI",
  // A process for the next page, which mostly never comes.
  "SpareRendererForSitePerProcess",
];

const chromiumArguments = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--disable-features=${switchedOff.join(",")}`,
];

export async function openProduct(kind: DatabaseKind, env: Record<string, string> = {}): Promise<Product> {
  const dataDir = mkdtempSync(join(tmpdir(), "vivavoce-browser-"));
  // How fast a database answers is the machine's affair.
  const database: Record<string, string> =
    kind === "postgres" ? { DATABASE_URL: await createTables(), DATABASE_TIMEOUT: "60s" } : {};
  if (kind === "pglite") await createEmbeddedTables(dataDir);
  const port = await freePort();
  const start = (): Promise<ServerProcess> =>
    startProcess({ DATA_DIR: dataDir, PORT: String(port), ...database, ...env });
  const [first, browser] = await Promise.all([
    start(),
    chromium.launch({ executablePath: findProgram("chromium")!, args: chromiumArguments }),
  ]);
  let server: ServerProcess = first;
  const { url } = first;

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Window> {
    const context = await browser.newContext({ locale: "en-GB", acceptDownloads: true, ...options });
    // A bound on endless waiting, far from what it takes.
    context.setDefaultTimeout(90_000);
    // Left open it would go on drawing beside all the tests that follow.
    onTestFinished(() => context.close());
    let sockets = 0;
    context.on("page", (page) => void page.on("websocket", () => sockets++));
    const page = await context.newPage();
    const window: Window = { page, another, errors: [], operations: [], sockets: () => sockets };
    context.on("console", (message) => {
      // A server that is away is an error to Chromium, and nothing new to the page.
      const expected = /ERR_CONNECTION_REFUSED|WebSocket connection to|ERR_CONNECTION_RESET/.test(message.text());
      if (message.type() === "error" && !expected) window.errors.push(message.text());
    });
    context.on("weberror", (error) => window.errors.push(error.error().stack ?? String(error.error())));
    context.on("request", (request) => {
      const body = request.method() === "POST" ? request.postDataJSON() : null;
      const name = /(?:query|mutation) (\w+)/.exec(body?.query ?? "")?.[1];
      if (name) window.operations.push(name);
    });
    async function another(to: string): Promise<Page> {
      const page = await context.newPage();
      await page.goto(url + to);
      return page;
    }
    await window.page.goto(url + path);
    return window;
  }

  return {
    url,
    browser,
    open,
    stopServer: () => server.kill(),
    async startServer() {
      server = await start();
    },
    async close() {
      await browser.close();
      await server.kill();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Writes what the page looks like to a folder named by SCREENSHOTS, when there is one. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
