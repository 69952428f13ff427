/** Counts open sockets and streams, so that no viewer and no address can use up all of them. */
export class Connections {
  readonly #perViewer: number;
  readonly #perAddress: number;
  readonly #viewers = new Map<string, number>();
  readonly #addresses = new Map<string, number>();

  constructor(limits: { perViewer: number; perAddress: number }) {
    this.#perViewer = limits.perViewer;
    this.#perAddress = limits.perAddress;
  }

  /** Counts one for both; null when one of them is at its limit. The function returned uncounts it. */
  open(viewerId: string, address: string): (() => void) | null {
    if (!this.takeAddress(address)) return null;
    if (!this.takeViewer(viewerId)) {
      this.releaseAddress(address);
      return null;
    }
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.releaseAddress(address);
      this.releaseViewer(viewerId);
    };
  }

  /** false at the limit. Each success has to be released once. */
  takeAddress(address: string): boolean {
    return take(this.#addresses, address, this.#perAddress);
  }

  releaseAddress(address: string): void {
    release(this.#addresses, address);
  }

  takeViewer(viewerId: string): boolean {
    return take(this.#viewers, viewerId, this.#perViewer);
  }

  releaseViewer(viewerId: string): void {
    release(this.#viewers, viewerId);
  }
}

function take(open: Map<string, number>, key: string, limit: number): boolean {
  const count = open.get(key) ?? 0;
  if (count >= limit) return false;
  open.set(key, count + 1);
  return true;
}

function release(open: Map<string, number>, key: string): void {
  const left = (open.get(key) ?? 1) - 1;
  if (left === 0) open.delete(key);
  else open.set(key, left);
}
