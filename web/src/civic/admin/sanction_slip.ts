/** Says what was done about me, wherever on the page I am, until I have read it. */

import { chosen, language } from "../../i18n";
import { button, el, setText } from "../../ui/dom";
import { icon } from "../../ui/icons";
import type { MySanctions } from "./my_sanctions";

export function sanctionSlip(mine: MySanctions, open: () => void): HTMLElement {
  const words = el("p");
  const slip = el(
    "section",
    {
      class: "sanction-slip panel",
      hidden: true,
      label: "mine.title",
      attributes: { "aria-live": "assertive" },
    },
    icon("shield"),
    words,
    el(
      "div",
      { class: "buttons" },
      button({
        class: "small",
        caption: "mine.open",
        onclick: () => {
          mine.told.set(null);
          open();
        },
      }),
      button({ class: "round", icon: "close", label: "page.close", onclick: () => mine.told.set(null) }),
    ),
  );
  const show = () => {
    const told = mine.told.get();
    slip.hidden = told === null;
    if (told !== null) setText(words, chosen(told));
  };
  mine.told.follow(show);
  language.watch(show);
  return slip;
}
