/** Other people between two packets: the server's clock as heard here, and poses in between. */

import type { PersonState } from "../render/api";
import { Posed } from "./posed";

/** A pose is carried on at its speed for at most this long after the newest packet, seconds. */
export const CARRY_ON = 0.15;
/** Further apart than this between two packets, metres: a teleport, not a walk. */
export const LEAP = 2.5;
/** States further apart than this, seconds, say nothing of a speed. */
const SPEED_WITHIN = 0.5;
const KEPT = 24;
/** A packet's lateness counts for about so long, seconds. */
const JITTER_FALLS = 5;
/** Later than this is no jitter but an interruption, seconds. */
const LATEST = 0.4;

/** A measure that follows what it hears upwards at once, and downwards with a time constant. */
export class SlowlyFalling {
  private heardAt: number | null = null;

  /**
   * @param seconds Time constant of the fall.
   * @param value Before anything was heard.
   */
  constructor(
    private readonly seconds: number,
    public value: number,
  ) {}

  /** Hear a value at `now` (seconds). */
  hear(value: number, now: number): void {
    const passed = this.heardAt === null ? 0 : Math.max(now - this.heardAt, 0);
    this.heardAt = now;
    this.value = Math.max(value, value + (this.value - value) * Math.exp(-passed / this.seconds));
  }
}

/**
 * The server's time, from tick numbers and their arrival.
 *
 * The packet that came with the least delay among the newest `window` tells the offset; it is approached slowly,
 * so that shown time never jumps.
 */
export class TickClock {
  private readonly arrivals: number[] = [];
  private offset: number | null = null;
  private lateness = new SlowlyFalling(JITTER_FALLS, 0);

  constructor(
    private readonly tickSeconds: number,
    private readonly window = 30,
  ) {}

  /** Hear a tick at `now` (seconds, any monotonic clock). Returns its server time. */
  hear(tick: number, now: number): number {
    const time = tick * this.tickSeconds;
    this.arrivals.push(now - time);
    if (this.arrivals.length > this.window) this.arrivals.shift();
    const least = Math.min(...this.arrivals);
    const far = this.offset === null || Math.abs(least - this.offset) > 0.5;
    this.offset = far || this.offset === null ? least : this.offset + (least - this.offset) * 0.1;
    this.lateness.hear(Math.min(Math.max(now - time - this.offset, 0), LATEST), now);
    return time;
  }

  /** Server time at `now`; null before the first tick. */
  at(now: number): number | null {
    return this.offset === null ? null : now - this.offset;
  }

  /** How late packets came lately, seconds: the latest of them, less as time goes by. */
  jitter(): number {
    return this.lateness.value;
  }

  reset(): void {
    this.arrivals.length = 0;
    this.offset = null;
    this.lateness = new SlowlyFalling(JITTER_FALLS, 0);
  }
}

/** One person's newest states in order of server time. */
export class StateBuffer {
  private readonly states: { time: number; state: PersonState }[] = [];

  /** Take a state in; one that is not newer than the newest is dropped. */
  push(time: number, state: PersonState): void {
    if (time <= this.newest()) return;
    this.states.push({ time, state });
    if (this.states.length > KEPT) this.states.shift();
  }

  /** How many states are kept. */
  get size(): number {
    return this.states.length;
  }

  /** Server time of the newest state. */
  newest(): number {
    return this.states.at(-1)?.time ?? Number.NEGATIVE_INFINITY;
  }

  /** Write the state at a server time; null while there is none. */
  at(time: number, into = new Posed()): Posed | null {
    const { states } = this;
    if (states.length === 0) return null;
    let index = states.length - 1;
    while (index > 0 && states[index].time > time) index -= 1;
    const from = states[index];
    const to = states[index + 1];
    const before = states[index - 1];
    if (to !== undefined && time > from.time) {
      mix(into, from.state, to.state, (time - from.time) / (to.time - from.time));
    } else if (to !== undefined || before === undefined || from.time - before.time > SPEED_WITHIN) {
      into.copy(from.state);
    } else {
      const ahead = Math.min(time - from.time, CARRY_ON) / (from.time - before.time);
      mix(into, before.state, from.state, 1 + ahead);
    }
    return into;
  }
}

/** The state at share `t` of the way from a to b, and a little further; what leaps is at b at once. */
function mix(into: Posed, a: PersonState, b: PersonState, t: number): void {
  const east = b.position[0] - a.position[0];
  const south = b.position[2] - a.position[2];
  if (east * east + south * south > LEAP * LEAP) into.copy(b);
  else into.mix(a, b, t);
}
