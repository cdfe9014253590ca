/** Choosing a coat: ten colours, and a doll that wears the chosen one. */

import type { Key } from "../i18n";
import type { Value } from "../value";
import { COATS, doll } from "./coat";
import { el } from "./dom";

/** @param name Of the radio group; no two groups on the page have the same. */
export function coats(colour: Value<number>, name: string): HTMLElement {
  const figure = doll();
  colour.follow((chosen) => figure.wear(chosen));
  const swatches = COATS.map((coat, index) => {
    const input = el("input", {
      label: `colour.${index}` as Key,
      hint: `colour.${index}` as Key,
      attributes: { type: "radio", name, value: String(index) },
    });
    input.style.setProperty("--coat", coat);
    colour.follow((chosen) => {
      input.checked = chosen === index;
    });
    input.addEventListener("change", () => colour.set(index));
    return input;
  });
  const legend = el("legend", {}, el("b", { text: "landing.colour" }));
  return el(
    "fieldset",
    { class: "field coats" },
    legend,
    el("div", { class: "swatches" }, ...swatches),
    figure.element,
  );
}
