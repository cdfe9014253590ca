/** The chips at the top: where I am and when, how many people there are, language and settings. */

import type { City } from "../city";
import { gwangjuClock } from "../daylight";
import { chosen, language, text } from "../i18n";
import { button, el, setText } from "./dom";
import { icon } from "./icons";
import { languageSwitch } from "./language";
import type { Sheets } from "./sheet";

function placeChip(city: City, moment: () => Date): HTMLElement {
  const title = el("b");
  const where = el("span");
  const wider = el("span", { class: "wider" });
  const when = el("span");
  const show = () => {
    const here = city.here.get();
    const dong = here?.dong ? chosen(here.dong.name) : "";
    const gu = here?.gu ? chosen(here.gu) : "";
    const korean = language.get() === "ko";
    const area = korean ? [gu, dong].join(" ").trim() : dong || gu;
    const place = area === "" ? text("hud.city") : area;
    const sky = city.sky.get();
    // Some places carry a second name after a slash: a chip has room for the first.
    const spot = here?.spot ? chosen(here.spot.name).split(" / ")[0] : dong;
    setText(title, sky ? text("hud.sky_title") : spot === "" ? text("hud.city") : spot);
    setText(where, sky ? text("hud.over", { place }) : place);
    setText(wider, !korean && dong !== "" && gu !== "" ? `, ${gu}` : "");
    setText(when, ` · ${gwangjuClock(moment())}`);
  };
  city.here.follow(show);
  city.sky.watch(show);
  city.settings.time.watch(show);
  language.watch(show);
  setInterval(show, 5000);
  return el(
    "div",
    { class: "place panel", label: "hud.here", attributes: { role: "group" } },
    icon("pin"),
    el("div", {}, title, el("small", {}, where, wider, when)),
  );
}

function peopleChip(city: City, sheets: Sheets): HTMLElement {
  const all = el("b");
  const near = el("small");
  const chip = el(
    "button",
    {
      class: "people panel",
      attributes: { type: "button", "aria-haspopup": "dialog" },
      onclick: () => sheets.toggle("people"),
    },
    icon("people"),
    all,
    el("span", { class: "spoken", text: "hud.people_all" }),
    near,
  );
  const show = () => {
    const census = city.census.get();
    setText(all, census.city.toLocaleString(language.get()));
    setText(near, text("hud.people_near", { count: census.near }));
  };
  city.census.follow(show);
  language.watch(show);
  return chip;
}

export function topBar(city: City, sheets: Sheets, moment: () => Date): HTMLElement {
  return el(
    "div",
    { class: "top", label: "hud.top", attributes: { role: "region" } },
    placeChip(city, moment),
    el("span", { class: "space" }),
    peopleChip(city, sheets),
    el(
      "div",
      { class: "tools panel" },
      languageSwitch((chosen) => city.settings.language.set(chosen)),
      button({
        class: "round wide-only",
        icon: "settings",
        label: "hud.settings",
        hint: "hud.settings",
        onclick: () => sheets.toggle("settings"),
      }),
      button({
        class: "round phone-only",
        icon: "menu",
        label: "hud.menu",
        onclick: () => sheets.toggle("settings"),
      }),
    ),
  );
}
