/** The panel of a place: what it is, and what can be done there. */

import type { City } from "../../city";
import { chosen, distance, text } from "../../i18n";
import type { SpotInfo } from "../../render/api";
import { SPOT_COLOURS } from "../../render/places";
import { button, el } from "../../ui/dom";
import { icon, spotIcon } from "../../ui/icons";
import type { SheetContent } from "../../ui/sheet";
import { spotDistance } from "../../world/here";
import { actsAt, type PlaceAct, WORDS } from "./acts";

export interface PlaceActions {
  act(act: PlaceAct, spot: SpotInfo): void;
  goToSpot(spot: SpotInfo): void;
}

/** Within this distance one stands at a place, metres. */
const AT_PLACE = 120;

export class PlaceSheet {
  readonly content: SheetContent;
  private spot: SpotInfo | null = null;

  constructor(
    private readonly city: City,
    private readonly actions: PlaceActions,
  ) {
    this.content = {
      title: "place.sheet",
      small: true,
      build: (body) => {
        if (this.spot !== null) this.build(body, this.spot);
        return () => undefined;
      },
    };
  }

  /** Whose panel is shown next. */
  choose(spot: SpotInfo): void {
    this.spot = spot;
  }

  private build(body: HTMLElement, spot: SpotInfo): void {
    const away = spotDistance(spot, this.city.self.position);
    const other = chosen(spot.name) === spot.name.ko ? spot.name.en : spot.name.ko;
    const sign = el("span", { class: "sign" }, icon(spotIcon(spot.category)));
    sign.style.background = SPOT_COLOURS[spot.category] ?? "#58616a";
    const rows = actsAt(spot.id).map((act, index) => this.row(act, spot, index === 0));
    body.append(
      el(
        "div",
        { class: "sheet-page place-page" },
        el(
          "div",
          { class: "place-head" },
          sign,
          el(
            "div",
            {},
            el("h3", {}, chosen(spot.name)),
            el("small", { class: "soft" }, `${other} · ${distance(away)}`),
          ),
        ),
        el("ul", { class: "place-acts", label: "place.acts" }, ...rows),
        away > AT_PLACE
          ? button({
              class: "second",
              icon: "arrow",
              caption: "place.walk",
              attributes: { "aria-label": text("places.go_to", { place: chosen(spot.name) }) },
              onclick: () => this.actions.goToSpot(spot),
            })
          : "",
      ),
    );
  }

  private row(act: PlaceAct, spot: SpotInfo, first: boolean): HTMLElement {
    const { title, detail, icon: symbol } = WORDS[act];
    return el(
      "li",
      {},
      el(
        "button",
        {
          attributes: { type: "button", ...(first ? { "data-first": "" } : {}) },
          onclick: () => this.actions.act(act, spot),
        },
        icon(symbol),
        el("span", {}, el("b", { text: title }), el("small", { text: detail })),
        icon("onward"),
      ),
    );
  }
}
