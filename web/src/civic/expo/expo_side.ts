/** The expo on the page, put together: booths in the city, the slip before them, the sheet. */

import type { Api } from "../../api/client";
import type { City } from "../../city";
import { text } from "../../i18n";
import type { Vec3 } from "../../render/api";
import { el } from "../../ui/dom";
import { Pages } from "../../ui/pages";
import type { SheetContent, Sheets } from "../../ui/sheet";
import type { Point } from "../../world/districts";
import { Taps } from "../../world/taps";
import { boothPage } from "./booth_page";
import { Broadcast } from "./broadcast";
import type { ExpoDesk } from "./desk";
import { Expo, type Slot } from "./expo";
import { followBooths } from "./expo_view";
import { homePage } from "./home_page";
import { managePage } from "./manage_page";
import { onAir } from "./on_air";
import { away, before } from "./place";
import { screenPage } from "./screen_page";
import { Screens } from "./screens";
import { HeadsetExpo } from "./vr_expo";
import { WalkUp } from "./walk_up";

/** One may go this far at once (world/limits.py: TELEPORT_REACH), metres. */
const REACH = 24;
export interface ExpoSetting {
  readonly city: City;
  readonly api: Api;
  tell(message: string): void;
  /** To the card of somebody in the city. */
  meet(person: number): void;
  /** Lead to a point that is farther off. */
  lead(point: Point, name: string): void;
  /** A press that means a person or a pin means no booth. */
  isOverSomebody(): boolean;
}

export class ExpoSide {
  readonly content: SheetContent;
  /** Slips over the city: before a booth, and while this browser publishes. */
  readonly slips: HTMLElement;
  readonly expo: Expo;
  readonly screens: Screens;
  /** The expo in a headset. */
  readonly vr: HeadsetExpo;
  private readonly pages: Pages;
  private readonly desk: ExpoDesk;
  private sheets: Sheets | null = null;
  private taps: Taps | null = null;

  constructor(private readonly setting: ExpoSetting) {
    const { city, api } = setting;
    this.expo = new Expo(api, city.topics);
    this.screens = new Screens(city, this.expo);
    this.vr = new HeadsetExpo({ city, api, expo: this.expo });
    this.pages = new Pages(() => homePage(this.desk));
    const broadcast = new Broadcast();
    this.desk = {
      city,
      api,
      expo: this.expo,
      screens: this.screens,
      broadcast,
      pages: this.pages,
      tell: setting.tell,
      meet: setting.meet,
      citizen: () => this.sheets?.show("citizen"),
      goTo: (slot) => this.goTo(slot),
      booth: (id) => boothPage(this.desk, id),
      manage: (id) => managePage(this.desk, id),
    };
    this.content = this.pages.content("expo.title");
    const walkUp = new WalkUp(city, this.expo, (id) => this.openBooth(id));
    const air = onAir(broadcast, this.expo, (id) => {
      this.show();
      this.pages.go(screenPage(this.desk, id));
    });
    this.slips = el("div", { class: "expo-slips" }, air, walkUp.element);
    followBooths(city, this.expo);
  }

  open(sheets: Sheets, canvas: HTMLElement): void {
    this.sheets = sheets;
    const at = (x: number, y: number) => this.boothAt(x, y);
    this.taps = new Taps(
      canvas,
      (x, y) => at(x, y) !== null,
      (x, y) => {
        const id = at(x, y);
        if (id !== null) this.openBooth(id);
      },
    );
  }

  /** Whether a press would open a booth. */
  get isOverBooth(): boolean {
    return this.taps?.isOver ?? false;
  }

  /** The sheet, at its first page. */
  show(): void {
    this.sheets?.show("expo");
  }

  openBooth(id: string): void {
    this.show();
    this.pages.go(boothPage(this.desk, id));
  }

  private boothAt(x: number, y: number): string | null {
    const { city, isOverSomebody } = this.setting;
    if (!city.inside.get() || city.sky.get() || isOverSomebody()) return null;
    return city.view.get()?.booths.at(x, y) ?? null;
  }

  private goTo(slot: Slot): void {
    const { city, lead, tell } = this.setting;
    const { position, yaw } = before(slot);
    if (away({ position }, city.self.position) >= REACH) {
      lead([position[0], position[2]], text("expo.slot_named", { number: slot.number }));
      return;
    }
    this.sheets?.close();
    if (!city.goToPoint(position as Vec3, yaw)) tell(text("state.point_offline"));
  }
}
