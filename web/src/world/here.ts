/** Where I am, in words. */

import type { Bilingual, SpotInfo, Vec3 } from "../render/api";
import { groundDistance } from "./body";
import type { Districts, Dong } from "./districts";

export interface Here {
  /** The spot I stand at, when one is near enough. */
  readonly spot: SpotInfo | null;
  readonly dong: Dong | null;
  readonly gu: Bilingual | null;
}

/** One stands *at* a spot within this distance of its ground point or its arrival, metres. */
const AT_SPOT = 120;

/** Distance to a spot: to its ground point or to where one arrives, whichever is nearer. */
export function spotDistance(spot: SpotInfo, position: Vec3): number {
  return Math.min(groundDistance(spot.position, position), groundDistance(spot.arrival.position, position));
}

/** Spots, nearest first. */
export function nearestSpots(spots: readonly SpotInfo[], position: Vec3): readonly SpotInfo[] {
  return [...spots].sort((a, b) => spotDistance(a, position) - spotDistance(b, position));
}

export function findHere(spots: readonly SpotInfo[], districts: Districts | null, position: Vec3): Here {
  const [nearest] = nearestSpots(spots, position);
  const spot = nearest !== undefined && spotDistance(nearest, position) <= AT_SPOT ? nearest : null;
  const dong = districts?.dongAt(position[0], position[2]) ?? null;
  const gu = dong === null ? null : (districts?.guOf(dong)?.name ?? null);
  return { spot, dong, gu };
}

export function sameHere(a: Here | null, b: Here): boolean {
  return a !== null && a.spot?.id === b.spot?.id && a.dong?.id === b.dong?.id;
}
