/** When to try again, and when not to. */

import { Close } from "../protocol/messages";

/** Silence on the state channel after which a connection counts as lost, ms. */
export const STATE_SILENCE = 2000;
/** The same over the socket, where a lost segment is sent again later and later. */
export const SOCKET_SILENCE = 6000;

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

  /**
   * @param every Milliseconds between looks.
   * @param patience Silence that is too long, ms.
   */
  constructor(
    private readonly every: number,
    now: number,
    private readonly patience = STATE_SILENCE,
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
    return this.silent > this.patience;
  }
}

/** First and longest wait before a peer connection is tried again beside a socket that carries, ms. */
const FIRST_RENEWAL = 8000;
const LONGEST_RENEWAL = 120_000;

/** Calls again later and later, until it succeeded. */
export class Renewal {
  private wait = FIRST_RENEWAL;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly act: () => void) {}

  later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.act, this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_RENEWAL);
  }

  succeeded(): void {
    this.stop();
    this.wait = FIRST_RENEWAL;
  }

  stop(): void {
    clearTimeout(this.timer);
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
