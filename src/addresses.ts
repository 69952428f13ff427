import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { networkInterfaces } from "node:os";
import { type Config, isLoopback, SettingsFault } from "./config.ts";

/**
 * Binds the address for a moment, so that an unusable one is reported like any other fault of the settings, before
 * anything is opened or changed.
 */
export async function checkAddress(config: Config): Promise<void> {
  const server = createServer();
  await listen(server, config);
  await new Promise((done) => server.close(done));
}

export async function listen(server: Server, { host, port }: Config): Promise<void> {
  server.listen(port, host);
  await once(server, "listening").catch(({ code, message }: NodeJS.ErrnoException) => {
    if (code === "EADDRINUSE") throw new SettingsFault("PORT", `${port} is in use`);
    throw new SettingsFault(code === "EACCES" ? "PORT" : "HOST", `cannot be listened on: ${host}:${port}, ${message}`);
  });
}

const wildcards = ["0.0.0.0", "::", "[::]"];

/** The address to reach it at from this machine, also if it listens on a wildcard. */
export function addressOf(address: ReturnType<Server["address"]>, host: string): string {
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const name = wildcards.includes(host) ? "127.0.0.1" : host;
  return `http://${name.includes(":") && !name.startsWith("[") ? `[${name}]` : name}:${port}`;
}

/** The origins of pages that this server serves, under every name of this machine. */
export function ownOrigins(publicUrl: string, url: string, host: string): string[] {
  const { port, hostname } = new URL(url);
  const names = wildcards.includes(host) ? allNames() : namesOf(hostname);
  return [new URL(publicUrl).origin, ...names.map((name) => `http://${name}:${port}`)];
}

/**
 * Whether a request's Host header names this server. Without authentication everybody who reaches the server may do
 * everything, so it is checked against DNS rebinding: a page whose name was pointed at this machine after it was loaded
 * has the same origin to a browser, and only the name gives it away.
 */
export function hostCheck({ authenticated, publicUrl, allowedOrigins }: Config): (host: string | undefined) => boolean {
  if (authenticated) return () => true;
  const configured = [publicUrl ?? [], allowedOrigins].flat().map((address) => hostName(URL.parse(address)));
  return (host) => {
    // Browsers always send it; only HTTP/1.0 clients may not.
    if (host === undefined) return true;
    const name = hostName(URL.parse(`http://${host}`));
    return name !== "" && (isLoopback(name) || name.endsWith(".localhost") || configured.includes(name));
  };
}

function hostName(url: URL | null): string {
  return url?.hostname.replace(/\.$/, "") ?? "";
}

const loopback = ["127.0.0.1", "localhost", "[::1]"];

function namesOf(hostname: string): string[] {
  return hostname === "127.0.0.1" || hostname === "localhost" ? loopback : [hostname];
}

function allNames(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const names = addresses.map(({ family, address }) => (family === "IPv6" ? `[${address}]` : address));
  return [...new Set([...loopback, ...names])];
}
