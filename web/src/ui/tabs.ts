/** Tabs, and groups of choices, by the keyboard patterns that screen readers know. */

import { type Key, text } from "../i18n";
import { el } from "./dom";

export interface Tab<T extends string> {
  readonly id: T;
  readonly title: Key;
}

/** A row of tabs (WAI-ARIA tabs pattern): arrows move between them, and the panel follows. */
export function tabs<T extends string>(
  label: Key,
  list: readonly Tab<T>[],
  start: T,
  panelId: string,
  select: (id: T) => void,
): HTMLElement {
  const row = el("div", { class: "tabs", label, attributes: { role: "tablist" } });
  const buttons = list.map(({ id, title }) =>
    el("button", {
      text: title,
      attributes: { type: "button", role: "tab", "data-tab": id, "aria-controls": panelId },
      onclick: () => choose(id),
    }),
  );
  function choose(id: T): void {
    for (const one of buttons) {
      const on = one.dataset.tab === id;
      one.setAttribute("aria-selected", String(on));
      one.tabIndex = on ? 0 : -1;
    }
    select(id);
  }
  row.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const next = buttons[(at + step + buttons.length) % buttons.length];
    event.preventDefault();
    next.focus();
    choose(next.dataset.tab as T);
  });
  row.append(...buttons);
  choose(start);
  return row;
}

export interface Choice<T extends string> {
  readonly value: T;
  readonly title: Key;
}

/** Two or three choices side by side: a radio group. */
export function choices<T extends string>(
  label: Key,
  list: readonly Choice<T>[],
  current: T,
  select: (value: T) => void,
): HTMLElement {
  const name = `choice-${label}`;
  const group = el("div", {
    class: "choices",
    attributes: { role: "radiogroup", "aria-label": text(label) },
  });
  for (const { value, title } of list) {
    const input = el("input", { attributes: { type: "radio", name, value } });
    input.checked = value === current;
    input.addEventListener("change", () => select(value));
    group.append(el("label", {}, input, el("span", { text: title })));
  }
  return group;
}

/** A switch with a text beside it. */
export function toggle(
  title: Key,
  hint: Key | null,
  on: boolean,
  change: (on: boolean) => void,
): HTMLElement {
  const input = el("input", { attributes: { type: "checkbox", role: "switch" } });
  input.checked = on;
  input.addEventListener("change", () => change(input.checked));
  return el(
    "label",
    { class: "toggle" },
    el("span", {}, el("b", { text: title }), hint === null ? null : el("small", { text: hint })),
    input,
  );
}
