/** When to try again, and when not to. */

import { Close } from "../protocol/messages";

/** Silence on the state channel after which a connection counts as lost, ms. */
export const STATE_SILENCE = 2000;

const FIRST_WAIT = 400;
const LONGEST_WAIT = 8000;

/** Wait before attempt number `failures` + 1, ms: doubling, with up to a quarter of scatter taken off. */
export function retryWait(failures: number, random: () => number = Math.random): number {
  const wait = Math.min(FIRST_WAIT * 2 ** Math.max(failures - 1, 0), LONGEST_WAIT);
  return wait * (1 - 0.25 * random());
}

/**
 * Notices that the other side fell silent.
 *
 * Time in which the page itself stood still (a long frame, a sleeping tab) does not count: packets that came
 * meanwhile are still waiting to be read. So silence is a sum of looks, each worth at most two intervals.
 */
export class SilenceWatch {
  private silent = 0;
  private last: number;
  private heardSince = false;

  /** @param every Milliseconds between looks. */
  constructor(
    private readonly every: number,
    now: number,
  ) {
    this.last = now;
  }

  heard(): void {
    this.heardSince = true;
  }

  /** Look at `now` (ms); true when it has been silent for too long. */
  look(now: number): boolean {
    this.silent = this.heardSince ? 0 : this.silent + Math.min(now - this.last, 2 * this.every);
    this.heardSince = false;
    this.last = now;
    return this.silent > STATE_SILENCE;
  }
}

const FINAL: ReadonlySet<number> = new Set([
  Close.LEFT,
  Close.MALFORMED,
  Close.OUT_OF_ORDER,
  Close.UNSUPPORTED_PROTOCOL,
  Close.BAD_NAME,
  Close.REPLACED,
  Close.BAD_OFFER,
  Close.FULL,
  Close.UNKNOWN_SPOT,
  Close.REMOVED,
]);

/** True when trying again by itself would only be refused again. */
export function isFinal(closeCode: number): boolean {
  return FINAL.has(closeCode);
}
