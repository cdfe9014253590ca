/** Where pins stand: what belongs to one point must not stand in one another. Pure. */

import type { Point } from "../../world/districts";

/** Pins keep this far from each other, metres. */
const APART = 2.4;
/** And this far from where people arrive: nobody steps out into a pin. */
const CLEAR = 4;
/** Turned by the golden angle each, they never stand in line. */
const GOLDEN = Math.PI * (3 - Math.sqrt(5));
/** Points this near to each other are one, metres. */
const SAME = 1.5;

export interface Placed {
  readonly x: number;
  readonly z: number;
}

/** Spread what stands at the same point round it; what comes first stays nearest. `arrivals` are kept clear. */
export function spread<T extends Placed>(pins: readonly T[], arrivals: readonly Point[]): T[] {
  const taken = new Map<string, number>();
  return pins.map((pin) => {
    const cell = `${Math.round(pin.x / SAME)} ${Math.round(pin.z / SAME)}`;
    const before = taken.get(cell) ?? 0;
    taken.set(cell, before + 1);
    const arrival = arrivals.some(([x, z]) => Math.hypot(x - pin.x, z - pin.z) < CLEAR);
    if (before === 0 && !arrival) return pin;
    const away = (arrival ? CLEAR : 0) + APART * Math.sqrt(before);
    const angle = before * GOLDEN;
    return { ...pin, x: pin.x + away * Math.cos(angle), z: pin.z + away * Math.sin(angle) };
  });
}

/** Metres from the arrival to the first notice board, and between boards. */
const BOARD_AWAY = 7;
const BOARD_APART = 2.6;

/**
 * Where the `index`-th of `count` notice boards stands: in a row across the way of whoever arrives, facing them.
 *
 * @param yaw Where people look when they arrive; 0 is north, positive turns left.
 */
export function boardPlace(
  [x, z]: Point,
  yaw: number,
  index: number,
  count: number,
): Placed & { readonly yaw: number } {
  const aside = (index - (count - 1) / 2) * BOARD_APART;
  const [sine, cosine] = [Math.sin(yaw), Math.cos(yaw)];
  return {
    x: x - sine * BOARD_AWAY + cosine * aside,
    z: z - cosine * BOARD_AWAY - sine * aside,
    yaw,
  };
}
