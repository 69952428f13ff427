import type { IncomingMessage } from "node:http";
import { expect, it } from "vitest";
import { clientAddress } from "../../src/edge/address.ts";

const peer = "127.0.0.1";

function seen(forwarded: string | undefined, proxies: number): string {
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  return clientAddress({ headers, socket: { remoteAddress: peer } } as unknown as IncomingMessage, proxies);
}

it.each<[string, string | undefined, number, string]>([
  ["what a client claims is not looked at without a proxy", "203.0.113.7", 0, peer],
  ["one proxy: what it saw stands last", "198.51.100.1, 203.0.113.7", 1, "203.0.113.7"],
  ["two proxies: what the outer one saw stands before that", "198.51.100.1, 203.0.113.7, 10.0.0.1", 2, "203.0.113.7"],
  ["who comes past the proxies is the peer", undefined, 1, peer],
  ["a port does not make another address", "203.0.113.7:50123", 1, "203.0.113.7"],
  ["IPv6 counts by its first 64 bits", "2001:db8::7", 1, "2001:db8:0:0::/64"],
  ["also with a port", "[2001:db8::9]:50123", 1, "2001:db8:0:0::/64"],
  ["IPv4 in IPv6 is IPv4", "::ffff:203.0.113.7", 1, "203.0.113.7"],
])("%s", (_, forwarded, proxies, address) => {
  expect(seen(forwarded, proxies)).toBe(address);
});
