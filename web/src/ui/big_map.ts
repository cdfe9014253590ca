/** The large map: the whole city, places to press, points to hold. */

import type { City } from "../city";
import { chosen, distance, text } from "../i18n";
import type { SpotInfo, Vec3 } from "../render/api";
import type { Point } from "../world/districts";
import { nearestSpots, spotDistance } from "../world/here";
import { closeDialog, dialog } from "./dialog";
import { button, el } from "./dom";
import { followGestures } from "./map_gestures";
import { fitCanvas, paintMap } from "./map_paint";
import { mapScene } from "./minimap";
import { type Projection, panned, toPixel, toWorld, zoomed } from "./projection";

/** The server grants a jump to a point of one's own choosing this far away, metres. */
const POINT_REACH = 25;
const PRESS_RADIUS = 18;
const START_SCALE = 9;
const REDRAW = 100;

export interface MapActions {
  goToSpot(spot: SpotInfo): void;
  goToPoint(position: Vec3): void;
}

class BigMap {
  private map: Projection;
  private picked: Point | null = null;
  private hovered: string | null = null;
  private readonly canvas = el("canvas", {
    label: "map.canvas",
    attributes: { tabindex: "0", role: "application", "data-first": "" },
  });
  private readonly card = el("div", { class: "map-card", attributes: { "aria-live": "polite" } });
  private readonly redraw: ReturnType<typeof setInterval>;

  constructor(
    private readonly city: City,
    private readonly isNight: () => boolean,
    private readonly actions: MapActions,
    focus: Point | null,
  ) {
    const [x, , z] = city.self.position;
    this.map = { centre: focus ?? [x, z], metresPerPixel: START_SCALE, width: 1, height: 1 };
    this.redraw = setInterval(() => this.draw(), REDRAW);
    const body = dialog("map.big", "map", () => clearInterval(this.redraw));
    body.append(el("div", { class: "map-place" }, this.canvas, this.tools()), this.card);
    followGestures(this.canvas, {
      pan: (dx, dy) => this.change(panned(this.map, dx, dy)),
      zoom: (factor, anchor) => this.change(zoomed(this.map, factor, anchor)),
      tap: (at) => this.tap(at),
      hold: (at) => this.pick(toWorld(this.map, at)),
      hover: (at) => this.hover(at),
    });
    this.showHint();
    if (focus !== null) this.pick(focus);
    this.draw();
    this.canvas.focus();
  }

  private tools(): HTMLElement {
    const zoom = (factor: number) => () =>
      this.change(zoomed(this.map, factor, [this.map.width / 2, this.map.height / 2]));
    return el(
      "div",
      { class: "map-tools panel" },
      button({ icon: "plus", label: "map.zoom_in", hint: "map.zoom_in", onclick: zoom(1.6) }),
      button({ icon: "minus", label: "map.zoom_out", hint: "map.zoom_out", onclick: zoom(1 / 1.6) }),
      button({ icon: "target", label: "map.centre", hint: "map.centre", onclick: () => this.centre() }),
    );
  }

  private centre(): void {
    const [x, , z] = this.city.self.position;
    this.change({ ...this.map, centre: [x, z] });
  }

  private change(map: Projection): void {
    this.map = map;
    this.draw();
  }

  private draw(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const ink = width === 0 ? null : fitCanvas(this.canvas, width, height);
    if (ink === null) return;
    this.map = { ...this.map, width, height };
    const scene = mapScene(this.city, this.isNight(), true);
    paintMap(ink, this.map, { ...scene, picked: this.picked, hovered: this.hovered });
  }

  private spotAt(at: Point): SpotInfo | null {
    const near = this.city.spots().map((spot) => {
      const [x, y] = toPixel(this.map, [spot.position[0], spot.position[2]]);
      return { spot, off: Math.hypot(x - at[0], y - at[1]) };
    });
    const [best] = near.sort((a, b) => a.off - b.off);
    return best !== undefined && best.off <= PRESS_RADIUS ? best.spot : null;
  }

  private tap(at: Point): void {
    const spot = this.spotAt(at);
    if (spot !== null) this.go(() => this.actions.goToSpot(spot));
    else {
      this.picked = null;
      this.showHint();
      this.draw();
    }
  }

  private hover(at: Point | null): void {
    const spot = at === null ? null : this.spotAt(at);
    this.hovered = spot?.id ?? null;
    this.canvas.classList.toggle("is-over-spot", spot !== null);
  }

  private go(act: () => void): void {
    closeDialog();
    act();
  }

  private showHint(): void {
    this.card.replaceChildren(el("p", { text: "map.hint" }));
  }

  /** A point was held: go there when it is near, else to the place nearest to it. */
  private pick(point: Point): void {
    this.picked = point;
    const { city } = this;
    const ground = city.view.get()?.ground(...(point as [number, number])) ?? city.self.position[1];
    const position: Vec3 = [point[0], ground, point[1]];
    const dong = city.districts.get()?.dongAt(point[0], point[1]);
    const [x, , z] = city.self.position;
    const isNear = Math.hypot(point[0] - x, point[1] - z) <= POINT_REACH;
    const [nearest] = nearestSpots(city.spots(), position);
    const parts: Node[] = [el("b", {}, dong ? chosen(dong.name) : text("hud.city"))];
    if (isNear) {
      parts.push(
        button({
          class: "go",
          caption: "map.here",
          onclick: () => this.go(() => this.actions.goToPoint(position)),
        }),
      );
    } else if (nearest !== undefined) {
      const away = distance(spotDistance(nearest, position));
      parts.push(
        el("span", {}, text("map.nearest", { place: chosen(nearest.name), distance: away })),
        button({
          class: "go",
          caption: "places.go",
          attributes: { "aria-label": text("places.go_to", { place: chosen(nearest.name) }) },
          onclick: () => this.go(() => this.actions.goToSpot(nearest)),
        }),
      );
    }
    this.card.replaceChildren(...parts);
    this.draw();
  }
}

/** Open the map, around me or around a point. */
export function openMap(
  city: City,
  isNight: () => boolean,
  actions: MapActions,
  focus: Point | null = null,
): void {
  if (document.querySelector("dialog.map") !== null) closeDialog();
  else new BigMap(city, isNight, actions, focus);
}
