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

/** Where people arrive, and where they look then: yaw 0 is north, positive turns left. */
export interface ArrivalPoint {
  readonly point: Point;
  readonly yaw: number;
}

/** Spread what stands at the same point: round it, or in rows before whoever arrives there. */
export function spread<T extends Placed>(pins: readonly T[], arrivals: readonly ArrivalPoint[]): T[] {
  const taken = new Map<string, number>();
  const nth = (key: string) => {
    const before = taken.get(key) ?? 0;
    taken.set(key, before + 1);
    return before;
  };
  return pins.map((pin) => {
    const near = arrivals.findIndex(({ point: [x, z] }) => Math.hypot(x - pin.x, z - pin.z) < CLEAR);
    const arrival = arrivals[near];
    if (arrival !== undefined) return { ...pin, ...inRow(arrival, nth(`arrival ${near}`)) };
    const before = nth(`${Math.round(pin.x / SAME)} ${Math.round(pin.z / SAME)}`);
    if (before === 0) return pin;
    const away = APART * Math.sqrt(before);
    const angle = before * GOLDEN;
    return { ...pin, x: pin.x + away * Math.cos(angle), z: pin.z + away * Math.sin(angle) };
  });
}

/** Rows begin this far ahead of whoever arrives, metres, behind the notice boards. */
const FIRST_ROW = 10.5;
const COLUMNS = 7;

/** The middle of a row is taken first, then what is beside it. */
function inRow(arrival: ArrivalPoint, index: number): Placed {
  const column = index % COLUMNS;
  const side = Math.ceil(column / 2) * (column % 2 === 0 ? -1 : 1);
  const row = Math.floor(index / COLUMNS);
  return before(arrival, FIRST_ROW + row * APART, side * APART);
}

/** A point `ahead` of an arrival and `aside` to its right, metres. */
function before({ point: [x, z], yaw }: ArrivalPoint, ahead: number, aside: number): Placed {
  const [sine, cosine] = [Math.sin(yaw), Math.cos(yaw)];
  return { x: x - sine * ahead + cosine * aside, z: z - cosine * ahead - sine * aside };
}

/** Metres from the arrival to the first notice board, and between boards. */
const BOARD_AWAY = 7;
const BOARD_APART = 2.6;

/**
 * Where the `index`-th of `count` notice boards stands: in a row across the way of whoever arrives, facing them.
 */
export function boardPlace(
  arrival: ArrivalPoint,
  index: number,
  count: number,
): Placed & { readonly yaw: number } {
  return { ...before(arrival, BOARD_AWAY, (index - (count - 1) / 2) * BOARD_APART), yaw: arrival.yaw };
}
