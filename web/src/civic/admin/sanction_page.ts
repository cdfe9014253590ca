/** An officer's act about somebody: what, why, for how long, where; asked once more before it is done. */

import type { Schemas } from "../../api/client";
import { uuid7 } from "../../api/uuid";
import { chosen, type Key, text } from "../../i18n";
import { button, el } from "../../ui/dom";
import { attempt, form, problemLine, submitButton } from "../../ui/form";
import { icon } from "../../ui/icons";
import type { SheetPage } from "../../ui/pages";
import { choices } from "../../ui/tabs";
import { area, type Option, select } from "../hall/parts";
import {
  type AdminDesk,
  CATEGORIES,
  type Category,
  KINDS,
  type Kind,
  lengthWords,
  placeOptions,
  placesOf,
  placeWords,
} from "./desk";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
/** Lengths to choose from, seconds; the server has the last word. */
const LENGTHS: Readonly<Record<Kind, readonly number[]>> = {
  mute: [10 * MINUTE, HOUR, 6 * HOUR, DAY],
  kick: [],
  timeout: [30 * MINUTE, 3 * HOUR, DAY],
  ban: [DAY, 7 * DAY, 30 * DAY, 365 * DAY],
};
const REASON = 1000;

export interface Subject {
  readonly name: string;
  readonly about: { readonly person: number } | { readonly citizen: number };
}

interface Draft {
  kind: Kind;
  category: Category;
  seconds: number;
  place: string;
  reason: string;
}

/** The kinds that I may do somewhere. */
export function kindsOf(desk: Pick<AdminDesk, "api">): Kind[] {
  return KINDS.filter((kind) => placesOf(desk.api.me.get(), kind).length > 0);
}

export function sanctionPage(desk: AdminDesk, subject: Subject, back: () => void): SheetPage {
  const [kind = "mute"] = kindsOf(desk);
  const draft: Draft = {
    kind,
    category: "noise",
    seconds: LENGTHS[kind][0] ?? 0,
    place: placesOf(desk.api.me.get(), kind)[0] ?? "city",
    reason: "",
  };
  const page: SheetPage = {
    title: "sanction.page",
    back,
    build: (body) => {
      build(desk, subject, draft, body, () => desk.pages.go(surePage(desk, subject, draft, page, back)));
      return undefined;
    },
  };
  return page;
}

function build(desk: AdminDesk, subject: Subject, draft: Draft, body: HTMLElement, next: () => void): void {
  const details = el("div", { class: "lines" });
  const fill = () => details.replaceChildren(...detailsOf(desk, draft));
  const kinds = kindsOf(desk).map((value) => ({ value, title: `sanction.${value}` as Key }));
  const reason = area({
    id: "sanction-reason",
    label: "sanction.reason",
    hint: "sanction.reason_hint",
    value: draft.reason,
    most: REASON,
    rows: 3,
    typed: (value) => {
      draft.reason = value;
    },
  });
  const act = () => {
    const said = reason.needed();
    if (said === null) return;
    draft.reason = said;
    next();
  };
  const picks = choices<Kind>("sanction.kind", kinds, draft.kind, (value) => {
    draft.kind = value;
    draft.seconds = LENGTHS[value][0] ?? 0;
    draft.place = placesOf(desk.api.me.get(), value)[0] ?? "city";
    fill();
  });
  fill();
  body.append(
    el("p", { class: "whom" }, el("b", {}, subject.name)),
    form(
      act,
      el("div", { class: "line-field" }, el("b", { text: "sanction.kind" }), picks),
      details,
      reason.element,
      submitButton("sanction.next"),
    ),
  );
}

function labelled<T extends string>(
  id: string,
  label: Key,
  options: readonly Option<T>[],
  now: T,
  take: (value: T) => void,
): HTMLElement {
  const list = select(label, options, now, take);
  list.id = id;
  return el(
    "div",
    { class: "line-field" },
    el("label", { attributes: { for: id } }, el("b", { text: label })),
    list,
  );
}

function detailsOf({ api }: AdminDesk, draft: Draft): HTMLElement[] {
  const lengths = LENGTHS[draft.kind].map((one) => ({ value: String(one), title: lengthWords(one) }));
  const places = placesOf(api.me.get(), draft.kind);
  const categories = CATEGORIES.map((value) => ({ value, title: text(`category.${value}` as Key) }));
  const parts = [
    el("p", { class: "soft", text: `sanction.${draft.kind}_does` as Key }),
    labelled("sanction-category", "sanction.category", categories, draft.category, (value) => {
      draft.category = value;
    }),
  ];
  if (lengths.length > 0) {
    const take = (value: string) => {
      draft.seconds = Number(value);
    };
    parts.push(labelled("sanction-length", "sanction.length", lengths, String(draft.seconds), take));
  }
  if (draft.kind !== "kick" || places.length > 1) {
    const wide = places[0] === "city" ? ["city", "city/city_hall", "city/kdj_center"] : places;
    const take = (value: string) => {
      draft.place = value;
    };
    parts.push(labelled("sanction-place", "sanction.place", placeOptions(wide), draft.place, take));
  }
  return parts;
}

function surePage(
  desk: AdminDesk,
  subject: Subject,
  draft: Draft,
  before: SheetPage,
  over: () => void,
): SheetPage {
  // One key for one act: pressed twice, or sent again, it is still done once.
  const key = uuid7();
  return {
    title: "sanction.sure",
    back: () => desk.pages.go(before),
    build: (body) => {
      const problem = problemLine();
      const act = button({
        class: "enter compact danger",
        caption: "sanction.do",
        onclick: () =>
          void attempt(act, problem.say, async () => {
            const { kind, category, seconds, place, reason } = draft;
            const sent = { kind, category, seconds, place, reason, ...subject.about };
            const params = { header: { "Idempotency-Key": key } };
            const { http } = desk.api;
            const done = await desk.api.take(http.POST("/api/v1/moderation/acts", { params, body: sent }));
            desk.pages.go(donePage(subject, done, over));
          }),
      });
      const fact = (name: Key, value: string) => [el("dt", { text: name }), el("dd", {}, value)];
      body.append(
        el(
          "dl",
          { class: "facts" },
          ...fact("sanction.who", subject.name),
          ...fact("sanction.kind", text(`sanction.${draft.kind}` as Key)),
          ...fact("sanction.category", text(`category.${draft.category}` as Key)),
          ...(draft.seconds > 0 ? fact("sanction.length", lengthWords(draft.seconds)) : []),
          ...fact("sanction.place", placeWords(draft.place)),
        ),
        el("p", { class: "soft", text: "sanction.told" }),
        problem.element,
        act,
        button({ class: "second", caption: "page.back", onclick: () => desk.pages.go(before) }),
      );
      return undefined;
    },
  };
}

function donePage(subject: Subject, done: Schemas["SanctionOut"], over: () => void): SheetPage {
  return {
    title: "sanction.done",
    back: over,
    build: (body) => {
      body.append(
        el(
          "p",
          { class: "done-line" },
          icon("check"),
          el("span", {}, text("sanction.done_words", { name: subject.name, number: done.id })),
        ),
        el("blockquote", { class: "told" }, chosen(done)),
      );
      return undefined;
    },
  };
}
