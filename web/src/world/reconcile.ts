/** Comparing where I walked with where the server holds me. */

import type { Vec3 } from "../render/api";
import { added, groundDistance } from "./body";

/** Off by more than this, metres: jump to the server's place. */
export const SNAP_BEYOND = 0.5;
/** Off by less than this: the wire's rounding, leave it. */
const IGNORE_BELOW = 0.02;
/** Share of a small error that is taken back with each packet. */
const BLEND = 0.15;
/** Samples remembered: three seconds at 20 Hz, more than any round trip worth walking with. */
const MEMORY = 60;

export interface Correction {
  readonly kind: "snap" | "blend";
  readonly shift: Vec3;
}

/**
 * The positions I sent, by sequence number. The server says which sample it accepted last and where it holds
 * me: the difference to *that* sample is the error, whatever I walked since.
 */
export class SentPositions {
  private readonly sent = new Map<number, Vec3>();

  remember(sequence: number, position: Vec3): void {
    this.sent.delete(sequence);
    this.sent.set(sequence, position);
    if (this.sent.size > MEMORY) {
      const [oldest] = this.sent.keys();
      if (oldest !== undefined) this.sent.delete(oldest);
    }
  }

  /** Forget all: I was put elsewhere. */
  clear(): void {
    this.sent.clear();
  }

  /** What to change, or null. Heights are left to the ground. */
  correct(acknowledged: number, held: Vec3): Correction | null {
    const then = this.sent.get(acknowledged);
    if (then === undefined) return null;
    const error = groundDistance(then, held);
    if (error < IGNORE_BELOW) return null;
    const share = error > SNAP_BEYOND ? 1 : BLEND;
    const shift: Vec3 = [(held[0] - then[0]) * share, 0, (held[2] - then[2]) * share];
    // What was sent since carries the same error: without this it would be corrected once a packet.
    for (const [sequence, position] of this.sent) this.sent.set(sequence, added(position, shift));
    return { kind: share === 1 ? "snap" : "blend", shift };
  }
}
