/** Slots of the expo, and freeing one with a reason. */

import type { Schemas } from "../../api/client";
import { chosen, text } from "../../i18n";
import { button, el } from "../../ui/dom";
import { attempt, form, problemLine, submitButton } from "../../ui/form";
import type { SheetPage } from "../../ui/pages";
import { numberSign, stateWords } from "../expo/desk";
import { ownerOf, titleOf } from "../expo/expo";
import { area } from "../hall/parts";
import type { AdminDesk } from "./desk";
import { pagedList } from "./list";

type Booth = Schemas["BoothOut"];
const REASON = 300;

export function slotsPage(desk: AdminDesk): SheetPage {
  return {
    title: "admin.slots",
    back: () => desk.pages.go(null),
    build: (body) => {
      const fetch = async () => ({
        items: (await desk.api.take(desk.api.http.GET("/api/v1/booths"))) as Booth[],
        before: null,
      });
      const list = pagedList("expo.no_hall", fetch, (booth, again) => row(desk, booth, again));
      body.append(list.element);
      return desk.city.topics.watch("booths", list.renew);
    },
  };
}

function row(desk: AdminDesk, booth: Booth, again: () => void): HTMLElement {
  const [title, owner] = [titleOf(booth), ownerOf(booth)];
  const place = el("div");
  const heading = title ?? owner;
  const free = button({
    class: "small",
    caption: "admin.free",
    hidden: booth.state === "free",
    attributes: { "aria-label": `${text("admin.free")}: ${booth.number}` },
    onclick: () => {
      free.hidden = true;
      place.replaceChildren(freeing(desk, booth, again));
      place.querySelector("textarea")?.focus();
    },
  });
  return el(
    "li",
    { class: "act-card" },
    numberSign(booth),
    el(
      "div",
      {},
      el("b", {}, heading === null ? stateWords(booth.state) : chosen(heading)),
      heading === null
        ? null
        : el(
            "small",
            {},
            [stateWords(booth.state), owner === null ? "" : chosen(owner)].filter(Boolean).join(" · "),
          ),
      place,
    ),
    free,
  );
}

function freeing({ api, tell }: AdminDesk, booth: Booth, again: () => void): HTMLElement {
  const reason = area({ id: `free-${booth.id}`, label: "admin.free_why", most: REASON, rows: 2 });
  const problem = problemLine();
  const submit = submitButton("admin.free");
  const act = () => {
    const said = reason.needed();
    if (said === null) return;
    void attempt(submit, problem.say, async () => {
      const params = { path: { name: booth.id } };
      const { http } = api;
      await api.take(http.POST("/api/v1/booths/{name}/release", { params, body: { reason: said } }));
      tell(text("manage.released", { number: booth.number }));
      again();
    });
  };
  return form(
    act,
    reason.element,
    el("p", { class: "soft", text: "admin.free_what" }),
    problem.element,
    submit,
  );
}
