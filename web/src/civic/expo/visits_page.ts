/** How many people came to a booth: in numbers, as bars by the hour, as a table. */

import { language, text } from "../../i18n";
import { el } from "../../ui/dom";
import { problemLine, wordsOf } from "../../ui/form";
import type { SheetPage } from "../../ui/pages";
import type { ExpoDesk } from "./desk";

const HOUR = 3600;
const DAY_HOURS = 24;

export interface Hour {
  readonly at: number;
  readonly visits: number;
}

/** Visits of the newest 24 hours, the oldest first; hours without visits count as none. */
export function lastDay(hours: readonly Hour[], now: number): Hour[] {
  const newest = Math.floor(now / HOUR) * HOUR;
  const counted = new Map(hours.map(({ at, visits }) => [Math.floor(at / HOUR) * HOUR, visits]));
  return Array.from({ length: DAY_HOURS }, (_, index) => {
    const at = newest - (DAY_HOURS - 1 - index) * HOUR;
    return { at, visits: counted.get(at) ?? 0 };
  });
}

export function visitsPage(desk: ExpoDesk, id: string): SheetPage {
  return {
    title: "visits.page",
    back: () => desk.pages.go(desk.manage(id)),
    build: (body) => {
      const problem = problemLine();
      const place = el("div", { class: "lines" }, el("p", { class: "soft loading", text: "hall.loading" }));
      body.append(problem.element, place);
      const params = { path: { name: id } };
      desk.api.take(desk.api.http.GET("/api/v1/booths/{name}/visits", { params })).then(
        ({ total, hours }) => place.replaceChildren(...fill(total, hours)),
        (error: unknown) => {
          place.replaceChildren();
          problem.say(wordsOf(error));
        },
      );
      return undefined;
    },
  };
}

function fill(total: number, hours: readonly Hour[]): HTMLElement[] {
  const day = lastDay(hours, Date.now() / 1000);
  const today = day.reduce((sum, { visits }) => sum + visits, 0);
  const number = (value: number) => value.toLocaleString(language.get());
  return [
    el(
      "dl",
      { class: "visit-figures" },
      el("div", {}, el("dt", { text: "visits.day" }), el("dd", {}, number(today))),
      el("div", {}, el("dt", { text: "visits.week" }), el("dd", {}, number(total))),
    ),
    bars(day, today),
    table(hours),
    el("p", { class: "soft", text: "visits.what" }),
  ];
}

function hourWords(at: number, wide: boolean): string {
  const parts: Intl.DateTimeFormatOptions = wide
    ? { month: "short", day: "numeric", hour: "numeric", timeZone: "Asia/Seoul" }
    : { hour: "numeric", timeZone: "Asia/Seoul" };
  return new Intl.DateTimeFormat(language.get(), parts).format(new Date(at * 1000));
}

function bars(day: readonly Hour[], sum: number): HTMLElement {
  const most = Math.max(1, ...day.map(({ visits }) => visits));
  const chart = el("div", {
    class: "bars-chart",
    attributes: { role: "img", "aria-label": text("visits.chart", { count: sum, most }) },
  });
  for (const { at, visits } of day) {
    const bar = el("i", { attributes: { title: `${hourWords(at, true)}: ${visits}` } });
    bar.style.height = `${visits === 0 ? 2 : Math.max(6, (visits / most) * 100)}%`;
    bar.classList.toggle("none", visits === 0);
    chart.append(bar);
  }
  const first = day[0];
  const axis = el(
    "p",
    { class: "bars-axis", attributes: { "aria-hidden": "true" } },
    el("span", {}, first === undefined ? "" : hourWords(first.at, false)),
    el("span", { text: "visits.now" }),
  );
  return el("div", {}, chart, axis);
}

function table(hours: readonly Hour[]): HTMLElement {
  const rows = [...hours]
    .sort((a, b) => b.at - a.at)
    .map(({ at, visits }) =>
      el(
        "tr",
        {},
        el("th", { attributes: { scope: "row" } }, hourWords(at, true)),
        el("td", {}, String(visits)),
      ),
    );
  return el(
    "details",
    { class: "honest" },
    el("summary", { text: "visits.table" }),
    rows.length === 0
      ? el("p", { class: "soft", text: "visits.none" })
      : el(
          "table",
          { class: "hours" },
          el(
            "thead",
            {},
            el(
              "tr",
              {},
              el("th", { text: "visits.hour", attributes: { scope: "col" } }),
              el("th", { text: "visits.count", attributes: { scope: "col" } }),
            ),
          ),
          el("tbody", {}, ...rows),
        ),
  );
}
