/** A slip that comes when somebody stands before a booth. It blocks nothing. */

import type { City } from "../../city";
import { chosen, language, text } from "../../i18n";
import { el, setText } from "../../ui/dom";
import { Value } from "../../value";
import { type Expo, ownerOf, titleOf } from "./expo";
import { slotBefore } from "./place";

const LOOK_EVERY = 300;

export class WalkUp {
  readonly element = el("div", { class: "walk-up panel", hidden: true, attributes: { role: "status" } });
  /** Which booth I stand before. */
  readonly at = new Value<string | null>(null);
  private readonly number = el("span", { class: "booth-number" });
  private readonly title = el("b");
  private readonly detail = el("small");

  constructor(
    private readonly city: City,
    private readonly expo: Expo,
    open: (id: string) => void,
  ) {
    const opener = el(
      "button",
      {
        class: "opener",
        attributes: { type: "button", "aria-haspopup": "dialog" },
        onclick: () => {
          const id = this.at.get();
          if (id !== null) open(id);
        },
      },
      this.number,
      el("span", {}, this.title, this.detail),
    );
    this.element.append(opener);
    this.at.watch(() => this.show());
    expo.booths.watch(() => this.show());
    expo.live.watch(() => this.show());
    language.watch(() => this.show());
    setInterval(() => this.look(), LOOK_EVERY);
  }

  private look(): void {
    const { city, expo } = this;
    const isHere = city.inside.get() && city.id.get() !== 0 && !city.sky.get();
    const slots = isHere ? expo.halls.get().flatMap(({ slots }) => slots) : [];
    this.at.set(slotBefore(slots, city.pose().position, this.at.get())?.id ?? null);
  }

  private show(): void {
    const id = this.at.get();
    const booth = id === null ? undefined : this.expo.booth(id);
    this.element.hidden = booth === undefined;
    if (booth === undefined) return;
    const [title, owner] = [titleOf(booth), ownerOf(booth)];
    const heading = title ?? owner;
    setText(this.number, booth.number);
    setText(this.title, heading === null ? text("expo.free") : chosen(heading));
    const live = this.expo.live.get().has(booth.id);
    const detail = booth.state === "free" ? "expo.look_free" : live ? "expo.look_live" : "expo.look";
    setText(this.detail, text(detail));
    this.element.classList.toggle("is-live", live);
  }
}
