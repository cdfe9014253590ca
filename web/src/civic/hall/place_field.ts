/** Where a proposal or a report belongs: where I stand, before City Hall, or a point of the map. */

import { type Key, text } from "../../i18n";
import { button, el, setText } from "../../ui/dom";
import type { Point } from "../../world/districts";
import { type Desk, standing } from "./desk";

export type PlaceKind = "here" | "hall" | "map" | "kept";

export interface ChosenPlace {
  readonly kind: PlaceKind;
  /** Null: before City Hall, as the server places it. */
  readonly point: Point | null;
}

export interface PlaceFieldProps {
  readonly id: string;
  readonly kinds: readonly PlaceKind[];
  readonly start: ChosenPlace;
  readonly changed: (place: ChosenPlace) => void;
}

const TITLES: Readonly<Record<PlaceKind, Key>> = {
  here: "place.here",
  hall: "place.hall",
  map: "place.map",
  kept: "place.kept",
};

export interface PlaceField {
  readonly element: HTMLElement;
  /** What is chosen now. */
  value(): ChosenPlace;
}

export function placeField(desk: Desk, { id, kinds, start, changed }: PlaceFieldProps): PlaceField {
  let place = start;
  const where = el("small", { attributes: { "aria-live": "polite" } });
  const change = button({ class: "small", caption: "place.choose", onclick: () => void choose() });
  const inputs = new Map<PlaceKind, HTMLInputElement>();
  const show = () => {
    for (const [kind, input] of inputs) input.checked = kind === place.kind;
    change.hidden = place.kind !== "map";
    setText(where, place.point === null ? text("place.before_hall") : sayPoint(desk, place.point));
  };
  const take = (next: ChosenPlace) => {
    place = next;
    changed(next);
    show();
  };
  const choose = async () => {
    const point = await desk.choosePoint(place.point ?? standing(desk));
    if (point !== null) take({ kind: "map", point });
    else show();
  };
  const pick: Readonly<Record<PlaceKind, () => void>> = {
    here: () => take({ kind: "here", point: standing(desk) }),
    hall: () => take({ kind: "hall", point: null }),
    kept: () => take(start),
    map: () => take({ kind: "map", point: place.point ?? standing(desk) }),
  };
  const options = kinds.map((kind) => {
    const input = el("input", { attributes: { type: "radio", name: id, value: kind } });
    inputs.set(kind, input);
    input.addEventListener("change", pick[kind]);
    // A press opens the map; arrow keys only move through the choices, with a button beside them.
    if (kind === "map") input.addEventListener("click", ({ detail }) => detail > 0 && void choose());
    return el("label", {}, input, el("span", { text: TITLES[kind] }));
  });
  show();
  const element = el(
    "fieldset",
    { class: "place-field" },
    el("legend", {}, el("b", { text: "place.title" })),
    el("div", { class: "choices stacked" }, ...options),
    el("div", { class: "place-said" }, where, change),
  );
  return { element, value: () => place };
}

/** A point in words: its neighbourhood, and how far away it is. */
function sayPoint(desk: Desk, point: Point): string {
  const [x, z] = standing(desk);
  const metres = Math.round(Math.hypot(point[0] - x, point[1] - z));
  const dong = desk.names.place(point);
  return text("place.said", { place: dong === "" ? text("place.outside") : dong, metres });
}

/** A place as a draft keeps it. Where I stand is where I stand then: nothing is kept of it. */
export function placeText({ kind, point }: ChosenPlace): string {
  if (kind === "here") return "";
  return point === null ? kind : `${kind} ${point[0].toFixed(1)} ${point[1].toFixed(1)}`;
}

/** What `placeText` wrote; null for anything else. */
export function placeOf(words: string | undefined): ChosenPlace | null {
  if (words === "hall") return { kind: "hall", point: null };
  const found = /^(map|kept) (-?[\d.]+) (-?[\d.]+)$/.exec(words ?? "");
  if (found === null) return null;
  const point: Point = [Number(found[2]), Number(found[3])];
  return point.every(Number.isFinite) ? { kind: found[1] as PlaceKind, point } : null;
}
