/** The small map: my surroundings, north up. Pressing it opens the large one. */

import type { City } from "../city";
import { chosen, language, text } from "../i18n";
import type { Vec3 } from "../render/api";
import { namedSpots } from "../render/places";
import { el, setText } from "./dom";
import { fitCanvas, type MapScene, paintMap } from "./map_paint";

const REDRAW = 150;
const METRES_PER_PIXEL = 7;

/** Metres within which a standing thing stays where it is painted: a seventh of a pixel. */
const STEP = 1;
/** Of a turning, radians. */
const TURN = 0.02;

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

/** What a painted map shows, as one text: where it is the same, nothing needs to be painted again. */
export function shownOn(scene: MapScene, size: readonly number[]): string {
  const at = ([x, , z]: Vec3) => [Math.round(x / STEP), Math.round(z / STEP)];
  return JSON.stringify([
    size,
    scene.night,
    scene.dongId,
    scene.districts?.dong.length,
    scene.spots.length,
    scene.pins.map(({ kind, x, z }) => [kind, x, z]),
    scene.people.map(({ position, speaking }) => [...at(position), speaking]),
    scene.me && [...at(scene.me.position), Math.round(scene.me.yaw / TURN)],
  ]);
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
  let painted = "";
  setInterval(() => {
    if (!city.inside.get() || document.hidden || city.presenting.get()) return;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (width === 0) return;
    const scene = mapScene(city, isNight(), false);
    // Names are painted in a language, and in a font that may come later.
    const now = `${language.get()} ${document.fonts.status} ${shownOn(scene, [width, height, devicePixelRatio])}`;
    if (now === painted) return;
    const ink = fitCanvas(canvas, width, height);
    if (ink === null) return;
    painted = now;
    const [x, , z] = city.self.position;
    paintMap(ink, { centre: [x, z], metresPerPixel: METRES_PER_PIXEL, width, height }, scene);
  }, REDRAW);
  return card;
}
