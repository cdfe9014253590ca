/** Contacts that I left, and taking them back. */

import { chosen, text } from "../../i18n";
import { button, el } from "../../ui/dom";
import { attempt, problemLine, wordsOf } from "../../ui/form";
import type { SheetPage } from "../../ui/pages";
import { ask } from "../hall/parts";
import { momentOf } from "../money";
import type { ExpoDesk } from "./desk";
import { type Given, Grants } from "./grants";

export function grantsPage(desk: ExpoDesk): SheetPage {
  return {
    title: "contact.mine",
    back: () => desk.pages.go(null),
    build: (body) => {
      const grants = new Grants(desk.api);
      const problem = problemLine();
      const list = el("ul", { class: "things" });
      const fill = async () => {
        try {
          const all = await grants.all();
          const none = el("li", {}, el("small", { text: "contact.none" }));
          list.replaceChildren(
            ...(all.length === 0 ? [none] : all.map((one) => line(desk, grants, one, problem.say, fill))),
          );
        } catch (error) {
          problem.say(wordsOf(error));
        }
      };
      body.append(
        el("p", { class: "soft", text: "contact.mine_lead" }),
        desk.api.me.get()?.citizen ? "" : el("p", { class: "soft", text: "contact.take_back_here" }),
        problem.element,
        list,
      );
      void fill();
      return undefined;
    },
  };
}

function line(
  { expo, tell }: ExpoDesk,
  grants: Grants,
  given: Given,
  say: (message: string) => void,
  fill: () => Promise<void>,
): HTMLElement {
  const organisation = chosen(given.organisation);
  const number = expo.booth(given.booth)?.number;
  const reach = given.contact === null ? "" : given.contact.email || given.contact.phone;
  const details = [
    number === undefined ? "" : text("expo.slot_named", { number }),
    momentOf(given.left_at),
    given.withdrawn
      ? text("contact.withdrawn")
      : text("contact.until", { until: momentOf(given.expires_at) }),
  ];
  const withdraw = button({
    class: "small",
    caption: "contact.withdraw",
    attributes: { "aria-label": `${text("contact.withdraw")}: ${organisation}` },
    onclick: async () => {
      if (!(await ask("contact.withdraw_sure", "contact.withdraw", { organisation }))) return;
      const done = await attempt(withdraw, say, () => grants.withdraw(given));
      if (!done) return;
      tell(text("contact.withdrawn_done"));
      await fill();
    },
  });
  return el(
    "li",
    {},
    el(
      "div",
      {},
      el("b", {}, organisation),
      el("small", {}, details.filter(Boolean).join(" · ")),
      reach === "" ? null : el("small", {}, reach),
    ),
    given.withdrawn ? null : withdraw,
  );
}
