/** The first page of the administration: what is mine to see and to do. */

import { type Key, text } from "../../i18n";
import { el } from "../../ui/dom";
import type { IconName } from "../../ui/icons";
import type { SheetPage } from "../../ui/pages";
import { linkRow } from "../expo/desk";
import { actsPage } from "./acts_page";
import { appealsPage } from "./appeals_page";
import { type AdminDesk, isOfficial, placesOf } from "./desk";
import { organisationsPage } from "./organisations_page";
import { peoplePage } from "./people_page";
import { slotsPage } from "./slots_page";
import { systemPage } from "./system_page";

interface Door {
  readonly title: Key;
  readonly detail: Key;
  readonly icon: IconName;
  /** What one must be allowed to do somewhere. */
  readonly needs: string;
  readonly page: (desk: AdminDesk) => SheetPage;
}

const DOORS: readonly Door[] = [
  {
    title: "admin.people",
    detail: "admin.people_detail",
    icon: "people",
    needs: "administer",
    page: peoplePage,
  },
  { title: "admin.acts", detail: "admin.acts_detail", icon: "shield", needs: "mute", page: actsPage },
  { title: "admin.appeals", detail: "admin.appeals_detail", icon: "chat", needs: "mute", page: appealsPage },
  { title: "admin.slots", detail: "admin.slots_detail", icon: "booth", needs: "free_slot", page: slotsPage },
  {
    title: "admin.organisations",
    detail: "admin.organisations_detail",
    icon: "house",
    needs: "administer",
    page: organisationsPage,
  },
  {
    title: "admin.system",
    detail: "admin.system_detail",
    icon: "info",
    needs: "administer",
    page: systemPage,
  },
];

export function homePage(desk: AdminDesk): SheetPage {
  return {
    build: (body) => {
      const fill = () => {
        const me = desk.api.me.get();
        if (!isOfficial(me)) {
          body.replaceChildren(
            el("p", { class: "soft", text: me === null ? "hall.loading" : "admin.not_mine" }),
          );
          return;
        }
        const doors = DOORS.filter(({ needs }) => placesOf(me, needs).length > 0);
        const rows = doors.map(({ title, detail, icon, page }) =>
          linkRow(icon, title, text(detail), () => desk.pages.go(page(desk))),
        );
        body.replaceChildren(el("ul", { class: "movements" }, ...rows));
      };
      return desk.api.me.follow(fill);
    },
  };
}
