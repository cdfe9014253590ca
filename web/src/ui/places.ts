/** The sheet of places: near ones, landmarks, stations, dong; and a search through all of them. */

import type { City } from "../city";
import { chosen, distance, text } from "../i18n";
import type { SpotInfo } from "../render/api";
import { namedSpots, SPOT_COLOURS } from "../render/places";
import type { Dong, Point } from "../world/districts";
import { nearestSpots, spotDistance } from "../world/here";
import { el } from "./dom";
import { icon, spotIcon } from "./icons";
import type { SheetContent } from "./sheet";
import { type Tab, tabs } from "./tabs";

export interface PlaceActions {
  goToSpot(spot: SpotInfo): void;
  showOnMap(point: Point): void;
  /** What can be done at a landmark. */
  showPlace(spot: SpotInfo): void;
}

type TabId = "near" | "landmarks" | "stations" | "dong";
const NEAR_COUNT = 8;

function other(name: { ko: string; en: string }): string {
  return chosen(name) === name.ko ? name.en : name.ko;
}

function row(
  symbol: SVGSVGElement,
  colour: string,
  title: string,
  detail: string,
  action: HTMLElement,
  open?: () => void,
): HTMLElement {
  const sign = el("span", { class: "sign" }, symbol);
  sign.style.background = colour;
  const words = [el("b", {}, title), el("small", {}, detail)];
  if (open === undefined) return el("li", {}, sign, el("div", {}, ...words), action);
  const opener = {
    class: "opener",
    attributes: { type: "button", "aria-haspopup": "dialog" },
    onclick: open,
  };
  return el("li", {}, sign, el("button", opener, ...words), action);
}

function spotRow(city: City, spot: SpotInfo, actions: PlaceActions): HTMLElement {
  const place = chosen(spot.name);
  const detail = [distance(spotDistance(spot, city.self.position))];
  if (spot.accuracy_m > 0) detail.push(text("places.accuracy", { metres: spot.accuracy_m }));
  const go = el(
    "button",
    {
      class: "go",
      attributes: { type: "button", "aria-label": text("places.go_to", { place }) },
      onclick: () => actions.goToSpot(spot),
    },
    text("places.go"),
  );
  return row(
    icon(spotIcon(spot.category)),
    SPOT_COLOURS[spot.category] ?? "#58616a",
    place,
    detail.join(" · "),
    go,
    () => actions.showPlace(spot),
  );
}

function dongRow(city: City, dong: Dong, actions: PlaceActions): HTMLElement {
  const place = chosen(dong.name);
  const gu = city.districts.get()?.guOf(dong);
  const show = el(
    "button",
    {
      class: "go",
      attributes: { type: "button", "aria-label": text("places.show_on_map", { place }) },
      onclick: () => actions.showOnMap(dong.label),
    },
    text("places.show"),
  );
  return row(
    icon("house"),
    "var(--brass)",
    place,
    gu ? `${chosen(gu.name)} · ${other(dong.name)}` : "",
    show,
  );
}

function matches(name: { ko: string; en: string }, words: string): boolean {
  const plain = (value: string) => value.toLocaleLowerCase("ko").replace(/[\s·.\-()]/g, "");
  return plain(name.ko).includes(plain(words)) || plain(name.en).includes(plain(words));
}

/** What a tab lists; a search lists everything that matches. */
function listed(city: City, tab: TabId, words: string, actions: PlaceActions): HTMLElement[] {
  const spots = nearestSpots(city.spots(), city.self.position);
  const dong = city.districts.get()?.dong ?? [];
  const spotRows = (list: readonly SpotInfo[]) => list.map((spot) => spotRow(city, spot, actions));
  const dongRows = (list: readonly Dong[]) => list.map((one) => dongRow(city, one, actions));
  if (words !== "") {
    return [
      ...spotRows(spots.filter(({ name }) => matches(name, words))),
      ...dongRows(dong.filter(({ name }) => matches(name, words))),
    ];
  }
  switch (tab) {
    case "near":
      return spotRows(namedSpots(spots).slice(0, NEAR_COUNT));
    case "landmarks":
      return spotRows(spots.filter(({ kind }) => kind === "landmark"));
    case "stations":
      return spotRows(spots.filter(({ kind }) => kind === "station"));
    case "dong":
      return dongRows(
        [...dong].sort((a, b) => a.gu.localeCompare(b.gu) || a.name.ko.localeCompare(b.name.ko, "ko")),
      );
  }
}

const TABS: readonly Tab<TabId>[] = [
  { id: "near", title: "places.near" },
  { id: "landmarks", title: "places.landmarks" },
  { id: "stations", title: "places.stations" },
  { id: "dong", title: "places.dong" },
];

class PlacesBody {
  private readonly search = el("input", {
    class: "input",
    label: "places.search",
    placeholder: "places.search",
    attributes: { type: "search", autocomplete: "off" },
  });
  private readonly list = el("ul");
  private readonly panel = el(
    "div",
    {
      class: "rows",
      id: "places-panel",
      label: "places.title",
      attributes: { role: "tabpanel", tabindex: "-1" },
    },
    this.list,
  );
  private readonly note = el("p", { class: "note" });
  private tab: TabId = "near";

  constructor(
    private readonly city: City,
    private readonly actions: PlaceActions,
  ) {}

  build(body: HTMLElement): () => void {
    const row = tabs("places.tabs", TABS, this.tab, "places-panel", (tab) => this.choose(tab));
    row.querySelector("[aria-selected=true]")?.setAttribute("data-first", "");
    this.search.addEventListener("input", () => this.fill());
    body.append(row, el("label", { class: "search" }, icon("search"), this.search), this.panel, this.note);
    return this.city.districts.watch(() => this.fill());
  }

  private choose(tab: TabId): void {
    this.tab = tab;
    this.search.value = "";
    this.fill();
    this.panel.scrollTop = 0;
  }

  private fill(): void {
    const words = this.search.value.trim();
    const rows = listed(this.city, this.tab, words, this.actions);
    const isLoading = this.city.spots().length === 0;
    const nothing = isLoading ? text("places.empty") : text("places.none", { text: words });
    this.list.replaceChildren(...(rows.length === 0 ? [el("li", { class: "nothing" }, nothing)] : rows));
    const isDong = this.tab === "dong" && words === "";
    this.note.replaceChildren(
      icon("info"),
      el("span", { text: isDong ? "places.dong_note" : "places.note" }),
    );
  }
}

export function placesSheet(city: City, actions: PlaceActions): SheetContent {
  return { title: "places.title", build: (body) => new PlacesBody(city, actions).build(body) };
}
