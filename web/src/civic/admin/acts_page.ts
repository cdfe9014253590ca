/** Sanctions as officers see them: who, why, what happened; and taking one back. */

import type { Schemas } from "../../api/client";
import { type Key, text } from "../../i18n";
import { button, el } from "../../ui/dom";
import { attempt, form, problemLine, submitButton } from "../../ui/form";
import type { SheetPage } from "../../ui/pages";
import { area, chip, filters, written } from "../hall/parts";
import { momentOf } from "../money";
import { type AdminDesk, placeWords } from "./desk";
import { pagedList } from "./list";

type Line = Schemas["SanctionLine"];
/** As many as the server gives at once: fewer were the last. */
const PAGE = 100;
const REASON = 1000;

export function actsPage(desk: AdminDesk): SheetPage {
  return {
    title: "admin.acts",
    back: () => desk.pages.go(null),
    build: (body) => {
      let holding = true;
      const fetch = async (before: number | null) => {
        const query = { before: before ?? undefined, holding };
        const { http } = desk.api;
        const items = (await desk.api.take(
          http.GET("/api/v1/moderation/acts", { params: { query } }),
        )) as Line[];
        return { items, before: items.length < PAGE ? null : (items.at(-1)?.act.id ?? null) };
      };
      const list = pagedList("admin.no_acts", fetch, (line, again) => card(desk, line, again));
      const pick = filters<"now" | "all">(
        "admin.acts",
        [
          { value: "now", title: "admin.acts_now" },
          { value: "all", title: "admin.acts_all" },
        ],
        "now",
        (value) => {
          holding = value === "now";
          list.again();
        },
      );
      body.append(pick, list.element);
      return desk.city.topics.watch("moderation", list.renew);
    },
  };
}

export function whoIs({ name, citizen, person }: Pick<Line, "name" | "citizen" | "person">): string {
  if (name !== null) return name;
  if (citizen !== null) return text("admin.number", { number: citizen });
  return text("admin.visitor", { number: person ?? 0 });
}

function card(desk: AdminDesk, line: Line, again: () => void): HTMLElement {
  const { act } = line;
  const state: Key = act.lifted_at !== null ? "mine.lifted" : act.holds ? "mine.holds" : "mine.over";
  const until = act.until > act.at ? text("contact.until", { until: momentOf(act.until) }) : "";
  const place = el("div");
  const lift = button({
    class: "small",
    caption: "admin.lift",
    hidden: act.lifted_at !== null || !act.holds,
    attributes: { "aria-label": `${text("admin.lift")}: ${whoIs(line)}` },
    onclick: () => {
      lift.hidden = true;
      place.replaceChildren(lifting(desk, act.id, again));
      place.querySelector("textarea")?.focus();
    },
  });
  return el(
    "li",
    { class: "act-card" },
    el(
      "div",
      {},
      el(
        "p",
        { class: "chips" },
        chip(text(`sanction.${act.kind}`), act.holds ? "alert" : "quiet"),
        chip(text(state), act.lifted_at !== null ? "done" : act.holds ? "working" : "quiet"),
        line.appealed ? chip(text("admin.appealed"), "fresh") : null,
      ),
      el("b", {}, whoIs(line)),
      el(
        "small",
        {},
        [text(`category.${act.category}`), placeWords(act.place), momentOf(act.at), until]
          .filter(Boolean)
          .join(" · "),
      ),
      line.reason === null ? null : written(line.reason),
      el("small", {}, text("admin.by", { number: line.officer })),
      place,
    ),
    lift,
  );
}

function lifting({ api, tell }: AdminDesk, number: number, again: () => void): HTMLElement {
  const reason = area({ id: `lift-${number}`, label: "admin.lift_why", most: REASON, rows: 2 });
  const problem = problemLine();
  const submit = submitButton("admin.lift");
  const act = () => {
    const said = reason.needed();
    if (said === null) return;
    void attempt(submit, problem.say, async () => {
      const params = { path: { number } };
      const { http } = api;
      await api.take(http.POST("/api/v1/moderation/acts/{number}/lift", { params, body: { reason: said } }));
      tell(text("admin.lifted"));
      again();
    });
  };
  return form(act, reason.element, problem.element, submit);
}
