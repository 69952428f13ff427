import { type Client, createClient } from "graphql-ws";
import { createSignal, type Signal } from "./signal.ts";

/** LOST: it was there, and is being sought again. */
export type Connection = "IDLE" | "CONNECTED" | "LOST";

export interface Token {
  /** The bearer token; null where none was given. It ends with the tab. */
  readonly value: string | null;
  /** The server asked for a token, or refused the one it got. */
  readonly wanted: Signal<boolean>;
  /** Keeps the token and begins anew: nothing that another viewer has read stays. */
  signIn(value: string): void;
}

const storageKey = "vivavoce.token";

export function createToken(): Token {
  return {
    value: sessionStorage.getItem(storageKey),
    wanted: createSignal(false),
    signIn(value) {
      sessionStorage.setItem(storageKey, value.trim().replace(/^Bearer\s+/i, ""));
      location.reload();
    },
  };
}

const keepAliveMs = 15_000;
const pongWithinMs = 10_000;
const forbidden = 4403;

/**
 * One socket for all subscriptions. It opens with the first one, and comes back however often it is lost: at once when
 * the browser is online again, else after waits that grow up to five seconds.
 */
export function openSocket(token: Token): { socket: Client; connection: Signal<Connection> } {
  const connection = createSignal<Connection>("IDLE");
  let unanswered: ReturnType<typeof setTimeout> | undefined;

  const socket = createClient({
    url: () => `${location.origin.replace(/^http/, "ws")}/graphql`,
    connectionParams: authorization(token),
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: async (retries) => {
      if (token.wanted.get()) await new Promise(() => {});
      await Promise.race([wait(Math.min(250 * 2 ** retries, 5_000) * (0.5 + Math.random() / 2)), online()]);
    },
    keepAlive: keepAliveMs,
    on: {
      connected: () => connection.set("CONNECTED"),
      closed: (event) => {
        clearTimeout(unanswered);
        if ((event as CloseEvent).code === forbidden) token.wanted.set(true);
        connection.set((event as CloseEvent).code === 1000 ? "IDLE" : "LOST");
      },
      // A connection that died without a word is found by a ping that nobody answers.
      ping: (received) => {
        if (!received) unanswered = setTimeout(() => socket.terminate(), pongWithinMs);
      },
      pong: (received) => {
        if (received) clearTimeout(unanswered);
      },
    },
  });
  return { socket, connection };
}

export function authorization({ value }: Token): { authorization?: string } {
  return value === null ? {} : { authorization: `Bearer ${value}` };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function online(): Promise<void> {
  return new Promise((resolve) => addEventListener("online", () => resolve(), { once: true }));
}
