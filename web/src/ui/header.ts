/** The bar and the chips around the landing card. */

import type { City } from "../city";
import { gwangjuClock, isNight } from "../daylight";
import { language, text } from "../i18n";
import { button, el, setText } from "./dom";
import { icon, mark } from "./icons";
import { languageSwitch } from "./language";

export function header(city: City, openSources: () => void): HTMLElement {
  return el(
    "header",
    { class: "bar" },
    el(
      "div",
      { class: "logo" },
      mark(),
      el("b", { text: "page.title" }),
      el("small", { text: "page.tagline" }),
    ),
    el(
      "nav",
      {},
      button({ class: "plain", caption: "landing.sources", onclick: openSources }),
      languageSwitch((chosen) => city.settings.language.set(chosen)),
    ),
  );
}

/** The time in Gwangju. */
export function clockChip(moment: () => Date): HTMLElement {
  const words = el("span");
  const sign = el("span", { class: "sign" });
  const chip = el("div", { class: "clock panel" }, sign, words);
  const show = () => {
    const now = moment();
    sign.replaceChildren(icon(isNight(now) ? "moon" : "sun"));
    setText(words, text("landing.time", { time: gwangjuClock(now) }));
  };
  show();
  language.watch(show);
  setInterval(show, 5000);
  return chip;
}
