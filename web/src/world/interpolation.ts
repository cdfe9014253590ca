/** Other people between two packets: the server's clock as heard here, and poses in between. */

import type { Part, PersonState, Quat, Vec3 } from "../render/api";
import { wrapAngle } from "./body";

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

function mixed(a: Vec3, b: Vec3, t: number): Vec3 {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

/** Normalised linear blend along the shorter arc: for steps of a few ticks as good as slerp. */
function blended(a: Quat, b: Quat, t: number): Quat {
  const dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
  const sign = dot < 0 ? -1 : 1;
  const raw = a.map((value, index) => value + (sign * (b[index] as number) - value) * t);
  const length = Math.hypot(...raw) || 1;
  return raw.map((value) => value / length) as unknown as Quat;
}

function mixedPart(a: Part | null, b: Part | null, t: number): Part | null {
  if (a === null || b === null) return b;
  return {
    position: mixed(a.position, b.position, t),
    orientation: blended(a.orientation, b.orientation, Math.min(t, 1)),
  };
}

/** The state at share `t` of the way from a to b; a little over 1 carries on. */
export function between(a: PersonState, b: PersonState, t: number): PersonState {
  if (Math.hypot(b.position[0] - a.position[0], b.position[2] - a.position[2]) > LEAP) return b;
  return {
    position: mixed(a.position, b.position, t),
    yaw: wrapAngle(a.yaw + wrapAngle(b.yaw - a.yaw) * Math.min(t, 1)),
    head: mixedPart(a.head, b.head, Math.min(t, 1)) ?? b.head,
    left: mixedPart(a.left, b.left, Math.min(t, 1)),
    right: mixedPart(a.right, b.right, Math.min(t, 1)),
    speaking: b.speaking,
    waving: b.waving,
  };
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

  /** The state at a server time; null while there is none. */
  at(time: number): PersonState | null {
    const { states } = this;
    if (states.length === 0) return null;
    let index = states.length - 1;
    while (index > 0 && states[index].time > time) index -= 1;
    const from = states[index];
    const to = states[index + 1];
    if (to !== undefined) {
      if (time <= from.time) return from.state;
      return between(from.state, to.state, (time - from.time) / (to.time - from.time));
    }
    const before = states[index - 1];
    if (before === undefined || from.time - before.time > SPEED_WITHIN) return from.state;
    const ahead = Math.min(time - from.time, CARRY_ON) / (from.time - before.time);
    return between(before.state, from.state, 1 + ahead);
  }
}
