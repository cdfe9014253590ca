/** The map on which a point is chosen: a press takes it, the arrow keys move the map below the cross. */

import type { City } from "../../city";
import { chosen, text } from "../../i18n";
import { dialog } from "../../ui/dialog";
import { button, el, setText } from "../../ui/dom";
import { followGestures } from "../../ui/map_gestures";
import { fitCanvas, paintMap } from "../../ui/map_paint";
import { mapScene } from "../../ui/minimap";
import { type Projection, panned, toWorld, zoomed } from "../../ui/projection";
import type { Point } from "../../world/districts";

const START_SCALE = 1.6;
const REDRAW = 120;

class PointMap {
  private map: Projection;
  private readonly canvas = el("canvas", {
    label: "place.map_canvas",
    attributes: { tabindex: "0", role: "application", "data-first": "" },
  });
  private byKeys = false;
  private readonly said = el("span", { attributes: { "aria-live": "polite" } });

  constructor(
    private readonly city: City,
    private readonly isNight: () => boolean,
    private point: Point,
  ) {
    this.map = { centre: point, metresPerPixel: START_SCALE, width: 1, height: 1 };
    this.canvas.addEventListener("keydown", () => {
      this.byKeys = true;
    });
    this.canvas.addEventListener("pointerdown", () => {
      this.byKeys = false;
    });
    followGestures(this.canvas, {
      pan: (dx, dy) => this.move(panned(this.map, dx, dy)),
      zoom: (factor, anchor) => this.change(zoomed(this.map, factor, anchor)),
      tap: (at) => this.take(toWorld(this.map, at)),
      hold: (at) => this.take(toWorld(this.map, at)),
      hover: () => undefined,
    });
  }

  open(answer: (point: Point | null) => void): void {
    let found: Point | null = null;
    const redraw = setInterval(() => this.draw(), REDRAW);
    const body = dialog("place.map_title", "map", () => {
      clearInterval(redraw);
      answer(found);
    });
    const middle = (factor: number) => () =>
      this.change(zoomed(this.map, factor, [this.map.width / 2, this.map.height / 2]));
    const tools = el(
      "div",
      { class: "map-tools panel" },
      button({ icon: "plus", label: "map.zoom_in", hint: "map.zoom_in", onclick: middle(1.6) }),
      button({ icon: "minus", label: "map.zoom_out", hint: "map.zoom_out", onclick: middle(1 / 1.6) }),
    );
    const take = button({
      class: "go",
      caption: "place.take",
      onclick: () => {
        found = this.point;
        body.closest("dialog")?.close();
      },
    });
    body.append(
      el("div", { class: "map-place" }, this.canvas, tools),
      el("div", { class: "map-card" }, this.said, take),
    );
    this.tell();
    this.draw();
    this.canvas.focus();
  }

  /** By hand the map goes under a standing point; by keys the point goes with the middle. */
  private move(map: Projection): void {
    if (this.byKeys) this.take(map.centre);
    this.change(map);
  }

  private change(map: Projection): void {
    this.map = map;
    this.draw();
  }

  private take(point: Point): void {
    this.point = point;
    this.tell();
    this.draw();
  }

  private tell(): void {
    const dong = this.city.districts.get()?.dongAt(this.point[0], this.point[1]);
    setText(this.said, dong ? chosen(dong.name) : text("place.outside"));
  }

  private draw(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const ink = width === 0 ? null : fitCanvas(this.canvas, width, height);
    if (ink === null) return;
    this.map = { ...this.map, width, height };
    paintMap(ink, this.map, { ...mapScene(this.city, this.isNight(), true), picked: this.point });
  }
}

/** Have a point chosen, around `start`; null when the map was closed without one. */
export function choosePoint(city: City, isNight: () => boolean, start: Point): Promise<Point | null> {
  return new Promise((resolve) => new PointMap(city, isNight, start).open(resolve));
}
