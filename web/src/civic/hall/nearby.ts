/** The pin within reach of my hand, and the way to a pin that somebody chose. */

import type { City } from "../../city";
import { chosen, distance, type Key, language, text } from "../../i18n";
import type { CityPin } from "../../render/api";
import { button, el, setText } from "../../ui/dom";
import { type IconName, icon } from "../../ui/icons";
import type { Controls } from "../../world/controls";
import type { Point } from "../../world/districts";

/** Metres within which a pin may be read. */
export const READ_REACH = 5;
/** Whoever stands this near has arrived, metres. */
const ARRIVED = 4;
const LOOK_EVERY = 250;
const KEY = "KeyE";

const PROMPTS: Readonly<Record<CityPin["kind"], readonly [Key, IconName]>> = {
  proposal: ["pin.read_proposal", "idea"],
  report: ["pin.read_report", "alert"],
  vote: ["pin.read_vote", "ballot"],
};

/** The nearest pin within `reach` metres; null without one. */
export function nearestPin(pins: readonly CityPin[], [x, z]: Point, reach: number): CityPin | null {
  let best: CityPin | null = null;
  let least = reach;
  for (const pin of pins) {
    const away = Math.hypot(pin.x - x, pin.z - z);
    if (away <= least) [best, least] = [pin, away];
  }
  return best;
}

/** Where a point lies for somebody who looks along `yaw`: 0 ahead, positive to the right, radians. */
export function bearingTo([x, z]: Point, yaw: number, [px, pz]: Point): number {
  const angle = Math.atan2(px - x, z - pz) + yaw;
  return Math.atan2(Math.sin(angle), Math.cos(angle));
}

export interface NearbyActions {
  read(pin: CityPin): void;
  /** Whether something else has the person's attention. */
  isBusy(): boolean;
}

export class Nearby {
  readonly element = el("div", { class: "nearby" });
  private readonly title = el("b");
  private readonly detail = el("small");
  private readonly sign = el("span", { class: "sign" });
  private readonly prompt: HTMLButtonElement;
  private readonly way = el("span", { class: "way" });
  private readonly arrow = el("i", { attributes: { "aria-hidden": "true" } }, "↑");
  private readonly guide: HTMLElement;
  private pin: CityPin | null = null;
  private goal: { readonly point: Point; readonly name: string } | null = null;

  constructor(
    private readonly city: City,
    private readonly controls: Pick<Controls, "reserved">,
    private readonly actions: NearbyActions,
  ) {
    this.prompt = el(
      "button",
      {
        class: "prompt panel",
        hidden: true,
        attributes: { type: "button", "aria-keyshortcuts": "E" },
        onclick: () => this.read(),
      },
      this.sign,
      el("span", { class: "words" }, this.title, this.detail),
      el("kbd", { class: "wide-only", attributes: { "aria-hidden": "true" } }, "E"),
    );
    this.guide = el(
      "div",
      { class: "guide panel", hidden: true },
      this.arrow,
      this.way,
      button({ class: "round", icon: "close", label: "pin.stop", onclick: () => this.lead(null, "") }),
    );
    // Read out when somebody comes to a pin; the press itself stays a button.
    this.element.append(this.guide, el("div", { attributes: { role: "status" } }, this.prompt));
    setInterval(() => this.look(), LOOK_EVERY);
    language.watch(() => this.look());
  }

  /** Read the pin that I stand at; false without one. */
  read(): boolean {
    if (this.pin === null || this.prompt.hidden) return false;
    this.actions.read(this.pin);
    return true;
  }

  /** Lead to a point; null: no more. */
  lead(point: Point | null, name: string): void {
    this.goal = point === null ? null : { point, name };
    this.look();
  }

  private look(): void {
    const { city } = this;
    const isOut = !city.inside.get() || city.id.get() === 0 || city.sky.get() || city.presenting.get();
    const [x, , z] = city.self.position;
    this.pin = isOut || this.actions.isBusy() ? null : nearestPin(city.pins.get(), [x, z], READ_REACH);
    this.showPrompt(this.pin);
    this.showGuide(isOut ? null : this.goal, [x, z]);
  }

  private showPrompt(pin: CityPin | null): void {
    const { reserved } = this.controls;
    this.prompt.hidden = pin === null;
    if (pin === null) {
      reserved.delete(KEY);
      return;
    }
    // Where there is something to read, E reads; the arrow keys and Q turn on.
    reserved.add(KEY);
    const [words, symbol] = PROMPTS[pin.kind];
    if (this.sign.dataset.kind !== pin.kind) {
      this.sign.dataset.kind = pin.kind;
      this.sign.className = `sign ${pin.kind}`;
      this.sign.replaceChildren(icon(symbol));
    }
    setText(this.title, text(words));
    setText(this.detail, chosen(pin.title));
  }

  private showGuide(goal: Nearby["goal"], here: Point): void {
    this.guide.hidden = goal === null;
    if (goal === null) return;
    const away = Math.hypot(goal.point[0] - here[0], goal.point[1] - here[1]);
    if (away < ARRIVED) {
      this.goal = null;
      this.guide.hidden = true;
      return;
    }
    this.arrow.style.rotate = `${bearingTo(here, this.city.self.yaw, goal.point).toFixed(2)}rad`;
    setText(this.way, text("pin.way", { name: goal.name, distance: distance(away) }));
  }
}
