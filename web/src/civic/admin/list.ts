/** A list that is fetched page by page, and again when something changed. */

import type { Key } from "../../i18n";
import { button, el } from "../../ui/dom";
import { attempt, problemLine } from "../../ui/form";

export interface Fetched<T> {
  readonly items: readonly T[];
  /** Asks for the next page; null: this was the last. */
  readonly before: number | null;
}

export interface PagedList {
  readonly element: HTMLElement;
  /** Fetch from the beginning. */
  again(): void;
  /** Something changed: the same, unless somebody is writing in it. */
  renew(): void;
}

export function pagedList<T>(
  none: Key,
  fetch: (before: number | null) => Promise<Fetched<T>>,
  row: (item: T, again: () => void) => HTMLElement,
): PagedList {
  const problem = problemLine();
  // Rows without buttons must be reached by keyboard as well, to scroll them.
  const list = el("ul", { class: "things", attributes: { tabindex: "0" } });
  let next: number | null = null;
  let turn = 0;
  const more = button({
    class: "second more",
    caption: "wallet.more",
    hidden: true,
    onclick: () => void load(next),
  });
  const load = async (before: number | null) => {
    const mine = ++turn;
    await attempt(more, problem.say, async () => {
      const found = await fetch(before);
      // Somebody searched for something else meanwhile.
      if (mine !== turn) return;
      next = found.before;
      more.hidden = next === null;
      const rows = found.items.map((item) => row(item, again));
      if (before === null) list.replaceChildren();
      list.append(...rows);
      if (list.childElementCount === 0) list.append(el("li", {}, el("small", { text: none })));
    });
  };
  function again(): void {
    more.removeAttribute("aria-busy");
    void load(null);
  }
  again();
  const renew = () => {
    if (list.querySelector("form") === null) again();
  };
  return { element: el("div", { class: "lines" }, problem.element, list, more), again, renew };
}
