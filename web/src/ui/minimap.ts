/** The small map: my surroundings, north up. Pressing it opens the large one. */

import type { City } from "../city";
import { chosen, language, text } from "../i18n";
import { namedSpots } from "../render/places";
import { el, setText } from "./dom";
import { fitCanvas, type MapScene, paintMap } from "./map_paint";

const REDRAW = 150;
const METRES_PER_PIXEL = 7;

/** What the maps show of a visit. */
export function mapScene(city: City, night: boolean, big: boolean): MapScene {
  const shown = city.inside.get() ? city.people.shown(performance.now() / 1000) : [];
  return {
    districts: city.districts.get(),
    spots: namedSpots(city.spots()),
    pins: city.pins.get(),
    people: shown.map(({ state }) => ({ position: state.position, speaking: state.speaking })),
    me: city.id.get() === 0 ? null : city.pose(),
    dongId: city.here.get()?.dong?.id ?? null,
    picked: null,
    hovered: null,
    night,
    big,
  };
}

export function minimap(city: City, isNight: () => boolean, openMap: () => void): HTMLElement {
  const canvas = el("canvas", { attributes: { "aria-hidden": "true" } });
  const name = el("b");
  const kind = el("small", { text: "map.admin" });
  const card = el(
    "button",
    {
      class: "minimap panel",
      attributes: { type: "button", "aria-haspopup": "dialog", "aria-keyshortcuts": "G" },
      onclick: openMap,
    },
    canvas,
    el("span", { class: "caption" }, name, " ", kind),
  );
  const showName = () => {
    const dong = city.here.get()?.dong;
    const place = dong ? chosen(dong.name) : text("hud.city");
    setText(name, place);
    kind.hidden = !dong;
    card.setAttribute(
      "aria-label",
      text("map.label", { place: dong ? `${place} ${text("map.admin")}` : place }),
    );
  };
  city.here.follow(showName);
  language.watch(showName);
  setInterval(() => {
    if (!city.inside.get() || document.hidden || city.presenting.get()) return;
    const { clientWidth: width, clientHeight: height } = canvas;
    const ink = width === 0 ? null : fitCanvas(canvas, width, height);
    if (ink === null) return;
    const [x, , z] = city.self.position;
    paintMap(
      ink,
      { centre: [x, z], metresPerPixel: METRES_PER_PIXEL, width, height },
      mapScene(city, isNight(), false),
    );
  }, REDRAW);
  return card;
}
