/** Other people between two packets: the server's clock as heard here, and poses in between. */

import type { Part, PersonState, Quat, Vec3 } from "../render/api";
import { wrapAngle } from "./body";

/** People are shown this long ago, seconds: two ticks, so that one lost packet is not seen. */
export const SHOWN_DELAY = 0.1;
/** A pose is carried on at its speed for at most this long after the newest packet, seconds. */
const CARRY_ON = 0.1;
/** Further apart than this between two packets, metres: a teleport, not a walk. */
const LEAP = 2.5;
const KEPT = 24;

/**
 * The server's time, from tick numbers and their arrival.
 *
 * The packet that came with the least delay among the newest `window` tells the offset; it is approached slowly,
 * so that shown time never jumps.
 */
export class TickClock {
  private readonly arrivals: number[] = [];
  private offset: number | null = null;

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
    return time;
  }

  /** Server time at `now`; null before the first tick. */
  at(now: number): number | null {
    return this.offset === null ? null : now - this.offset;
  }

  reset(): void {
    this.arrivals.length = 0;
    this.offset = null;
  }
}

function mixed(a: Vec3, b: Vec3, t: number): Vec3 {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

/** Normalised linear blend along the shorter arc: for steps of a tick as good as slerp. */
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

  /** Take a state in; late ones (the channel is unordered) find their place, doubles are dropped. */
  push(time: number, state: PersonState): void {
    let at = this.states.length;
    while (at > 0 && this.states[at - 1].time > time) at -= 1;
    if (at > 0 && this.states[at - 1].time === time) return;
    this.states.splice(at, 0, { time, state });
    if (this.states.length > KEPT) this.states.shift();
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
    if (before === undefined || from.time - before.time > 3 * CARRY_ON) return from.state;
    const ahead = Math.min(time - from.time, CARRY_ON) / (from.time - before.time);
    return between(before.state, from.state, 1 + ahead);
  }
}
