/** The two-sided switch between Korean and English. */

import { language } from "../i18n";
import type { Language } from "../render/api";
import { el } from "./dom";

const NAMES: readonly (readonly [Language, string])[] = [
  ["ko", "한국어"],
  ["en", "English"],
];

export function languageSwitch(choose: (chosen: Language) => void): HTMLElement {
  const group = el("div", { class: "language", label: "page.language", attributes: { role: "group" } });
  for (const [code, name] of NAMES) {
    const one = el(
      "button",
      { attributes: { type: "button", lang: code }, onclick: () => choose(code) },
      name,
    );
    language.follow((chosen) => one.setAttribute("aria-pressed", String(chosen === code)));
    group.append(one);
  }
  return group;
}
