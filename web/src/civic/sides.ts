/** Everything of the municipality that stands beside the citizen's own sheets: City Hall, the expo, its offices. */

import type { SpotInfo, VrActions } from "../render/api";
import { button } from "../ui/dom";
import type { SheetContent, SheetName, Sheets } from "../ui/sheet";
import type { Shortcuts } from "../ui/shortcuts";
import { AdminSide } from "./admin/admin_side";
import { ExpoSide } from "./expo/expo_side";
import { type HallSetting, HallSide } from "./hall/hall_side";

export interface SidesSetting extends Omit<HallSetting, "openExpo"> {
  /** To the card of somebody in the city. */
  meet(person: number): void;
}

export class Sides {
  readonly contents: Readonly<
    Record<Extract<SheetName, "hall" | "place" | "expo" | "admin" | "sanctions">, SheetContent>
  >;
  readonly slips: HTMLElement;
  readonly keys: Shortcuts;
  /** Their pages in a headset. */
  readonly vr: Pick<VrActions, "hall" | "expo">;
  private readonly hall: HallSide;
  private readonly expo: ExpoSide;
  private readonly admin: AdminSide;
  private sheets: Sheets | null = null;

  constructor(setting: SidesSetting) {
    const { city, civic, toasts, meet } = setting;
    const tell = (message: string) => toasts.show(message);
    this.hall = new HallSide({ ...setting, openExpo: () => this.expo.show() });
    this.expo = new ExpoSide({
      city,
      api: civic.api,
      tell,
      meet,
      lead: (point, name) => this.hall.desk.goTo(point, name),
      isOverSomebody: () => civic.isOverSomebody || this.hall.isOverPin,
    });
    this.admin = new AdminSide({ city, api: civic.api, tell });
    this.contents = { ...this.hall.contents, ...this.admin.contents, expo: this.expo.content };
    this.vr = { hall: this.hall.vr, expo: this.expo.vr };
    this.slips = this.hall.slips;
    this.slips.append(this.expo.slips);
    this.keys = { ...this.hall.keys, KeyX: () => this.sheets?.toggle("expo") };
  }

  /** Begin. */
  open(sheets: Sheets, canvas: HTMLElement): void {
    // Officers find it by its address as well: `/?admin=1`.
    this.admin.open(sheets, new URLSearchParams(location.search).get("admin") === "1");
    document.body.append(this.admin.slip);
    this.sheets = sheets;
    this.hall.open(sheets, canvas);
    this.expo.open(sheets, canvas);
  }

  /** Whether a press means something that stands in the city: then it is no wish to lock the pointer. */
  get isOver(): boolean {
    return this.hall.isOverPin || this.expo.isOverBooth;
  }

  showPlace(spot: SpotInfo): void {
    this.hall.showPlace(spot);
  }

  /** What phones find in their menu. */
  quick(): HTMLElement[] {
    const expo = button({ icon: "booth", caption: "expo.title", onclick: () => this.expo.show() });
    return [...this.hall.quick(), expo];
  }
}
