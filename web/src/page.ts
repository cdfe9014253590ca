/** The page, put together: the landing card and the city behind it, then the city and its controls. */

import { City } from "./city";
import { Sides } from "./civic/sides";
import { followFaults } from "./faults";
import { type Key, language, text } from "./i18n";
import { installInspect } from "./inspect";
import type { Link } from "./link";
import type { SpotInfo, Vec3 } from "./render/api";
import { recallSettings } from "./settings";
import { Stage } from "./stage";
import { banner } from "./ui/banner";
import { openMap } from "./ui/big_map";
import { Chat } from "./ui/chat";
import { CivicSide } from "./ui/civic_side";
import { tellCovered } from "./ui/covered";
import { closeDialog } from "./ui/dialog";
import { dock } from "./ui/dock";
import { button, el, followLanguage } from "./ui/dom";
import { footer } from "./ui/footer";
import { clockChip, header } from "./ui/header";
import { openHelp } from "./ui/help";
import { type Door, landing } from "./ui/landing";
import { legend } from "./ui/legend";
import { minimap } from "./ui/minimap";
import { peopleSheet } from "./ui/people_sheet";
import { placesSheet } from "./ui/places";
import { rail } from "./ui/rail";
import { reporter } from "./ui/reporter";
import { settingsSheet } from "./ui/settings_sheet";
import { Sheets } from "./ui/sheet";
import { followShortcuts } from "./ui/shortcuts";
import { openSources } from "./ui/sources";
import { stick } from "./ui/stick";
import { followKeyboard, followSun } from "./ui/theme";
import { Toasts } from "./ui/toasts";
import { topBar } from "./ui/top";
import { unfolding } from "./ui/unfolding";
import { Controls } from "./world/controls";
import type { Point } from "./world/districts";

/** Somebody who walks straight in gets connected first, if it takes no longer than this, ms. */
const HEAD_START = 1500;

export class Page {
  private readonly city: City;
  private readonly stage: Stage;
  private readonly controls: Controls;
  private readonly canvas = el("canvas", { class: "city" });
  private readonly toasts = new Toasts();
  private readonly civic: CivicSide;
  private readonly sides: Sides;
  private readonly fault = followFaults(window, this.canvas);
  private readonly veil = el("div", { class: "veil", attributes: { "aria-hidden": "true" } });
  private readonly sheets: Sheets;
  private readonly chat: Chat;
  /** Where the link leads; once somebody went back to the landing card, it has done its work. */
  private spot: string | null;
  private readonly isNight = () => document.documentElement.dataset.theme === "night";
  private readonly moment = () => this.city.settings.time.get() ?? new Date();

  constructor(private readonly link: Link) {
    this.spot = link.spot;
    const touch = matchMedia("(pointer: coarse)").matches;
    const settings = recallSettings(localStorage, link, touch);
    settings.language.follow((value) => language.set(value));
    this.city = new City(settings, `${location.origin.replace(/^http/, "ws")}/signal`, link.carrier);
    this.controls = new Controls(this.canvas);
    this.civic = new CivicSide(this.city, this.toasts, link.invitation, sessionStorage);
    const [chose, pages] = [link.quality !== null, () => this.sides.vr];
    this.stage = new Stage(this.city, this.canvas, this.controls, chose, this.civic.vrPurse, pages);
    const { city, civic, toasts, controls, isNight } = this;
    const goToSpot = (spot: SpotInfo) => this.goToSpot(spot);
    const meet = (id: number) => civic.meet(id);
    this.sides = new Sides({ city, civic, toasts, controls, isNight, goToSpot, meet });
    this.sheets = this.makeSheets();
    this.chat = new Chat(this.city, (message) => this.toasts.show(message, "warning"));
    installInspect(this.city);
  }

  /** Put everything into the document and begin. */
  open(): void {
    const { city } = this;
    const checkSun = followSun(this.moment);
    city.settings.time.watch(checkSun);
    followKeyboard();
    tellCovered(city);
    this.build();
    followLanguage();
    this.listen();
    this.civic.open(this.sheets, this.canvas);
    this.sides.open(this.sheets, this.canvas);
    this.controls.mayLock = () => !this.civic.isOverSomebody && !this.sides.isOver;
    if (!this.link.enter) {
      void this.stage.open();
      return;
    }
    this.enter(this.link.look ? "look" : this.link.microphone ? "voice" : "quiet");
    void this.stage.open(this.connectedSoon());
  }

  /** Resolves when the connection stands, or after a moment without one. */
  private connectedSoon(): Promise<void> {
    return new Promise((resolve) => {
      setTimeout(resolve, HEAD_START);
      this.city.connection.status.follow(({ state }) => {
        if (state === "connected") resolve();
      });
    });
  }

  private makeSheets(): Sheets {
    return new Sheets({
      places: placesSheet(this.city, {
        goToSpot: (spot) => this.goToSpot(spot),
        showOnMap: (point) => this.openMap(point),
        showPlace: (spot) => this.sides.showPlace(spot),
      }),
      people: peopleSheet(
        this.city,
        (message) => this.toasts.show(message),
        (id) => this.civic.meet(id),
      ),
      ...this.civic.contents,
      ...this.sides.contents,
      settings: settingsSheet(this.city, {
        leave: () => this.leave(),
        openHelp,
        quick: () => [...this.sides.quick(), ...this.civic.quick()],
      }),
    });
  }

  private build(): void {
    const { city } = this;
    const [entrance, hud] = [this.makeEntrance(), this.makeHud()];
    city.inside.follow((inside) => {
      entrance.hidden = inside;
      hud.hidden = !inside;
      this.setCanvasRole(inside);
      document.body.classList.toggle("is-inside", inside);
    });
    city.inside.watch((inside) => {
      if (!inside) this.spot = null;
    });
    city.connection.status.follow(({ state }) => {
      const stopped = state === "refused" || state === "closed";
      hud.inert = stopped;
      // Nobody hears me now: the page must not look as if somebody did.
      if (stopped) city.microphone.setMuted(true);
    });
    this.sheets.open.follow((name) => document.body.classList.toggle("has-sheet", name !== null));
    document.body.append(
      button({ class: "skip", caption: "page.skip", onclick: () => this.skip() }),
      el("section", { label: "page.scene" }, this.canvas, this.veil, legend()),
      entrance,
      hud,
      this.sheets.element,
      this.civic.received.element,
      footer(openSources),
      el("div", { class: "notices" }, banner(city, this.stage, this.fault), unfolding(city, this.stage)),
      this.toasts.element,
      this.toasts.spoken,
    );
  }

  /** Before the door the city is a picture; past it, something to walk in with keys. */
  private setCanvasRole(inside: boolean): void {
    const { canvas } = this;
    canvas.tabIndex = inside ? 0 : -1;
    canvas.setAttribute("role", inside ? "application" : "img");
    canvas.dataset.label = inside ? "page.city" : "page.city_picture";
    canvas.setAttribute("aria-label", text(canvas.dataset.label as Key));
  }

  private makeEntrance(): HTMLElement {
    return el(
      "div",
      { class: "entrance" },
      header(this.city, openSources),
      landing(this.city, (door) => this.enter(door), this.civic.doorButton()),
      clockChip(this.moment),
    );
  }

  private makeHud(): HTMLElement {
    const { city, sheets } = this;
    return el(
      "main",
      { class: "hud" },
      topBar(city, sheets, this.moment),
      rail(city, sheets, { openMap: () => this.openMap(), openHelp }),
      minimap(city, this.isNight, () => this.openMap()),
      this.chat.element,
      stick(this.controls),
      dock(city, sheets, {
        openChat: () => this.chat.focus(),
        enterVr: () => this.enterVr(),
        wave: () => this.wave(),
      }),
      this.sides.slips,
    );
  }

  private listen(): void {
    const { city } = this;
    city.onNews = reporter(this.toasts, () => this.blink());
    this.controls.onMove = () => city.sky.set(false);
    this.stage.onLowered = () => this.toasts.show(text("state.quality_lowered"));
    let wasIn = false;
    city.connection.status.watch(({ state, resumed, reconnects }) => {
      if (state === "connected" && wasIn && reconnects > 0) {
        this.toasts.show(text(resumed ? "state.resumed" : "state.new_person"));
      } else if (state === "connected") this.toasts.say(text("state.connected"));
      wasIn = state === "connected" || (wasIn && state === "reconnecting");
    });
    followShortcuts(
      () => city.inside.get() && !city.presenting.get(),
      {
        KeyT: () => this.sheets.toggle("places"),
        KeyP: () => this.sheets.toggle("people"),
        KeyM: () => city.toggleMicrophone(),
        KeyH: () => this.wave(),
        KeyG: () => this.openMap(),
        KeyO: () => this.sheets.toggle("wallet"),
        ...this.sides.keys,
        KeyC: () => this.sheets.toggle("citizen"),
        KeyF: () => this.civic.meetAhead(),
        KeyV: () => city.sky.set(!city.sky.get()),
        Enter: () => this.chat.focus(),
        Escape: () => this.sheets.close(),
      },
      openHelp,
    );
  }

  /** Come in by a door; `quiet` is a link's: no microphone, but the sound stays on. */
  private enter(door: Door | "quiet"): void {
    const { city, link } = this;
    if (door === "silent") city.ears.chooseSilence();
    if (door === "silent" || door === "quiet" || door === "look") city.microphone.close();
    if (door === "vr") this.enterVr();
    // The way in does not wait for the question about the microphone: it may be answered inside.
    if ((door === "voice" || door === "vr") && city.microphoneFact() === "none") city.toggleMicrophone();
    city.enter(this.spot, door === "look");
    city.sky.set(link.sky);
    this.canvas.focus({ preventScroll: true });
    if (!city.settings.helped.get() && !link.enter && door !== "vr") openHelp();
    city.settings.helped.set(true);
  }

  private enterVr(): void {
    this.stage.enterVr().catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.toasts.show(text("state.vr_failed", { reason }), "warning");
    });
  }

  private leave(): void {
    this.sheets.close();
    closeDialog();
    this.city.leave();
  }

  private wave(): void {
    if (!this.city.wave()) this.toasts.show(text("chat.offline"), "warning");
  }

  private goToSpot(spot: SpotInfo): void {
    this.sheets.close();
    if (!this.city.goToSpot(spot.id)) this.toasts.show(text("state.point_offline"), "warning");
    this.canvas.focus({ preventScroll: true });
  }

  private goToPoint(position: Vec3): void {
    if (!this.city.goToPoint(position)) this.toasts.show(text("state.point_offline"), "warning");
    this.canvas.focus({ preventScroll: true });
  }

  private openMap(focus: Point | null = null): void {
    const actions = {
      goToSpot: (spot: SpotInfo) => this.goToSpot(spot),
      goToPoint: (position: Vec3) => this.goToPoint(position),
    };
    openMap(this.city, this.isNight, actions, focus);
  }

  private skip(): void {
    const target = this.city.inside.get() ? ".dock button" : ".card input";
    document.querySelector<HTMLElement>(target)?.focus();
  }

  /** A short fade, so that a jump does not feel like a fall. */
  private blink(): void {
    this.veil.classList.remove("is-on");
    // Reading the layout restarts the animation.
    void this.veil.offsetWidth;
    this.veil.classList.add("is-on");
  }
}
