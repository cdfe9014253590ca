/** The teleport arc: a thrown point's path until it meets the ground. */

import { Vector3 } from "three";

/** Speed along the ray and gravity, metres and seconds: reaches about 9 m on the level. */
const SPEED = 9;
const GRAVITY = 9.81;
const STEP = 1 / 30;
export const ARC_POINTS = 60;
/** Ground steeper than this (rise over run) is no place to stand. */
const STEEPEST = 0.7;

export interface Landing {
  readonly position: Vector3;
  /** Points of `path` that are used. */
  readonly points: number;
}

/**
 * Follow the arc from a hand.
 *
 * Args: `path` takes ARC_POINTS × 3 world coordinates. Returns null where it meets no ground to stand on; `path`
 * then holds the whole flight.
 */
export function throwArc(
  origin: Vector3,
  direction: Vector3,
  ground: (x: number, z: number) => number | undefined,
  path: Float32Array,
): Landing | null {
  const velocity = direction.clone().normalize().multiplyScalar(SPEED);
  const point = origin.clone();
  const before = new Vector3();
  for (let i = 0; i < ARC_POINTS; i += 1) {
    point.toArray(path, i * 3);
    before.copy(point);
    point.addScaledVector(velocity, STEP);
    velocity.y -= GRAVITY * STEP;
    const floor = ground(point.x, point.z);
    if (floor === undefined || point.y > floor || i + 1 >= ARC_POINTS) continue;
    const beforeFloor = ground(before.x, before.z) ?? floor;
    const drop = before.y - beforeFloor;
    const fraction = drop <= 0 ? 1 : drop / (drop + floor - point.y);
    before.lerp(point, fraction);
    const height = ground(before.x, before.z) ?? floor;
    before.y = height;
    before.toArray(path, (i + 1) * 3);
    return isLevel(before, ground) ? { position: before.clone(), points: i + 2 } : null;
  }
  return null;
}

function isLevel(place: Vector3, ground: (x: number, z: number) => number | undefined): boolean {
  const reach = 0.5;
  const east = ground(place.x + reach, place.z);
  const south = ground(place.x, place.z + reach);
  if (east === undefined || south === undefined) return false;
  return Math.hypot(east - place.y, south - place.y) / reach < STEEPEST;
}
