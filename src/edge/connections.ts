/** Counts open sockets and streams, so that neither one viewer nor one address can take them all. */
export class Connections {
  readonly #perViewer: number;
  readonly #perAddress: number;
  readonly #open = new Map<string, number>();

  constructor(limits: { perViewer: number; perAddress: number }) {
    this.#perViewer = limits.perViewer;
    this.#perAddress = limits.perAddress;
  }

  /** Takes a place for both; null when one of them has none left. The function returned gives it back, once. */
  open(viewerId: string, address: string): (() => void) | null {
    const forAddress = this.openAddress(address);
    if (forAddress === null) return null;
    const forViewer = this.openViewer(viewerId);
    if (forViewer === null) {
      forAddress();
      return null;
    }
    return () => {
      forAddress();
      forViewer();
    };
  }

  openAddress(address: string): (() => void) | null {
    return this.#take(`address:${address}`, this.#perAddress);
  }

  openViewer(viewerId: string): (() => void) | null {
    return this.#take(`viewer:${viewerId}`, this.#perViewer);
  }

  #take(key: string, limit: number): (() => void) | null {
    const count = this.#open.get(key) ?? 0;
    if (count >= limit) return null;
    this.#open.set(key, count + 1);
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const left = (this.#open.get(key) ?? 1) - 1;
      if (left === 0) this.#open.delete(key);
      else this.#open.set(key, left);
    };
  }
}
