/** Who has something to do, soon. */
export interface Turn {
  begin(): void;
}

/**
 * Lets everybody begin once all that has arrived by now is heard, so that what came together for one socket leaves in
 * one write.
 */
export class Turns {
  #waiting: Turn[] = [];

  take(turn: Turn): void {
    if (this.#waiting.push(turn) === 1) setImmediate(() => this.#begin());
  }

  #begin(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const turn of waiting) turn.begin();
  }
}
