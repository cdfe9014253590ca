/** Who of a booth's people is in the city, and where they stand. */

import type { City } from "../../city";
import { groundDistance } from "../../world/body";
import type { Booth, Slot } from "./expo";
import { isIn } from "./place";

export interface Present {
  readonly id: number;
  readonly name: string;
  /** Metres from me, or in the booth; null where they are too far to be seen. */
  readonly where: number | "in" | null;
}

/** In the order of the booth's own list. I am not among them. */
export function staffPresent(
  city: Pick<City, "people" | "self">,
  { staff }: Pick<Booth, "staff">,
  slot: Pick<Slot, "corners">,
): Present[] {
  const known = new Map(city.people.everyone().map((one) => [one.id, one]));
  const shown = new Map(
    city.people.shown(performance.now() / 1000).map((one) => [one.person.id, one.state.position]),
  );
  return staff
    .filter((id) => known.has(id))
    .map((id) => {
      const at = shown.get(id);
      const isInside = at !== undefined && isIn(slot.corners, [at[0], at[2]]);
      const away = at === undefined ? null : groundDistance(at, city.self.position);
      return { id, name: known.get(id)?.name ?? "", where: isInside ? "in" : away };
    });
}
