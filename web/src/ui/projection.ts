/** From the world's ground to a map's pixels and back. North is up: x to the right, z downwards. */

import type { Box, Point } from "../world/districts";

export interface Projection {
  /** World x, z at the middle. */
  readonly centre: Point;
  readonly metresPerPixel: number;
  readonly width: number;
  readonly height: number;
}

export function toPixel(map: Projection, [x, z]: Point): Point {
  return [
    map.width / 2 + (x - map.centre[0]) / map.metresPerPixel,
    map.height / 2 + (z - map.centre[1]) / map.metresPerPixel,
  ];
}

export function toWorld(map: Projection, [left, top]: Point): Point {
  return [
    map.centre[0] + (left - map.width / 2) * map.metresPerPixel,
    map.centre[1] + (top - map.height / 2) * map.metresPerPixel,
  ];
}

/** The part of the world that the map shows. */
export function visibleBox(map: Projection): Box {
  const [left, top] = toWorld(map, [0, 0]);
  const [right, bottom] = toWorld(map, [map.width, map.height]);
  return { left, top, right, bottom };
}

export function panned(map: Projection, dx: number, dy: number): Projection {
  const [x, z] = map.centre;
  return { ...map, centre: [x - dx * map.metresPerPixel, z - dy * map.metresPerPixel] };
}

/** Metres a pixel: from a square and its lanes to the whole city. */
const FINEST = 0.5;
const COARSEST = 90;

/** Change the scale by `factor` (2 shows half as much), keeping the world point under `anchor` in place. */
export function zoomed(map: Projection, factor: number, anchor: Point): Projection {
  const metresPerPixel = Math.min(Math.max(map.metresPerPixel / factor, FINEST), COARSEST);
  const [x, z] = toWorld(map, anchor);
  return {
    ...map,
    metresPerPixel,
    centre: [
      x - (anchor[0] - map.width / 2) * metresPerPixel,
      z - (anchor[1] - map.height / 2) * metresPerPixel,
    ],
  };
}
