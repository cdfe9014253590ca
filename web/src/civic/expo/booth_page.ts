/** A booth as its visitors see it: what it is, who is there, what it shows, and leaving a contact. */

import { chosen, distance, text } from "../../i18n";
import { button, el, setText } from "../../ui/dom";
import { icon } from "../../ui/icons";
import type { SheetPage } from "../../ui/pages";
import type { Stop } from "../../value";
import { chip, written } from "../hall/parts";
import { contactPage } from "./contact_page";
import { type ExpoDesk, keepingFocus, numberSign, stateWords } from "./desk";
import { type Booth, ownerOf, type Slot, summaryOf, titleOf } from "./expo";
import { away } from "./place";
import { staffPresent } from "./staff";
import { freePart } from "./take_page";

const LOOK_EVERY = 1000;
/** So far from it one may want to be led there, metres. */
const FAR = 8;

export function boothPage(desk: ExpoDesk, id: string): SheetPage {
  return {
    title: "expo.booth",
    back: () => desk.pages.go(null),
    build: (body) => build(desk, id, body),
  };
}

function build(desk: ExpoDesk, id: string, body: HTMLElement): Stop {
  const { expo } = desk;
  let stop: Stop = () => undefined;
  let said = "";
  const show = () => {
    const [booth, slot] = [expo.booth(id), expo.slot(id)];
    const says = JSON.stringify([booth, expo.live.get().has(id)]);
    if (says === said) return;
    said = says;
    stop();
    keepingFocus(body, () => {
      body.replaceChildren();
      if (booth === undefined || slot === undefined)
        body.append(el("p", { class: "soft", text: "hall.loading" }));
      else stop = fill(desk, booth, slot, body);
    });
  };
  show();
  expo.refresh();
  const stops = [expo.booths.watch(show), expo.live.watch(show)];
  return () => {
    stop();
    for (const one of stops) one();
  };
}

function fill(desk: ExpoDesk, booth: Booth, slot: Slot, body: HTMLElement): Stop {
  body.append(head(desk, booth));
  if (booth.mine) {
    const manage = button({
      class: "second",
      icon: "pencil",
      caption: "expo.manage",
      onclick: () => desk.pages.go(desk.manage(booth.id)),
    });
    body.append(manage);
  }
  if (booth.state === "free") {
    const way = wayThere(desk, slot);
    body.append(freePart(desk, booth), way.element);
    return way.stop;
  }
  const summary = summaryOf(booth);
  if (summary === null) {
    body.append(el("p", { class: "soft", text: "expo.not_open_yet" }));
    return () => undefined;
  }
  const description = chosen({ ko: booth.description_ko ?? "", en: booth.description_en ?? "" });
  const [people, way] = [staffPart(desk, booth, slot), wayThere(desk, slot)];
  body.append(
    el("p", { class: "lead" }, chosen(summary)),
    description === "" ? "" : written(description),
    booth.link === null ? "" : outside(booth.link),
    people.element,
    way.element,
  );
  if (booth.state === "open") {
    const leave = button({
      class: "enter compact",
      icon: "pencil",
      caption: "contact.leave",
      onclick: () => desk.pages.go(contactPage(desk, booth)),
    });
    body.append(leave);
  }
  const owner = ownerOf(booth);
  body.append(
    el("p", { class: "soft" }, text("expo.whose", { organisation: owner === null ? "" : chosen(owner) })),
  );
  return () => {
    people.stop();
    way.stop();
  };
}

function head({ expo }: ExpoDesk, booth: Booth): HTMLElement {
  const [title, owner] = [titleOf(booth), ownerOf(booth)];
  const live = expo.live.get().has(booth.id);
  const heading = title ?? owner;
  return el(
    "div",
    { class: "booth-head" },
    numberSign(booth),
    el(
      "div",
      {},
      el("h4", {}, heading === null ? text("expo.slot_named", { number: booth.number }) : chosen(heading)),
      title === null || owner === null ? null : el("small", {}, chosen(owner)),
      el(
        "p",
        { class: "chips" },
        chip(stateWords(booth.state), booth.state === "open" ? "done" : "quiet"),
        live ? chip(text("expo.live"), "alert") : null,
      ),
    ),
  );
}

/** Where a link leads is said before it is followed. */
function outside(link: string): HTMLElement {
  const host = URL.canParse(link) ? new URL(link).host : link;
  return el(
    "a",
    {
      class: "second booth-link",
      attributes: { href: link, target: "_blank", rel: "noopener noreferrer nofollow" },
    },
    icon("link"),
    el("span", {}, host),
    el("small", { text: "expo.new_tab" }),
  );
}

interface Part {
  readonly element: HTMLElement;
  readonly stop: Stop;
}

/** Who of the booth's people is in the city, nearest to it first; whoever is in the slot can be talked to. */
function staffPart(desk: ExpoDesk, { staff }: Booth, slot: Slot): Part {
  const element = el("div", { class: "staff-part" });
  const list = el("ul", { class: "rows people-rows" });
  const words = el("p", { class: "soft" });
  element.append(el("h4", { text: "expo.staff" }), words, list);
  const rows = new Map<number, { element: HTMLElement; detail: HTMLElement }>();
  const show = () => {
    const { city } = desk;
    const present = staffPresent(city, { staff }, slot);
    const ids = new Set(present.map(({ id }) => id));
    const iAmIn = staff.includes(city.id.get());
    setText(
      words,
      text(present.length > 0 ? "expo.staff_here" : iAmIn ? "expo.staff_me" : "expo.staff_away"),
    );
    for (const [id, row] of rows) {
      if (ids.has(id)) continue;
      row.element.remove();
      rows.delete(id);
    }
    for (const { id, name, where } of present) {
      const row = rows.get(id) ?? personRow(desk, id, name);
      if (!rows.has(id)) list.append(row.element);
      rows.set(id, row);
      const words =
        where === null ? text("people.away") : where === "in" ? text("expo.staff_in") : distance(where);
      setText(row.detail, words);
    }
  };
  show();
  const looking = setInterval(show, LOOK_EVERY);
  return { element, stop: () => clearInterval(looking) };
}

function personRow(desk: ExpoDesk, id: number, name: string): { element: HTMLElement; detail: HTMLElement } {
  const detail = el("small");
  const meet = button({
    class: "go",
    caption: "expo.talk",
    attributes: { "aria-label": text("person.open", { name }) },
    onclick: () => desk.meet(id),
  });
  return { element: el("li", {}, el("div", {}, el("b", {}, name), detail), meet), detail };
}

function wayThere(desk: ExpoDesk, slot: Slot): Part {
  const go = button({ class: "second", icon: "arrow", caption: "expo.go", onclick: () => desk.goTo(slot) });
  const show = () => {
    go.hidden = !desk.city.inside.get() || away(slot, desk.city.self.position) < FAR;
  };
  show();
  const looking = setInterval(show, LOOK_EVERY);
  return { element: go, stop: () => clearInterval(looking) };
}
