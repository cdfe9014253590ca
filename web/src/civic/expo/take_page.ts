/** Taking a free slot for one of my organisations. */

import { chosen, language, text } from "../../i18n";
import { button, el } from "../../ui/dom";
import { problemLine } from "../../ui/form";
import type { SheetPage } from "../../ui/pages";
import { select } from "../hall/parts";
import type { ExpoDesk } from "./desk";
import type { Booth } from "./expo";
import { emptyWriteUp, writeForm } from "./write_form";

/** What a free slot offers to whoever looks at it. */
export function freePart(desk: ExpoDesk, booth: Booth): HTMLElement {
  const me = desk.api.me.get();
  const place = el("div", { class: "lines" });
  if (!me?.citizen || me.organisations.length === 0) {
    place.append(
      el("p", { class: "lead", text: "expo.free_lead" }),
      el("p", { class: "soft", text: me?.citizen ? "expo.how_citizen" : "expo.how_visitor" }),
      button({
        class: "enter compact",
        caption: me?.citizen ? "organisations.found" : "citizen.title",
        onclick: () => desk.citizen(),
      }),
    );
    return place;
  }
  place.append(
    el("p", { class: "lead", text: "expo.free_lead" }),
    button({
      class: "enter compact",
      icon: "plus",
      caption: "expo.take",
      onclick: () => desk.pages.go(takePage(desk, booth)),
    }),
  );
  return place;
}

export function takePage(desk: ExpoDesk, booth: Booth): SheetPage {
  const typed = emptyWriteUp();
  const all = desk.api.me.get()?.organisations ?? [];
  let organisation = String(all[0]?.id ?? "");
  return {
    title: "expo.take",
    back: () => desk.pages.go(desk.booth(booth.id)),
    build: (body) => {
      const names = all.map((one) => ({
        value: String(one.id),
        title: language.get() === "ko" ? one.name_ko : one.name_en,
      }));
      const whose = select("expo.for_organisation", names, organisation, (value) => {
        organisation = value;
      });
      whose.id = "booth-organisation";
      const problem = problemLine();
      const owner = all.find(({ id }) => String(id) === organisation);
      body.append(
        el("p", { class: "soft" }, text("expo.take_lead", { number: booth.number })),
        el(
          "div",
          { class: "line-field" },
          el("label", { text: "expo.for_organisation", attributes: { for: whose.id } }),
          whose,
        ),
        problem.element,
        writeForm({
          typed,
          owner: owner === undefined ? "" : chosen({ ko: owner.name_ko, en: owner.name_en }),
          number: booth.number,
          caption: "expo.take_now",
          save: async (says) => {
            const params = { path: { name: booth.id } };
            const sent = { ...says, organisation: Number(organisation) };
            const { http } = desk.api;
            const taken = await desk.api.take(http.PUT("/api/v1/booths/{name}", { params, body: sent }));
            // The slot makes me an exhibitor: what I may do is fetched before it is offered.
            await desk.api.refresh();
            desk.expo.keep(taken as Booth);
            desk.tell(text("expo.taken_done", { number: booth.number }));
            desk.pages.go(desk.manage(booth.id));
          },
        }),
      );
      return undefined;
    },
  };
}
