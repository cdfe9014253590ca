/** What every page of the expo works with. */

import type { Api } from "../../api/client";
import type { City } from "../../city";
import { type Key, text } from "../../i18n";
import { el } from "../../ui/dom";
import { type IconName, icon } from "../../ui/icons";
import type { Pages, SheetPage } from "../../ui/pages";
import type { Broadcast } from "./broadcast";
import type { Booth, Expo, Slot } from "./expo";
import type { Screens } from "./screens";

export interface ExpoDesk {
  readonly city: City;
  readonly api: Api;
  readonly expo: Expo;
  readonly screens: Screens;
  readonly broadcast: Broadcast;
  readonly pages: Pages;
  tell(message: string): void;
  /** To the citizen's card: signing in, and my organisations. */
  citizen(): void;
  /** To the card of somebody in the city. */
  meet(person: number): void;
  /** Walk to a booth, as far as one may at once. */
  goTo(slot: Slot): void;
  /** A booth as its visitors see it. */
  booth(id: string): SheetPage;
  /** A booth as its own people see it. */
  manage(id: string): SheetPage;
}

/** Build part of a page anew; whoever was on one of its buttons stays on the same one, or what says the same. */
export function keepingFocus(body: HTMLElement, build: () => void): void {
  const focused = document.activeElement;
  if (focused === null || !body.contains(focused)) {
    build();
    return;
  }
  const { id, textContent: said } = focused;
  build();
  const all = [...body.querySelectorAll<HTMLElement>("button, a")];
  const same = all.find((one) => (id === "" ? one.textContent === said : one.id === id));
  same?.focus({ preventScroll: true });
}

/** A line that leads somewhere. */
export function linkRow(symbol: IconName, title: Key, detail: string, act: () => void): HTMLElement {
  return el(
    "li",
    {},
    el(
      "button",
      { attributes: { type: "button" }, onclick: act },
      icon(symbol),
      el("span", { class: "who" }, el("b", { text: title }), detail === "" ? null : el("small", {}, detail)),
      icon("onward"),
    ),
  );
}

/** A booth's sign: its number, as on its plate. */
export function numberSign({ number, state, mine }: Pick<Booth, "number" | "state" | "mine">): HTMLElement {
  const kind = state === "free" ? "free" : state === "open" ? "open" : "taken";
  return el("span", { class: `booth-number ${kind}${mine ? " mine" : ""}` }, number);
}

const STATES: Readonly<Record<Booth["state"], Key>> = {
  free: "expo.free",
  draft: "expo.draft",
  open: "expo.open",
  closed: "expo.closed",
};

export function stateWords(state: Booth["state"]): string {
  return text(STATES[state]);
}
