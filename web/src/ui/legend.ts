/** What paper, colour and brass mean: the honesty mark, always in sight. */

import type { Key } from "../i18n";
import { el } from "./dom";

const MEANINGS: readonly (readonly [string, Key, Key])[] = [
  ["paper", "legend.paper", "legend.paper_short"],
  ["colour", "legend.colour", "legend.colour_short"],
  ["brass", "legend.brass", "legend.brass_short"],
];

export function legend(): HTMLElement {
  return el(
    "ul",
    { class: "legend panel", label: "legend.title" },
    ...MEANINGS.map(([swatch, long, short]) =>
      el(
        "li",
        {},
        el("i", { class: `swatch ${swatch}`, attributes: { "aria-hidden": "true" } }),
        el("span", { class: "long", text: long }),
        el("span", { class: "short", text: short }),
      ),
    ),
  );
}
