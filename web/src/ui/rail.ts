/** The rail at the right: places, map, people, sky, help. */

import type { City } from "../city";
import { type Key, text } from "../i18n";
import { button, el, setText } from "./dom";
import { type IconName, icon } from "./icons";
import type { SheetName, Sheets } from "./sheet";

export interface RailActions {
  openMap(): void;
  openHelp(): void;
}

export function rail(city: City, sheets: Sheets, actions: RailActions): HTMLElement {
  const sheetButton = (name: SheetName, caption: Key, symbol: IconName, shortcut: string) => {
    const one = button({
      icon: symbol,
      caption,
      attributes: { "aria-keyshortcuts": shortcut, "aria-haspopup": "dialog" },
      onclick: () => sheets.toggle(name),
    });
    sheets.open.follow((open) => one.setAttribute("aria-expanded", String(open === name)));
    return one;
  };
  return el(
    "nav",
    { class: "rail panel", label: "hud.actions" },
    sheetButton("places", "hud.places", "pin", "T"),
    button({
      icon: "map",
      caption: "hud.map",
      attributes: { "aria-keyshortcuts": "G" },
      onclick: actions.openMap,
    }),
    sheetButton("hall", "hall.title", "hall", "L"),
    sheetButton("expo", "expo.title", "booth", "X"),
    sheetButton("people", "hud.people", "people", "P"),
    sheetButton("wallet", "wallet.title", "wallet", "O"),
    sheetButton("citizen", "citizen.title", "citizen", "C"),
    skyButton(city),
    button({
      icon: "help",
      caption: "hud.help",
      attributes: { "aria-keyshortcuts": "?" },
      onclick: actions.openHelp,
    }),
  );
}

/** Changes between the street and the sky. */
export function skyButton(city: City): HTMLButtonElement {
  const one = button({
    icon: "sky",
    caption: "hud.sky",
    attributes: { "aria-keyshortcuts": "V" },
    onclick: () => city.sky.set(!city.sky.get()),
  });
  const words = one.querySelector("span");
  city.sky.follow((sky) => {
    one.setAttribute("aria-pressed", String(sky));
    one.querySelector("svg")?.replaceWith(icon(sky ? "street" : "sky"));
    const key: Key = sky ? "hud.street" : "hud.sky";
    words?.setAttribute("data-text", key);
    if (words) setText(words, text(key));
  });
  return one;
}
