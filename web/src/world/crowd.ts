/**
 * The crowd: everybody in sight beyond the nearest, of whom only place and heading are known, once or twice a second.
 *
 * They are shown as long ago as it takes for the next place to have come, so that they walk from one place to the
 * next: guessing ahead would have everyone who stops slide back. Where news is late they are carried on, at walking
 * speed at most and not for long.
 */

import type { PersonState, Vec3 } from "../render/api";
import { EYE_HEIGHT, wrapAngle } from "./body";
import { Posed } from "./posed";

/** What is told of somebody in the crowd. */
export interface CrowdUpdate {
  readonly person: number;
  /** Ground point below them, world frame, metres. */
  readonly x: number;
  readonly y: number;
  readonly z: number;
  /** Heading, radians. */
  readonly yaw: number;
  /** Server time of it, seconds. */
  readonly at: number;
  readonly speaking?: boolean;
  readonly waving?: boolean;
}

/** Somebody of the crowd as they are shown, until the crowd is asked again: upright, with nothing tracked. */
export interface CrowdPerson {
  readonly person: number;
  readonly state: PersonState;
}

/** Of whom nothing was heard for so long, they are out of sight, seconds; for some rounds, where those take longer. */
export const FORGET = 4;
const FORGET_ROUNDS = 2.5;
/** Who was near is expected in the crowd's next news; who is not in it left the sight, seconds, or so many rounds. */
export const EXPECT = 1.6;
const EXPECT_ROUNDS = 1.2;
/** No round is taken to last longer, seconds: there was a pause. */
const LONGEST_ROUND = 20;
/** Somebody whose news is late is carried on for so long, seconds, at this speed at most, metres a second. */
export const CARRY_ON = 1.5;
const WALK = 2;
/** Faster than this nobody goes: it is a teleport, metres a second. */
const FASTEST = 7;
/** News is expected so often, seconds; it may be late by a little. */
const OFTENEST = 0.2;
const SELDOMEST = 1.6;
const LATE = 0.1;
/** Share by which shown time may go faster or slower than time, while somebody comes from those near. */
const HASTE = 0.4;
/** What is further from where it belongs than this, seconds, is put there at once: a pause, a new clock. */
const JUMP = 3;
/** Steps that news makes fade within about so long, seconds. */
const FADE = 0.4;
const KEPT = 4;

/** A place and a heading at a server time. */
interface Sample {
  at: number;
  x: number;
  y: number;
  z: number;
  yaw: number;
}

class Walker implements CrowdPerson {
  readonly state = new Posed();
  private readonly position = this.state.position;
  /** When they are forgotten, seconds of this page's clock. */
  forgetAt = 0;
  /** Oldest first; those behind `count` wait to be used. */
  private readonly samples: Sample[] = Array.from({ length: KEPT }, () => ({
    at: 0,
    x: 0,
    y: 0,
    z: 0,
    yaw: 0,
  }));
  private count = 0;
  private interval = OFTENEST;
  private shownTime = Number.NaN;
  private stepX = 0;
  private stepY = 0;
  private stepZ = 0;
  private turn = 0;

  constructor(readonly person: number) {
    this.state.head.position[1] = EYE_HEIGHT;
  }

  /** Take a sample in; one that is not newer than the newest is dropped. */
  push(at: number, x: number, y: number, z: number, yaw: number): void {
    const last = this.newest();
    if (last !== null && at <= last.at) return;
    const passed = last === null ? 0 : at - last.at;
    if (last !== null && Math.hypot(x - last.x, z - last.z) > FASTEST * passed + 1) this.leap();
    else if (last !== null) this.interval = Math.min(Math.max(passed, OFTENEST), SELDOMEST);
    const isShown = this.count > 0 && !Number.isNaN(this.shownTime);
    const [beforeX, beforeY, beforeZ] = this.position;
    const { yaw: before } = this.state;
    this.keep(at, x, y, z, yaw);
    if (!isShown) return;
    // What was guessed and what is known now differ: from here to there it fades.
    this.look(this.shownTime);
    this.stepX = beforeX - this.position[0];
    this.stepY = beforeY - this.position[1];
    this.stepZ = beforeZ - this.position[2];
    this.turn = wrapAngle(before - this.state.yaw);
  }

  /** Go on from where somebody else's eyes saw them: as of a server time, at a place. */
  begin(time: number, [x, y, z]: Vec3): void {
    this.shownTime = time;
    this.look(time);
    this.stepX = x - this.position[0];
    this.stepY = y - this.position[1];
    this.stepZ = z - this.position[2];
  }

  /** Be shown at a server time, `passed` seconds after the last time. */
  show(time: number, passed: number): void {
    const wanted = time - this.interval - LATE;
    const next = this.shownTime + passed;
    const off = wanted - next;
    const most = HASTE * passed;
    // Where nothing was shown yet the comparison is false, too.
    this.shownTime = Math.abs(off) <= JUMP ? next + Math.min(Math.max(off, -most), most) : wanted;
    this.look(this.shownTime);
    const fade = Math.exp(-passed / FADE);
    this.stepX *= fade;
    this.stepY *= fade;
    this.stepZ *= fade;
    this.turn *= fade;
    this.position[0] += this.stepX;
    this.position[1] += this.stepY;
    this.position[2] += this.stepZ;
    this.state.yaw = wrapAngle(this.state.yaw + this.turn);
  }

  private newest(): Sample | null {
    return this.count === 0 ? null : (this.samples[this.count - 1] as Sample);
  }

  private leap(): void {
    this.count = 0;
    this.shownTime = Number.NaN;
    this.stepX = 0;
    this.stepY = 0;
    this.stepZ = 0;
    this.turn = 0;
  }

  private keep(at: number, x: number, y: number, z: number, yaw: number): void {
    if (this.count === KEPT) this.samples.push(this.samples.shift() as Sample);
    else this.count += 1;
    const sample = this.newest() as Sample;
    sample.at = at;
    sample.x = x;
    sample.y = y;
    sample.z = z;
    sample.yaw = yaw;
  }

  /** Write place and heading of a server time. */
  private look(time: number): void {
    let index = this.count - 1;
    while (index > 0 && (this.samples[index] as Sample).at > time) index -= 1;
    const from = this.samples[index] as Sample;
    if (index + 1 < this.count && time > from.at) this.between(from, this.samples[index + 1] as Sample, time);
    else this.beyond(this.samples[index - 1], from, time);
  }

  private between(a: Sample, b: Sample, time: number): void {
    const share = (time - a.at) / (b.at - a.at);
    this.position[0] = a.x + (b.x - a.x) * share;
    this.position[1] = a.y + (b.y - a.y) * share;
    this.position[2] = a.z + (b.z - a.z) * share;
    this.state.yaw = wrapAngle(a.yaw + wrapAngle(b.yaw - a.yaw) * share);
  }

  private beyond(before: Sample | undefined, last: Sample, time: number): void {
    this.position[0] = last.x;
    this.position[1] = last.y;
    this.position[2] = last.z;
    this.state.yaw = last.yaw;
    if (before === undefined || time <= last.at) return;
    const ahead = Math.min(time - last.at, CARRY_ON);
    const between = last.at - before.at;
    const east = last.x - before.x;
    const south = last.z - before.z;
    const speed = Math.sqrt(east * east + south * south) / between;
    const share = (ahead / between) * (speed > WALK ? WALK / speed : 1);
    this.position[0] += east * share;
    this.position[2] += south * share;
  }
}

export class Crowd {
  private readonly walkers = new Map<number, Walker>();
  private shownAt = Number.NaN;
  private heardAt = Number.NEGATIVE_INFINITY;
  private begunAt = Number.NaN;
  /** How long the last round took, seconds. */
  private round = 0;

  /** A round begins at `now` (seconds of this page's clock): the server tells of everybody in sight once more. */
  begin(now: number): void {
    const passed = now - this.begunAt;
    this.round = passed <= LONGEST_ROUND ? passed : 0;
    this.begunAt = now;
    this.heardAt = now;
  }

  /** Hear of somebody at `now`. */
  hear({ person, x, y, z, yaw, at, speaking = false, waving = false }: CrowdUpdate, now: number): void {
    this.heardAt = now;
    const walker = this.walker(person);
    walker.push(at, x, y, z, yaw);
    walker.state.speaking = speaking;
    walker.state.waving = waving;
    walker.forgetAt = now + Math.max(FORGET, FORGET_ROUNDS * this.round);
  }

  /** Whether a crowd is told of at all now: an older server knows none. */
  isFed(now: number): boolean {
    return now - this.heardAt < FORGET;
  }

  /** Somebody who was near goes on in the crowd: their last places, oldest first, and where they are shown. */
  takeOver(trail: readonly CrowdUpdate[], shown: Vec3, time: number, now: number): void {
    const person = trail[0]?.person;
    if (person === undefined) return;
    this.walkers.delete(person);
    const walker = this.walker(person);
    for (const { at, x, y, z, yaw } of trail) walker.push(at, x, y, z, yaw);
    walker.begin(time, shown);
    walker.forgetAt = now + Math.max(EXPECT, EXPECT_ROUNDS * this.round);
  }

  /** Where somebody of the crowd is shown; null when they are not in it. */
  placeOf(person: number): PersonState | null {
    return this.walkers.get(person)?.state ?? null;
  }

  drop(person: number): void {
    this.walkers.delete(person);
  }

  clear(): void {
    this.walkers.clear();
    this.shownAt = Number.NaN;
    this.heardAt = Number.NEGATIVE_INFINITY;
    this.begunAt = Number.NaN;
    this.round = 0;
  }

  /** Everybody in the crowd at `now`, which is `time` at the server; who was not heard of for long is forgotten. */
  shown(time: number, now: number): Iterable<CrowdPerson> {
    const passed = Number.isNaN(this.shownAt) ? 0 : Math.max(now - this.shownAt, 0);
    this.shownAt = now;
    for (const walker of this.walkers.values()) {
      if (now > walker.forgetAt) this.walkers.delete(walker.person);
      else walker.show(time, passed);
    }
    return this.walkers.values();
  }

  private walker(person: number): Walker {
    let walker = this.walkers.get(person);
    if (walker === undefined) {
      walker = new Walker(person);
      this.walkers.set(person, walker);
    }
    return walker;
  }
}
