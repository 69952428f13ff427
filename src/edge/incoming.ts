import { IncomingMessage } from "node:http";

/**
 * A request. Many clients offer an upgrade to HTTP/2 with their first request, like Java's and `curl --http2`: every
 * offer but WebSocket is ignored, and the request answered as usual (RFC 9110, 7.8).
 */
export class Incoming extends IncomingMessage {
  /** Whether the client offers an upgrade. */
  offers = false;

  /** Node routes the request by this property. shouldUpgradeCallback would do the same, but Node 22.18 lacks it. */
  get upgrade(): boolean {
    return this.offers && (this.method === "CONNECT" || this.headers.upgrade?.toLowerCase() === "websocket");
  }

  set upgrade(offers: boolean) {
    this.offers = offers;
  }
}
