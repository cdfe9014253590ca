/** Whom I stand before. */

import type { Vec3 } from "../render/api";
import { groundDistance, wrapAngle } from "./body";
import type { Shown } from "./people";

/** Somebody further away is not before me, metres. */
const REACH = 20;
/** Ahead is what lies within this of where I look, radians to either side. */
const AHEAD = 1.05;

/** The nearest of those ahead; where nobody is, the nearest of all. */
export function personBefore(shown: readonly Shown[], position: Vec3, yaw: number): number | null {
  const near = shown
    .map(({ person, state }) => {
      const [x, z] = [state.position[0] - position[0], state.position[2] - position[2]];
      const off = Math.abs(wrapAngle(Math.atan2(-x, -z) - yaw));
      return { id: person.id, away: groundDistance(state.position, position), isAhead: off <= AHEAD };
    })
    .filter(({ away }) => away <= REACH)
    .sort((a, b) => Number(b.isAhead) - Number(a.isAhead) || a.away - b.away);
  return near[0]?.id ?? null;
}
