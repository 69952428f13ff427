/** Something with data to write soon. */
export interface Flushable {
  flush(): void;
}

/**
 * Flushes after all pending I/O events have been handled, so that what arrives together for one socket leaves in one
 * write.
 */
export class FlushQueue {
  #waiting: Flushable[] = [];

  add(one: Flushable): void {
    if (this.#waiting.push(one) === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) one.flush();
  }
}
