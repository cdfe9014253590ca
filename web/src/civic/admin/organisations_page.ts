/** All organisations, as operators see them. */

import type { paths } from "../../api/schema";
import { language, text } from "../../i18n";
import { el } from "../../ui/dom";
import type { SheetPage } from "../../ui/pages";
import { momentOf } from "../money";
import type { AdminDesk } from "./desk";
import { pagedList } from "./list";

type Answer = paths["/api/v1/admin/organisations"]["get"]["responses"][200]["content"]["application/json"];
type Line = Answer[number];
/** As many as the server gives at once: fewer were the last. */
const PAGE = 50;

export function organisationsPage(desk: AdminDesk): SheetPage {
  return {
    title: "admin.organisations",
    back: () => desk.pages.go(null),
    build: (body) => {
      const fetch = async (before: number | null) => {
        const query = { before: before ?? undefined };
        const { http } = desk.api;
        const found = await desk.api.take(http.GET("/api/v1/admin/organisations", { params: { query } }));
        const items = found as Line[];
        return { items, before: items.length < PAGE ? null : (items.at(-1)?.id ?? null) };
      };
      body.append(pagedList("admin.no_organisations", fetch, row).element);
      return undefined;
    },
  };
}

function row(one: Line): HTMLElement {
  const names = language.get() === "ko" ? [one.name_ko, one.name_en] : [one.name_en, one.name_ko];
  const facts = text("admin.members", { count: one.members, when: momentOf(one.founded_at) });
  return el(
    "li",
    {},
    el("div", {}, el("b", {}, names[0]), el("small", {}, names[1]), el("small", {}, facts)),
  );
}
