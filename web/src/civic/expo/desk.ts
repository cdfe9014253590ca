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
