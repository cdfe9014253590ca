/** The first page of the expo's sheet: the hall as a plan, my booths, everything that is open. */

import { chosen, text } from "../../i18n";
import { button, el } from "../../ui/dom";
import type { SheetPage } from "../../ui/pages";
import type { Stop } from "../../value";
import { type ExpoDesk, keepingFocus, linkRow, numberSign, stateWords } from "./desk";
import { type Booth, ownerOf, titleOf } from "./expo";
import { grantsPage } from "./grants_page";
import { hallPlan } from "./hall_plan";

export function homePage(desk: ExpoDesk): SheetPage {
  return { build: (body) => build(desk, body) };
}

function build(desk: ExpoDesk, body: HTMLElement): Stop {
  const { expo, pages } = desk;
  const place = el("div", { class: "lines" });
  const lists = el("div", { class: "lines" });
  const problem = el("p", { class: "problem", attributes: { role: "alert" } });
  let stopPlan: Stop | null = null;
  const open = (id: string) => pages.go(desk.booth(id));
  const showHalls = () => {
    const [hall] = expo.halls.get();
    if (hall === undefined || stopPlan !== null) return;
    const plan = hallPlan(desk, hall, open);
    stopPlan = plan.stop;
    place.replaceChildren(plan.element, legend(), el("p", { class: "soft" }, chosen(hall.notice)));
  };
  const showLists = () => {
    const found = expo.problem.get();
    problem.textContent = found === null ? "" : chosen(found.said);
    if (stopPlan === null && found === null) place.replaceChildren(waiting(expo.halls.get().length === 0));
    showHalls();
    keepingFocus(lists, () => lists.replaceChildren(...mine(desk), ...all(desk, open)));
  };
  body.append(problem, place, lists, ownContacts(desk));
  showLists();
  expo.refresh();
  const stops = [expo.booths.watch(showLists), expo.live.watch(showLists), expo.problem.watch(showLists)];
  return () => {
    stopPlan?.();
    for (const stop of stops) stop();
  };
}

function waiting(on: boolean): HTMLElement {
  return el("p", { class: "soft loading", text: on ? "hall.loading" : "expo.no_hall" });
}

function legend(): HTMLElement {
  const mark = (kind: string, key: "expo.free" | "expo.open" | "expo.taken") =>
    el("span", {}, el("i", { class: kind }), el("span", { text: key }));
  return el(
    "p",
    { class: "plan-legend", attributes: { "aria-hidden": "true" } },
    mark("free", "expo.free"),
    mark("taken", "expo.taken"),
    mark("open", "expo.open"),
    el("span", {}, el("i", { class: "live-dot" }), el("span", { text: "expo.live" })),
  );
}

/** What I exhibit, or how one comes to. */
function mine(desk: ExpoDesk): HTMLElement[] {
  const own = desk.expo.mine;
  if (own.length > 0) {
    return [
      el("h3", { text: "expo.my_booths" }),
      el(
        "ul",
        { class: "rows booth-rows" },
        ...own.map((one) => boothRow(one, desk, () => desk.pages.go(desk.manage(one.id)))),
      ),
    ];
  }
  const me = desk.api.me.get();
  const how = !me?.citizen
    ? "expo.how_visitor"
    : me.organisations.length === 0
      ? "expo.how_citizen"
      : "expo.how_member";
  return [
    el("h3", { text: "expo.exhibit" }),
    el("p", { class: "soft", text: how }),
    how === "expo.how_member"
      ? null
      : button({
          class: "second",
          icon: "citizen",
          caption: me?.citizen ? "organisations.found" : "citizen.title",
          onclick: () => desk.citizen(),
        }),
  ].filter((one) => one !== null);
}

function all({ expo, ...desk }: ExpoDesk, open: (id: string) => void): HTMLElement[] {
  const shown = expo.booths.get().filter(({ state }) => state === "open");
  const none = expo.booths.get().length > 0 && shown.length === 0;
  return [
    el("h3", { text: "expo.open_booths" }),
    none ? el("p", { class: "soft", text: "expo.none_open" }) : null,
    el(
      "ul",
      { class: "rows booth-rows" },
      ...shown.map((one) => boothRow(one, { expo, ...desk }, () => open(one.id))),
    ),
  ].filter((one) => one !== null);
}

function boothRow(booth: Booth, { expo }: Pick<ExpoDesk, "expo">, open: () => void): HTMLElement {
  const [title, owner] = [titleOf(booth), ownerOf(booth)];
  const details = [
    title === null || owner === null ? "" : chosen(owner),
    booth.state === "open" ? "" : stateWords(booth.state),
    expo.live.get().has(booth.id) ? text("expo.live") : "",
  ];
  const name = title ?? owner;
  return el(
    "li",
    {},
    numberSign(booth),
    el(
      "button",
      { class: "opener", attributes: { type: "button" }, onclick: open },
      el("b", {}, name === null ? booth.number : chosen(name)),
      el("small", {}, details.filter(Boolean).join(" · ")),
    ),
  );
}

function ownContacts(desk: ExpoDesk): HTMLElement {
  const row = linkRow("receipt", "contact.mine", "", () => desk.pages.go(grantsPage(desk)));
  return el("ul", { class: "movements" }, row);
}
