/** What was done about me: why, until when, and saying something against it. */

import { chosen, text } from "../../i18n";
import { el } from "../../ui/dom";
import { attempt, field, form, problemLine, submitButton, wordsOf } from "../../ui/form";
import type { SheetPage } from "../../ui/pages";
import { area, chip, written } from "../hall/parts";
import { momentOf } from "../money";
import type { MySanction, MySanctions } from "./my_sanctions";

const ROOM = 2000;

export function mySanctionsPage(mine: MySanctions, tell: (message: string) => void): SheetPage {
  return {
    build: (body) => {
      const problem = problemLine();
      const list = el("div", { class: "lines" });
      // What did not change stays as it is, with whatever is being written in it.
      const cards = new Map<string, HTMLElement>();
      let shown = "";
      const fill = () => {
        const all = mine.all.get();
        const says = JSON.stringify(all);
        if (says === shown) return;
        shown = says;
        const parts = all.map((one) => {
          const key = JSON.stringify(one);
          const made = cards.get(key) ?? card(mine, one, tell);
          cards.set(key, made);
          return made;
        });
        list.replaceChildren(
          ...(parts.length === 0 ? [el("p", { class: "soft", text: "mine.none" })] : parts),
        );
      };
      body.append(el("p", { class: "soft", text: "mine.lead" }), problem.element, list, byCode(mine, tell));
      fill();
      mine.refresh().catch((error: unknown) => problem.say(wordsOf(error)));
      return mine.all.watch(fill);
    },
  };
}

function card(
  mine: MySanctions,
  { act, appeal, code }: MySanction,
  tell: (message: string) => void,
): HTMLElement {
  const state = act.lifted_at !== null ? "mine.lifted" : act.holds ? "mine.holds" : "mine.over";
  const parts: HTMLElement[] = [
    el(
      "p",
      { class: "chips" },
      chip(text(`sanction.${act.kind}`), act.holds ? "alert" : "quiet"),
      chip(text(state), act.lifted_at !== null ? "done" : act.holds ? "working" : "quiet"),
    ),
    el("p", { class: "told" }, chosen(act)),
  ];
  if (appeal === null) parts.push(...(act.lifted_at === null ? [appealForm(mine, act.id, code, tell)] : []));
  else {
    const outcome = appeal.outcome === null ? "mine.waits" : (`mine.outcome_${appeal.outcome}` as const);
    parts.push(
      el("h3", {}, `${text("mine.appeal")} · ${momentOf(appeal.at)}`),
      appeal.text === null ? el("p") : written(appeal.text),
      el("p", {}, el("b", { text: outcome })),
      appeal.answer === null ? el("p") : written(appeal.answer),
    );
  }
  return el("section", { class: "sanction-card" }, ...parts);
}

function appealForm(
  mine: MySanctions,
  number: number,
  code: string | null,
  tell: (message: string) => void,
): HTMLElement {
  const said = area({ id: `appeal-${number}`, label: "mine.say", most: ROOM, rows: 3 });
  const problem = problemLine();
  const submit = submitButton("mine.appeal_send");
  const act = () => {
    const words = said.needed();
    if (words === null) return;
    void attempt(submit, problem.say, async () => {
      await mine.appeal(number, code, words);
      tell(text("mine.appealed"));
    });
  };
  return form(act, said.element, problem.element, submit);
}

/** For visitors whose browser has forgotten what they were told. */
function byCode(mine: MySanctions, tell: (message: string) => void): HTMLElement {
  const number = field({ id: "appeal-number", label: "mine.number", attributes: { inputmode: "numeric" } });
  const code = field({ id: "appeal-code", label: "mine.code", attributes: { autocapitalize: "characters" } });
  const said = area({ id: "appeal-text", label: "mine.say", most: ROOM, rows: 3 });
  const problem = problemLine();
  const submit = submitButton("mine.appeal_send");
  const act = () => {
    if (!/^\d{1,15}$/.test(number.input.value.trim())) return number.say(text("mine.number_bad"));
    const words = said.needed();
    if (words === null) return;
    void attempt(submit, problem.say, async () => {
      await mine.appeal(Number(number.input.value.trim()), code.input.value.trim() || null, words);
      tell(text("mine.appealed"));
    });
  };
  return el(
    "details",
    { class: "honest" },
    el("summary", { text: "mine.by_code" }),
    form(act, number.element, code.element, said.element, problem.element, submit),
  );
}
