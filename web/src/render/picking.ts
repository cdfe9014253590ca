/** Which person a point of the picture means. */

import { type Matrix4, Ray, Vector3 } from "three";

/** Somebody who stands in the picture. */
export interface Standing {
  readonly id: number;
  /** The ground point, world metres. */
  readonly x: number;
  readonly y: number;
  readonly z: number;
  /** From the ground to above the name tag, metres. */
  readonly height: number;
}

/** Half the width of a person with a little room around, metres. */
const HALF = 0.42;
/** However far away somebody is: a finger hits no less than this, CSS pixels. */
const LEAST = 44;
/** Nobody further away is meant, metres. */
const REACH = 60;

const foot = new Vector3();
const head = new Vector3();

/**
 * @param clipFromWorld Projection times view.
 * @param eye Of the camera, world metres.
 * @param x From the left of the picture, CSS pixels; `y` from its top.
 * @returns The nearest of those who are hit.
 */
export function personAt(
  people: Iterable<Standing>,
  clipFromWorld: Matrix4,
  eye: Vector3,
  width: number,
  height: number,
  x: number,
  y: number,
): number | null {
  let found: number | null = null;
  let nearest = REACH;
  for (const one of people) {
    const away = Math.hypot(one.x - eye.x, one.y + 1 - eye.y, one.z - eye.z);
    if (away >= nearest) continue;
    foot.set(one.x, one.y, one.z).applyMatrix4(clipFromWorld);
    head.set(one.x, one.y + one.height, one.z).applyMatrix4(clipFromWorld);
    // Behind the eye, the division by w turns the picture over: its depth leaves −1 … 1.
    if (Math.abs(foot.z) > 1 && Math.abs(head.z) > 1) continue;
    const [top, bottom] = [((1 - head.y) / 2) * height, ((1 - foot.y) / 2) * height];
    const tall = Math.max(bottom - top, 1);
    const half = Math.max((HALF * tall) / one.height, LEAST / 2);
    const [middle, room] = [((foot.x + 1) / 2) * width, Math.max(0, LEAST - tall) / 2];
    if (Math.abs(x - middle) > half || y < top - room || y > bottom + room) continue;
    found = one.id;
    nearest = away;
  }
  return found;
}

const ray = new Ray();
const from = new Vector3();
const to = new Vector3();
const onRay = new Vector3();

/** The nearest of those whom a world ray passes within arm's width; null: nobody. */
export function personAlong(people: Iterable<Standing>, origin: Vector3, direction: Vector3): number | null {
  let found: number | null = null;
  let nearest = REACH;
  for (const one of people) {
    const away = Math.hypot(one.x - origin.x, one.z - origin.z);
    if (away >= nearest) continue;
    from.set(one.x, one.y, one.z);
    to.set(one.x, one.y + one.height, one.z);
    // A hand shakes: what is far away may be missed by a degree.
    const room = HALF + 0.02 * away;
    ray.set(origin, direction);
    if (ray.distanceSqToSegment(from, to, onRay) > room * room) continue;
    found = one.id;
    nearest = away;
  }
  return found;
}
