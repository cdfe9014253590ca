/** The administration on the page, put together: its sheet, acts about people, and what was done about me. */

import type { Api } from "../../api/client";
import type { City } from "../../city";
import { Pages, type SheetPage } from "../../ui/pages";
import type { SheetContent, SheetName, Sheets } from "../../ui/sheet";
import type { AdminDesk } from "./desk";
import { homePage } from "./home_page";
import { MySanctions } from "./my_sanctions";
import { mySanctionsPage } from "./my_sanctions_page";
import { kindsOf, sanctionPage } from "./sanction_page";
import { sanctionSlip } from "./sanction_slip";

export interface AdminSetting {
  readonly city: City;
  readonly api: Api;
  tell(message: string): void;
}

export class AdminSide {
  readonly contents: Readonly<Record<Extract<SheetName, "admin" | "sanctions">, SheetContent>>;
  /** Stands over everything: whoever is put out of the city still reads it. */
  readonly slip: HTMLElement;
  private sheets: Sheets | null = null;

  constructor(setting: AdminSetting) {
    const { city, api, tell } = setting;
    const pages = new Pages(() => homePage(desk));
    const desk: AdminDesk = { api, city, pages, tell };
    const mine = new MySanctions(api, city);
    const own = new Pages(() => mySanctionsPage(mine, tell));
    this.contents = {
      admin: { ...pages.content("admin.title"), wide: true },
      sanctions: own.content("mine.title"),
    };
    this.slip = sanctionSlip(mine, () => this.sheets?.show("sanctions"));
  }

  open(sheets: Sheets, isAsked: boolean): void {
    this.sheets = sheets;
    if (isAsked) sheets.show("admin");
  }
}

/** What an officer may do about somebody in the city, as a page of their card; null: nothing. */
export function actAbout(
  setting: AdminSetting,
  pages: Pages,
  person: { readonly id: number; readonly name: string },
): (() => void) | null {
  if (kindsOf(setting).length === 0) return null;
  const desk: AdminDesk = { ...setting, pages };
  const page: SheetPage = sanctionPage(desk, { name: person.name, about: { person: person.id } }, () =>
    pages.go(null),
  );
  return () => pages.go(page);
}
