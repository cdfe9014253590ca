/** The bar and the chips around the landing card. */

import type { City } from "../city";
import { gwangjuClock, isNight } from "../daylight";
import { language, text } from "../i18n";
import type { Loading } from "../stage";
import type { Value } from "../value";
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

/** The time in Gwangju, and whether the city is still being unfolded. */
export function clockChip(moment: () => Date, loading: Value<Loading>): HTMLElement {
  const words = el("span");
  const sign = el("span", { class: "sign" });
  const chip = el("div", { class: "clock panel" }, sign, words);
  const show = () => {
    const busy = loading.get().state === "loading";
    chip.classList.toggle("is-loading", busy);
    const now = moment();
    sign.replaceChildren(icon(isNight(now) ? "moon" : "sun"));
    setText(words, busy ? text("landing.loading") : text("landing.time", { time: gwangjuClock(now) }));
  };
  loading.follow(show);
  language.watch(show);
  setInterval(show, 5000);
  return chip;
}
