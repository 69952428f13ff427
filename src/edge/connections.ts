import type { Viewer } from "../graphql/context.ts";

/** Counts what is open per viewer or address, so that none of them can use up all of it. */
export class Share {
  readonly #limit: number;
  readonly #open = new Map<string, number>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** false at the limit. Each success has to be released once. */
  take(key: string): boolean {
    const count = this.#open.get(key) ?? 0;
    if (count >= this.#limit) return false;
    this.#open.set(key, count + 1);
    return true;
  }

  release(key: string): void {
    const left = (this.#open.get(key) ?? 1) - 1;
    if (left === 0) this.#open.delete(key);
    else this.#open.set(key, left);
  }
}

/** Open sockets and streams. */
export class Connections {
  readonly viewers: Share;
  readonly addresses: Share;

  constructor(limits: { perViewer: number; perAddress: number }) {
    this.viewers = new Share(limits.perViewer);
    this.addresses = new Share(limits.perAddress);
  }

  /** Counts one for both; null when one of them is at its limit. The function returned uncounts it. */
  open(viewerId: string, address: string): (() => void) | null {
    if (!this.addresses.take(address)) return null;
    if (!this.viewers.take(viewerId)) {
      this.addresses.release(address);
      return null;
    }
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.addresses.release(address);
      this.viewers.release(viewerId);
    };
  }
}

/** Under what a viewer's requests are counted: no address looks like it. */
export function viewerShare({ id }: Viewer): string {
  return `viewer ${id}`;
}

export const tooManyRequests = "Too many requests at once, please try again";
