/** Contacts that visitors left at my booth. */

import type { paths } from "../../api/schema";
import { text } from "../../i18n";
import { button, el } from "../../ui/dom";
import { problemLine, wordsOf } from "../../ui/form";
import type { SheetPage } from "../../ui/pages";
import { written } from "../hall/parts";
import { momentOf } from "../money";
import { csvOf } from "./csv";
import type { ExpoDesk } from "./desk";

type Answer = paths["/api/v1/contacts"]["get"]["responses"][200]["content"]["application/json"];
type Received = Answer[number];

export function receivedPage(desk: ExpoDesk, id: string): SheetPage {
  return {
    title: "received.page",
    back: () => desk.pages.go(desk.manage(id)),
    build: (body) => {
      const problem = problemLine();
      const list = el("ul", { class: "received-list" });
      const foot = el("div", { class: "keeping" });
      const fetch = async () => {
        try {
          const params = { path: { name: id } };
          const { http } = desk.api;
          const found = await desk.api.take(http.GET("/api/v1/booths/{name}/contacts", { params }));
          const all = [...found].sort((a, b) => b.left_at - a.left_at) as Received[];
          const none = el("li", { class: "soft", text: "received.none" });
          list.replaceChildren(...(all.length === 0 ? [none] : all.map(card)));
          foot.replaceChildren(...(all.some(({ contact }) => contact !== null) ? [download(id, all)] : []));
        } catch (error) {
          problem.say(wordsOf(error));
        }
      };
      body.append(el("p", { class: "soft", text: "received.lead" }), problem.element, foot, list);
      void fetch();
      return desk.city.topics.watch("contacts", () => void fetch());
    },
  };
}

function card({ contact, left_at: left, expires_at: until }: Received): HTMLElement {
  const when = el("small", {}, momentOf(left));
  if (contact === null) return el("li", { class: "withdrawn" }, el("b", { text: "contact.withdrawn" }), when);
  const { name, email, phone, message } = contact;
  const link = (href: string, words: string) => el("a", { attributes: { href } }, words);
  return el(
    "li",
    {},
    el("b", {}, name),
    email === "" ? null : link(`mailto:${encodeURIComponent(email).replace("%40", "@")}`, email),
    phone === "" ? null : link(`tel:${phone.replace(/[^\d+]/g, "")}`, phone),
    message === "" ? null : written(message),
    when,
    el("small", {}, text("contact.until", { until: momentOf(until) })),
  );
}

function download(id: string, all: readonly Received[]): HTMLElement {
  const act = () => {
    const head = ["name", "email", "phone", "message", "left_at", "expires_at"];
    const rows = all.flatMap(({ contact, left_at: left, expires_at: until }) =>
      contact === null
        ? []
        : [[contact.name, contact.email, contact.phone, contact.message, iso(left), iso(until)]],
    );
    const href = URL.createObjectURL(new Blob([csvOf([head, ...rows])], { type: "text/csv;charset=utf-8" }));
    el("a", { attributes: { href, download: `${id}-contacts.csv` } }).click();
    URL.revokeObjectURL(href);
  };
  return button({ class: "small", caption: "received.download", icon: "download", onclick: act });
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
