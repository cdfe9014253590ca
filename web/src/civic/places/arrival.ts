/** A slip that comes when somebody arrives at a landmark: what can be done here. It blocks nothing. */

import type { City } from "../../city";
import { chosen, language, text } from "../../i18n";
import type { SpotInfo } from "../../render/api";
import { button, el, setText } from "../../ui/dom";
import { icon } from "../../ui/icons";

/** It goes by itself after this long, ms: the place stays in the sheet of places. */
const SHOWN = 14_000;

export class Arrival {
  readonly element = el("div", { class: "arrival panel", hidden: true, attributes: { role: "status" } });
  private readonly words = el("b");
  private spot: SpotInfo | null = null;
  private leaving: ReturnType<typeof setTimeout> | undefined;

  constructor(
    city: City,
    private readonly open: (spot: SpotInfo) => void,
  ) {
    this.element.append(
      el(
        "button",
        { class: "opener", attributes: { type: "button" }, onclick: () => this.take() },
        icon("hall"),
        el("span", {}, this.words, el("small", { text: "place.what_here" })),
      ),
      button({ class: "round", icon: "close", label: "page.close", onclick: () => this.hide() }),
    );
    language.watch(() => this.say());
    city.here.watch((here) => {
      const spot = here?.spot?.kind === "landmark" ? here.spot : null;
      if (spot?.id === this.spot?.id) return;
      this.spot = spot;
      if (spot === null) this.hide();
      else this.show();
    });
    city.inside.watch((inside) => !inside && this.hide());
  }

  private show(): void {
    this.say();
    this.element.hidden = false;
    clearTimeout(this.leaving);
    this.leaving = setTimeout(() => this.hide(), SHOWN);
  }

  private hide(): void {
    clearTimeout(this.leaving);
    this.element.hidden = true;
  }

  private take(): void {
    this.hide();
    if (this.spot !== null) this.open(this.spot);
  }

  private say(): void {
    if (this.spot === null) return;
    setText(this.words, text("place.arrived", { place: chosen(this.spot.name).split(" / ")[0] ?? "" }));
  }
}
