/** Where booths are, seen from where I stand. */

import type { Vec3 } from "../../render/api";
import type { Point } from "../../world/districts";
import type { Hall, Slot } from "./expo";

/** So near one stands before a booth, metres; once there, a little farther still counts. */
export const WALK_UP = 5;
export const WALK_OFF = 6.5;

export function away(slot: Pick<Slot, "position">, [x, , z]: Vec3): number {
  return Math.hypot(slot.position[0] - x, slot.position[2] - z);
}

/** The slot that somebody at `position` stands before; null: none. `was` is the one a moment ago. */
export function slotBefore(slots: readonly Slot[], position: Vec3, was: string | null): Slot | null {
  let best: Slot | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const slot of slots) {
    const distance = away(slot, position);
    const reach = slot.id === was ? WALK_OFF : WALK_UP;
    // Whoever stands between two booths stays with the one they came to.
    const counted = slot.id === was ? distance - (WALK_OFF - WALK_UP) : distance;
    if (distance <= reach && counted < least) {
      best = slot;
      least = counted;
    }
  }
  return best;
}

/** Whether a point lies in a slot: in its convex corners. */
export function isIn(corners: readonly (readonly number[])[], [x, z]: Point): boolean {
  let side = 0;
  for (let at = 0; at < corners.length; at += 1) {
    const [ax = 0, az = 0] = corners[at] ?? [];
    const [bx = 0, bz = 0] = corners[(at + 1) % corners.length] ?? [];
    const cross = (bx - ax) * (z - az) - (bz - az) * (x - ax);
    if (cross !== 0 && side !== 0 && Math.sign(cross) !== side) return false;
    if (cross !== 0) side = Math.sign(cross);
  }
  return true;
}

/** A point before a booth's open front, on the aisle, and the heading from there to its screen. */
export function before(slot: Pick<Slot, "position" | "yaw">, metres = 4.5): { position: Vec3; yaw: number } {
  const [x, y, z] = slot.position as unknown as Vec3;
  return {
    position: [x - Math.sin(slot.yaw) * metres, y, z - Math.cos(slot.yaw) * metres],
    yaw: slot.yaw + Math.PI,
  };
}

/** A hall's plan: its floor from 0 to 1, seen from above, with the way in at the lower edge. */
export interface Plan {
  /** Width to height. */
  readonly shape: number;
  /** Where a point of the world lies on it: share from the left, share from the top. */
  place(point: Point): Point;
}

export function planOf({ floor, arrival }: Pick<Hall, "floor" | "arrival">): Plan {
  const [sin, cos] = [Math.sin(arrival.yaw), Math.cos(arrival.yaw)];
  // To the right and to the rear of whoever comes in.
  const turn = ([x = 0, z = 0]: readonly number[]): Point => [x * cos - z * sin, x * sin + z * cos];
  const corners = floor.corners.map(turn);
  const [lefts, tops] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const [left, top] = [Math.min(...lefts), Math.min(...tops)];
  const [width, height] = [Math.max(...lefts) - left, Math.max(...tops) - top];
  return {
    shape: width / height,
    place: (point) => {
      const [x, y] = turn(point);
      return [(x - left) / width, (y - top) / height];
    },
  };
}
