/**
 * One person as they are shown: a little later than the server says, by as much as their packets need.
 *
 * News of a person comes with every tick, every other or every fourth, by how near they are. They are shown so long
 * ago that the next news has come before it is needed: the time between two of them and what packets are late by.
 * That delay grows as soon as something is late and shrinks slowly; what is shown never goes more than a tenth faster
 * or slower than time (an adaptive playout buffer, as for speech: Ramjee et al. 1994).
 */

import type { PersonState, Vec3 } from "../render/api";
import { wrapAngle } from "./body";
import type { CrowdUpdate } from "./crowd";
import { LEAP, SlowlyFalling, StateBuffer, type TickClock } from "./interpolation";
import { Posed } from "./posed";

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

/** Who was shown in the crowd before stands elsewhere, by metres: they go over within about so long, seconds. */
const ARRIVE = 0.5;

/** Where somebody is shown. */
export interface Placed {
  readonly position: Vec3;
  readonly yaw: number;
}

/** What is added to where somebody is; it fades. */
class Shift {
  x = 0;
  y = 0;
  z = 0;

  /** What leads from one place to another; nothing where that is a leap. */
  lead(from: Vec3, to: Vec3): void {
    this.x = from[0] - to[0];
    this.y = from[1] - to[1];
    this.z = from[2] - to[2];
    if (Math.hypot(this.x, this.y, this.z) > LEAP) this.fade(0);
  }

  fade(share: number): void {
    this.x *= share;
    this.y *= share;
    this.z *= share;
  }

  add(position: [number, number, number]): void {
    position[0] += this.x;
    position[1] += this.y;
    position[2] += this.z;
  }
}

export class Playback {
  private readonly states = new StateBuffer();
  private readonly interval = new SlowlyFalling(INTERVAL_FALLS, SELDOM);
  /** What was shown last: when, and which server time. */
  private shownAt: number | null = null;
  private shownTime = 0;
  /** What is left of a step that news made, and of the way out of the crowd. */
  private readonly step = new Shift();
  private readonly arrival = new Shift();
  private turn = 0;
  private readonly posed = new Posed();
  private readonly before = new Posed();

  /** @param from Where they were shown so far, in the crowd; null: nowhere. */
  constructor(private from: Placed | null = null) {}

  /** Take in a state of a server time, newer than all before it. */
  push(time: number, state: PersonState): void {
    const passed = time - this.states.newest();
    if (passed <= 0) return;
    if (passed < Number.POSITIVE_INFINITY) this.interval.hear(Math.min(passed, MOST_DELAY), time);
    if (this.from !== null) this.arrive(this.from, state);
    const before = this.shownAt === null ? null : this.states.at(this.shownTime, this.before);
    this.states.push(time, state);
    const after = before === null ? null : this.states.at(this.shownTime, this.posed);
    if (before === null || after === null) return;
    this.step.add(before.position);
    this.step.lead(before.position, after.position);
  }

  /** Server time that was shown last; null while nothing was. */
  get time(): number | null {
    return this.shownAt === null ? null : this.shownTime;
  }

  /** Where they were shown last. */
  get place(): Placed {
    return this.posed;
  }

  /** Where they were at server times, as far as is known. */
  trail(person: number, times: readonly number[]): CrowdUpdate[] {
    return times.flatMap((time) => {
      const at = Math.min(time, this.states.newest());
      const state = this.states.at(at, this.before);
      if (state === null) return [];
      const [x, y, z] = state.position;
      return [{ person, x, y, z, yaw: state.yaw, at }];
    });
  }

  /** The delay that this person needs at a server time, seconds. */
  needed(time: number, jitter: number): number {
    const overdue = time - this.states.newest();
    return Math.min(Math.max(this.interval.value + jitter, overdue, LEAST_DELAY), MOST_DELAY);
  }

  /** How they are shown at `now` (seconds), until they are asked for again; null while nothing is known of them. */
  at(now: number, clock: TickClock): PersonState | null {
    const time = clock.at(now);
    const passed = this.shownAt === null ? 0 : Math.max(now - this.shownAt, 0);
    if (time === null || this.states.size < 2) this.shownTime = this.states.newest();
    else this.shownTime = this.advanced(time - this.needed(time, clock.jitter()), passed);
    this.shownAt = now;
    const state = this.states.at(this.shownTime, this.posed);
    if (state === null) return null;
    this.step.fade(Math.exp(-passed / FADE));
    this.step.add(state.position);
    this.arrival.fade(Math.exp(-passed / ARRIVE));
    this.arrival.add(state.position);
    this.turn *= Math.exp(-passed / ARRIVE);
    state.yaw = wrapAngle(state.yaw + this.turn);
    return state;
  }

  /** Begin where they were shown in the crowd. */
  private arrive({ position, yaw }: Placed, { position: to, yaw: heading }: PersonState): void {
    this.from = null;
    this.arrival.lead(position, to);
    this.turn = wrapAngle(yaw - heading);
  }

  /** Go on from what was shown last towards what is wanted. */
  private advanced(wanted: number, passed: number): number {
    if (this.shownAt === null) return wanted;
    const next = this.shownTime + passed;
    if (Math.abs(wanted - next) > JUMP) return wanted;
    const most = MOST_HASTE * passed;
    return next + Math.min(Math.max(wanted - next, -most), most);
  }
}
