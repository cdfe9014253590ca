/** Puts the booths into the city's picture. */

import type { City } from "../../city";
import type { Board, CityBooth, Vec3 } from "../../render/api";
import { type Booth, type Expo, ownerOf, type Slot, summaryOf, titleOf } from "./expo";

/** A booth in its slot, as it is drawn. One that only its staff may see is drawn for them alone. */
export function standing(slot: Slot, booth: Booth | undefined): CityBooth {
  const { id, number, screen, plate, stand } = slot;
  const base = {
    id,
    number,
    screen: screen as Board,
    plate: plate as Board,
    stand: { position: stand.position as Vec3, yaw: stand.yaw },
  };
  if (booth === undefined || booth.state === "free") {
    return { ...base, state: "free", organisation: null, title: null, summary: null, model: null };
  }
  const { model } = booth;
  return {
    ...base,
    state: booth.state === "open" ? "open" : "taken",
    organisation: ownerOf(booth),
    title: titleOf(booth),
    summary: summaryOf(booth),
    model: model && {
      url: model.url,
      sha256: model.sha256,
      scale: model.figures.scale,
      offset: model.figures.offset as unknown as Vec3,
      triangles: model.figures.triangles,
      draws: model.figures.draws,
      pixels: model.figures.pixels,
    },
  };
}

export function followBooths(city: City, expo: Expo): void {
  const show = () => {
    const slots = expo.halls.get().flatMap(({ slots }) => slots);
    city.view.get()?.booths.set(slots.map((slot) => standing(slot, expo.booth(slot.id))));
  };
  expo.booths.watch(show);
  city.view.watch(show);
}
