/** A booth as its own people see it: what is done, what is left to do, and everything that can be done. */

import { chosen, text } from "../../i18n";
import { button, el } from "../../ui/dom";
import { attempt, problemLine } from "../../ui/form";
import { icon } from "../../ui/icons";
import type { SheetPage } from "../../ui/pages";
import type { Stop } from "../../value";
import { ask, chip } from "../hall/parts";
import { type ExpoDesk, keepingFocus, linkRow, numberSign, stateWords } from "./desk";
import { type Booth, ownerOf, titleOf } from "./expo";
import { modelPage } from "./model_page";
import { receivedPage } from "./received_page";
import { screenPage } from "./screen_page";
import { visitsPage } from "./visits_page";
import { writeForm, writeUpOf } from "./write_form";

export function managePage(desk: ExpoDesk, id: string): SheetPage {
  return {
    title: "expo.manage",
    back: () => desk.pages.go(null),
    build: (body) => {
      const { expo } = desk;
      let said = "";
      const show = () => {
        const booth = expo.booth(id);
        const says = JSON.stringify([booth, expo.live.get().has(id)]);
        if (says === said) return;
        said = says;
        const parts = booth?.mine ? fill(desk, booth) : notMine(desk, booth);
        keepingFocus(body, () => body.replaceChildren(...parts));
      };
      show();
      const stops = [expo.booths.watch(show), expo.live.watch(show)];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

function notMine(desk: ExpoDesk, booth: Booth | undefined): HTMLElement[] {
  if (booth === undefined) return [el("p", { class: "soft", text: "hall.loading" })];
  const on = button({ class: "second", caption: "page.back", onclick: () => desk.pages.go(null) });
  return [el("p", { class: "soft", text: "expo.not_mine" }), on];
}

function fill(desk: ExpoDesk, booth: Booth): HTMLElement[] {
  const { pages, expo } = desk;
  const [title, owner] = [titleOf(booth), ownerOf(booth)];
  const live = expo.live.get().has(booth.id);
  const problem = problemLine();
  const isOpen = booth.state === "open";
  const model = booth.model === null ? text("model.none") : text("model.stands");
  const screen = live ? text("expo.live") : booth.token_made_at === null ? "" : text("screen.key_made");
  return [
    el(
      "div",
      { class: "booth-head" },
      numberSign(booth),
      el(
        "div",
        {},
        el("h4", {}, title === null ? "" : chosen(title)),
        el("small", {}, owner === null ? "" : chosen(owner)),
        el(
          "p",
          { class: "chips" },
          chip(stateWords(booth.state), isOpen ? "done" : "working"),
          live ? chip(text("expo.live"), "alert") : null,
        ),
      ),
    ),
    isOpen ? el("p", { class: "soft", text: "manage.open_words" }) : steps(booth),
    openButton(desk, booth, problem.say),
    problem.element,
    el(
      "ul",
      { class: "movements" },
      linkRow("pencil", "write.page", "", () => pages.go(editPage(desk, booth))),
      linkRow("booth", "model.page", model, () => pages.go(modelPage(desk, booth.id))),
      linkRow("camera", "screen.page", screen, () => pages.go(screenPage(desk, booth.id))),
      linkRow("people", "visits.page", "", () => pages.go(visitsPage(desk, booth.id))),
      linkRow("receipt", "received.page", "", () => pages.go(receivedPage(desk, booth.id))),
      linkRow("citizen", "manage.staff", text("manage.staff_words"), () => desk.citizen()),
      linkRow("pin", "manage.as_visitor", "", () => pages.go(desk.booth(booth.id))),
    ),
    releaseButton(desk, booth, problem.say),
  ];
}

/** What is done before the doors open. */
function steps(booth: Booth): HTMLElement {
  const step = (done: boolean, key: "manage.step_write" | "manage.step_model" | "manage.step_open") =>
    el("li", { class: done ? "done" : "" }, icon(done ? "check" : "onward"), el("span", { text: key }));
  return el(
    "ol",
    { class: "to-do", label: "manage.steps" },
    step(booth.title_ko !== null, "manage.step_write"),
    step(booth.model !== null, "manage.step_model"),
    step(false, "manage.step_open"),
  );
}

function openButton({ api, expo, tell }: ExpoDesk, booth: Booth, say: (words: string) => void): HTMLElement {
  const isOpen = booth.state === "open";
  const one = button({
    id: "booth-open",
    class: isOpen ? "second" : "enter compact",
    icon: isOpen ? "door" : "check",
    caption: isOpen ? "manage.close" : "manage.open",
    onclick: () =>
      void attempt(one, say, async () => {
        const params = { path: { name: booth.id } };
        const changed = isOpen
          ? await api.take(api.http.POST("/api/v1/booths/{name}/close", { params }))
          : await api.take(api.http.POST("/api/v1/booths/{name}/open", { params }));
        expo.keep(changed as Booth);
        tell(text(isOpen ? "manage.closed_done" : "manage.opened_done"));
      }),
  });
  return one;
}

function releaseButton(desk: ExpoDesk, booth: Booth, say: (words: string) => void): HTMLElement {
  const { api, expo, pages, tell } = desk;
  const rank = api.me.get()?.organisations.find(({ id }) => id === booth.organisation?.id)?.rank;
  const one = button({
    class: "plain erase",
    caption: "manage.release",
    hidden: rank !== "owner",
    onclick: async () => {
      if (!(await ask("manage.release_sure", "manage.release", { number: booth.number }))) return;
      await attempt(one, say, async () => {
        const params = { path: { name: booth.id } };
        const { http } = api;
        const freed = await api.take(
          http.POST("/api/v1/booths/{name}/release", { params, body: { reason: null } }),
        );
        await api.refresh();
        expo.keep(freed as Booth);
        tell(text("manage.released", { number: booth.number }));
        pages.go(null);
      });
    },
  });
  return one;
}

function editPage(desk: ExpoDesk, booth: Booth): SheetPage {
  const typed = writeUpOf(booth);
  const back = () => desk.pages.go(desk.manage(booth.id));
  return {
    title: "write.page",
    back,
    build: (body): Stop | undefined => {
      const owner = ownerOf(booth);
      body.append(
        writeForm({
          typed,
          owner: owner === null ? "" : chosen(owner),
          number: booth.number,
          caption: "write.save",
          save: async (says) => {
            const params = { path: { name: booth.id } };
            const sent = { ...says, organisation: booth.organisation?.id ?? 0 };
            const { http } = desk.api;
            const changed = await desk.api.take(http.PUT("/api/v1/booths/{name}", { params, body: sent }));
            desk.expo.keep(changed as Booth);
            desk.tell(text("write.saved"));
            back();
          },
        }),
      );
      return undefined;
    },
  };
}
