/**
 * One person as they are shown: a little later than the server says, by as much as their packets need.
 *
 * News of a person comes with every tick, every other or every fourth, by how near they are. They are shown so long
 * ago that the next news has come before it is needed: the time between two of them and what packets are late by.
 * That delay grows as soon as something is late and shrinks slowly; what is shown never goes more than a tenth faster
 * or slower than time (an adaptive playout buffer, as for speech: Ramjee et al. 1994).
 */

import type { PersonState, Vec3 } from "../render/api";
import { added } from "./body";
import { LEAP, SlowlyFalling, StateBuffer, type TickClock } from "./interpolation";

/** How long ago people are shown, seconds. */
export const LEAST_DELAY = 0.05;
export const MOST_DELAY = 0.4;
/** Share by which shown time may go faster or slower than time. */
export const MOST_HASTE = 0.1;
/** What is further from where it belongs than this, seconds, is put there at once: a pause, a new clock. */
const JUMP = 0.5;
/** News of somebody who has just come is expected this often, seconds: whoever comes into sight is far away. */
const SELDOM = 0.2;
/** Having come seldom counts for about so long, seconds. */
const INTERVAL_FALLS = 2;
/** Where somebody was carried on to and the news that comes then differ: that fades in about so long, seconds. */
const FADE = 0.1;

const NO_SHIFT: Vec3 = [0, 0, 0];

function less(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

export class Playback {
  private readonly states = new StateBuffer();
  private readonly interval = new SlowlyFalling(INTERVAL_FALLS, SELDOM);
  /** What was shown last: when, and which server time. */
  private shown: { readonly now: number; readonly time: number } | null = null;
  /** Added to where they are: what is left of a step that news made. */
  private shift = NO_SHIFT;

  /** Take in a state of a server time, newer than all before it. */
  push(time: number, state: PersonState): void {
    const passed = time - this.states.newest();
    if (passed <= 0) return;
    if (passed < Number.POSITIVE_INFINITY) this.interval.hear(Math.min(passed, MOST_DELAY), time);
    const before = this.shown === null ? null : this.states.at(this.shown.time);
    this.states.push(time, state);
    const after = this.shown === null ? null : this.states.at(this.shown.time);
    if (before === null || after === null) return;
    const step = less(added(before.position, this.shift), after.position);
    this.shift = Math.hypot(...step) > LEAP ? NO_SHIFT : step;
  }

  /** The delay that this person needs at a server time, seconds. */
  needed(time: number, jitter: number): number {
    const overdue = time - this.states.newest();
    return Math.min(Math.max(this.interval.value + jitter, overdue, LEAST_DELAY), MOST_DELAY);
  }

  /** How they are shown at `now` (seconds); null while nothing is known of them. */
  at(now: number, clock: TickClock): PersonState | null {
    const time = clock.at(now);
    if (time === null || this.states.size < 2) return this.states.at(this.states.newest());
    const wanted = time - this.needed(time, clock.jitter());
    const passed = this.shown === null ? 0 : Math.max(now - this.shown.now, 0);
    const next = this.advanced(wanted, passed);
    this.shown = { now, time: next };
    const fade = Math.exp(-passed / FADE);
    this.shift = [this.shift[0] * fade, this.shift[1] * fade, this.shift[2] * fade];
    const state = this.states.at(next);
    return state === null ? null : { ...state, position: added(state.position, this.shift) };
  }

  /** Go on from what was shown last towards what is wanted. */
  private advanced(wanted: number, passed: number): number {
    if (this.shown === null) return wanted;
    const next = this.shown.time + passed;
    if (Math.abs(wanted - next) > JUMP) return wanted;
    const most = MOST_HASTE * passed;
    return next + Math.min(Math.max(wanted - next, -most), most);
  }
}
