/** Appeals that wait for an answer. */

import type { Schemas } from "../../api/client";
import { chosen, text } from "../../i18n";
import { el } from "../../ui/dom";
import { attempt, form, problemLine, submitButton } from "../../ui/form";
import type { SheetPage } from "../../ui/pages";
import { choices } from "../../ui/tabs";
import { area, chip, written } from "../hall/parts";
import { momentOf } from "../money";
import type { AdminDesk } from "./desk";
import { pagedList } from "./list";

type Appeal = Schemas["AppealOut"];
type Outcome = "kept" | "lifted";
const ROOM = 2000;

export function appealsPage(desk: AdminDesk): SheetPage {
  return {
    title: "admin.appeals",
    back: () => desk.pages.go(null),
    build: (body) => {
      const fetch = async () => ({
        items: (await desk.api.take(desk.api.http.GET("/api/v1/moderation/appeals"))) as Appeal[],
        before: null,
      });
      const list = pagedList("admin.no_appeals", fetch, (one, again) => card(desk, one, again));
      body.append(el("p", { class: "soft", text: "admin.appeals_lead" }), list.element);
      return undefined;
    },
  };
}

function card(desk: AdminDesk, { act, text: said, at }: Appeal, again: () => void): HTMLElement {
  return el(
    "li",
    { class: "act-card" },
    el(
      "div",
      {},
      el(
        "p",
        { class: "chips" },
        chip(text(`sanction.${act.kind}`), "alert"),
        chip(text(`category.${act.category}`), "quiet"),
      ),
      el("small", {}, chosen(act)),
      el("h4", {}, `${text("mine.appeal")} · ${momentOf(at)}`),
      written(said ?? ""),
      answering(desk, act.id, again),
    ),
  );
}

function answering({ api, tell }: AdminDesk, number: number, again: () => void): HTMLElement {
  let outcome: Outcome = "kept";
  const words = area({ id: `answer-${number}`, label: "admin.answer", most: ROOM, rows: 2 });
  const problem = problemLine();
  const submit = submitButton("admin.answer_send");
  const pick = choices<Outcome>(
    "admin.outcome",
    [
      { value: "kept", title: "admin.outcome_kept" },
      { value: "lifted", title: "admin.outcome_lifted" },
    ],
    outcome,
    (value) => {
      outcome = value;
    },
  );
  const act = () => {
    const said = words.needed();
    if (said === null) return;
    void attempt(submit, problem.say, async () => {
      const params = { path: { number } };
      const body = { outcome, text: said };
      const { http } = api;
      await api.take(http.POST("/api/v1/moderation/acts/{number}/appeal/answer", { params, body }));
      tell(text("admin.answered"));
      again();
    });
  };
  return form(act, pick, words.element, problem.element, submit);
}
