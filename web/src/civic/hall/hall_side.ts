/** City Hall in the page, put together: its sheet, its pins, the slips on arrival, and the ways between them. */

import type { City } from "../../city";
import { text } from "../../i18n";
import type { CityPin, SpotInfo } from "../../render/api";
import type { CivicSide } from "../../ui/civic_side";
import { button, el } from "../../ui/dom";
import { Pages, type SheetPage } from "../../ui/pages";
import type { SheetContent, SheetName, Sheets } from "../../ui/sheet";
import type { Shortcuts } from "../../ui/shortcuts";
import type { Toasts } from "../../ui/toasts";
import type { Controls } from "../../world/controls";
import type { Point } from "../../world/districts";
import { nearestSpots, spotDistance } from "../../world/here";
import { Taps } from "../../world/taps";
import type { PlaceAct } from "../places/acts";
import { Arrival } from "../places/arrival";
import { PlaceSheet } from "../places/place_sheet";
import type { Counter, Desk } from "./desk";
import { Drafts } from "./drafts";
import { Counters } from "./hall_sheet";
import { Names } from "./names";
import { Nearby } from "./nearby";
import { named, PinBoard } from "./pins";
import type { ChosenPlace } from "./place_field";
import { choosePoint } from "./point_map";
import { proposalForm } from "./proposal_form";
import { proposalPage } from "./proposal_page";
import { receiptPage } from "./receipt_page";
import { reportForm } from "./report_form";
import { reportPage } from "./report_page";
import { votePage } from "./vote_page";
import { HeadsetHall } from "./vr_hall";

/** Nearer than this one walks, metres. */
const WALK = 60;
/** Within this distance one stands at a place, metres. */
const AT_PLACE = 120;

export interface HallSetting {
  readonly city: City;
  readonly civic: Pick<CivicSide, "api" | "citizenship" | "isOverSomebody">;
  readonly toasts: Toasts;
  readonly controls: Controls;
  isNight(): boolean;
  goToSpot(spot: SpotInfo): void;
  /** The sheet of the expo. */
  openExpo(): void;
}

export class HallSide {
  readonly desk: Desk;
  readonly contents: Readonly<Record<Extract<SheetName, "hall" | "place">, SheetContent>>;
  /** What comes up over the city: near a pin, on the way to one, on arrival. */
  readonly slips: HTMLElement;
  /** City Hall in a headset. */
  readonly vr: HeadsetHall;
  readonly keys: Shortcuts = {
    KeyL: () => this.sheets?.toggle("hall"),
    KeyE: () => this.nearby.read(),
  };
  private readonly nearby: Nearby;
  private readonly pages: Pages;
  private readonly counters: Counters;
  private readonly place: PlaceSheet;
  private sheets: Sheets | null = null;
  private canvas: HTMLElement | null = null;
  private taps: Taps | null = null;
  /** Where somebody was who went to sign in. */
  private comeBack: SheetPage | null = null;

  constructor(private readonly setting: HallSetting) {
    const { city, civic, controls } = setting;
    this.pages = new Pages(() => this.counters.page());
    this.desk = this.makeDesk();
    this.counters = new Counters(this.desk);
    this.vr = new HeadsetHall(this.desk, {
      received: (vote, receipt) => this.show(receiptPage(this.desk, vote, receipt)),
    });
    this.place = new PlaceSheet(city, {
      act: (act, spot) => this.act(act, spot),
      goToSpot: (spot) => setting.goToSpot(spot),
    });
    this.contents = { hall: this.pages.content("hall.title"), place: this.place.content };
    this.nearby = new Nearby(city, controls, {
      read: (pin) => this.read(pin),
      isBusy: () => this.sheets?.open.get() !== null || document.querySelector("dialog[open]") !== null,
    });
    const arrival = new Arrival(city, (spot) => this.showPlace(spot));
    this.slips = el("div", { class: "slips" }, arrival.element, this.nearby.element);
    civic.api.me.watch(() => this.resume());
    civic.citizenship.codes.watch(() => this.resume());
  }

  /** Begin. */
  open(sheets: Sheets, canvas: HTMLElement): void {
    this.sheets = sheets;
    this.canvas = canvas;
    new PinBoard(this.desk);
    const isPin = (x: number, y: number) => this.pinAt(x, y) !== null && !this.setting.civic.isOverSomebody;
    this.taps = new Taps(canvas, isPin, (x, y) => {
      const id = isPin(x, y) ? this.pinAt(x, y) : null;
      const pin = this.setting.city.pins.get().find((one) => one.id === id);
      if (pin !== undefined) this.read(pin);
    });
    sheets.open.watch((name) => {
      if (name !== "citizen") this.comeBack = null;
    });
  }

  /** Whether a press would open a pin: a second press on it is no wish to lock the pointer. */
  get isOverPin(): boolean {
    return this.taps?.isOver ?? false;
  }

  /** The panel of a place. */
  showPlace(spot: SpotInfo): void {
    this.place.choose(spot);
    this.sheets?.show("place");
  }

  /** What phones find in their menu. */
  quick(): HTMLElement[] {
    return [button({ icon: "hall", caption: "hall.title", onclick: () => this.sheets?.show("hall") })];
  }

  private makeDesk(): Desk {
    const { city, civic, toasts, isNight } = this.setting;
    const { api } = civic;
    const desk: Desk = {
      city,
      api,
      pages: this.pages,
      drafts: new Drafts(localStorage, () => api.me.get()?.citizen?.number ?? null),
      names: new Names(api, city),
      home: (counter) => this.home(counter),
      tell: (message) => toasts.show(message),
      signIn: (page) => {
        this.sheets?.show("citizen");
        this.comeBack = page;
      },
      goTo: (point, name) => this.goTo(point, name),
      choosePoint: (start) => choosePoint(city, isNight, start),
      proposal: (id) => proposalPage(desk, id),
      vote: (id) => votePage(desk, id),
      report: (id) => reportPage(desk, id),
    };
    return desk;
  }

  private home(counter: Counter): void {
    this.counters.counter = counter;
    this.pages.go(null);
  }

  private show(page: SheetPage | null): void {
    this.sheets?.show("hall");
    if (page !== null) this.pages.go(page);
  }

  private pinAt(x: number, y: number): string | null {
    const { inside, sky, view } = this.setting.city;
    return inside.get() && !sky.get() ? (view.get()?.pinAt(x, y) ?? null) : null;
  }

  private read(pin: CityPin): void {
    const { kind, number } = named(pin.id);
    const counters = { proposal: "proposals", vote: "votes", report: "reports" } as const;
    this.counters.counter = counters[kind];
    this.show(this.desk[kind](number));
  }

  /** Somebody signed in who was on their way to something: bring them back to it. */
  private resume(): void {
    const { citizenship } = this.setting.civic;
    const page = this.comeBack;
    // A newcomer has their recovery codes before them: those come first.
    if (page === null || citizenship.citizen === null || citizenship.codes.get() !== null) return;
    this.comeBack = null;
    this.show(page);
  }

  private act(act: PlaceAct, spot: SpotInfo): void {
    switch (act) {
      case "proposals":
      case "votes":
      case "reports":
        this.counters.counter = act;
        this.show(null);
        break;
      case "around":
        this.counters.showNear();
        this.show(null);
        break;
      case "propose":
        this.show(proposalForm(this.desk, null, this.placeOf(spot)));
        break;
      case "report":
        this.show(reportForm(this.desk, this.placeOf(spot)));
        break;
      case "expo":
        this.setting.openExpo();
    }
  }

  /** Where something about a place stands: where I am when I am there, else where people arrive. */
  private placeOf(spot: SpotInfo): ChosenPlace {
    const [x, , z] = this.setting.city.self.position;
    if (spotDistance(spot, this.setting.city.self.position) <= AT_PLACE)
      return { kind: "here", point: [x, z] };
    const [ax, , az] = spot.arrival.position;
    return { kind: "map", point: [ax, az] };
  }

  /** The server grants jumps to places; from there an arrow leads on. */
  private goTo(point: Point, name: string): void {
    const { city, toasts } = this.setting;
    const [x, , z] = city.self.position;
    const away = Math.hypot(point[0] - x, point[1] - z);
    this.sheets?.close();
    const [nearest] = nearestSpots(city.spots(), [point[0], 0, point[1]]);
    const isShorter = nearest !== undefined && spotDistance(nearest, [point[0], 0, point[1]]) < away / 2;
    if (away > WALK && isShorter && !city.goToSpot(nearest.id)) {
      toasts.show(text("state.point_offline"), "warning");
      return;
    }
    this.nearby.lead(point, name);
    this.canvas?.focus({ preventScroll: true });
  }
}
