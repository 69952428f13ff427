import { IncomingMessage } from "node:http";

/**
 * A request. Many clients offer to go on in HTTP/2, Java's and `curl --http2` with their first one: what is offered beside
 * WebSocket is passed over, and the request answered as any other (RFC 9110, 7.8).
 */
export class Incoming extends IncomingMessage {
  /** Whether another protocol is offered. */
  offers = false;

  /** By this Node decides who gets the request. Its shouldUpgradeCallback would do, which Node 22.18 lacks. */
  get upgrade(): boolean {
    return this.offers && (this.method === "CONNECT" || this.headers.upgrade?.toLowerCase() === "websocket");
  }

  set upgrade(offers: boolean) {
    this.offers = offers;
  }
}
