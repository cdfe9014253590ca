/** A counter's list: page after page, fetched anew when something changed, with what narrows it above. */

import { type Key, text } from "../../i18n";
import { button, el } from "../../ui/dom";
import { attempt, problemLine } from "../../ui/form";
import type { Stop } from "../../value";
import type { Counter, Desk } from "./desk";
import { follow } from "./live";

/** Lines of a page. */
export const PAGE = 20;
/** Metres round me that count as near. */
export const NEAR = 500;
/** Pages that are fetched anew when something changed. */
const MOST_PAGES = 5;

/** What differs from counter to counter. */
export interface Listing<Line, Cursor> {
  readonly topic: Counter;
  /** What narrows the list; `anew` fetches its beginning. */
  tools(anew: () => void): HTMLElement;
  /** Fetch the page after a cursor; null: the first, and nothing follows. */
  page(after: Cursor | null): Promise<{ readonly lines: readonly Line[]; readonly next: Cursor | null }>;
  row(line: Line): HTMLElement;
  /** What is said when there is none. */
  nothing(): Key;
  readonly write: { readonly caption: Key; open(): void };
}

/** How far somebody has read; it stays while the page stands, so that the way back leads to the same list. */
export class PagedList<Line, Cursor> {
  private wanted = 1;
  private next: Cursor | null = null;

  constructor(
    private readonly desk: Desk,
    private readonly listing: Listing<Line, Cursor>,
  ) {}

  build(body: HTMLElement): Stop {
    const { desk, listing } = this;
    const list = el("ul");
    const state = el("div");
    const problem = problemLine();
    const more = button({ class: "second more", caption: "hall.more", hidden: true, onclick: () => older() });
    const live = follow(
      desk,
      listing.topic,
      state,
      () => this.fetch(),
      (found) => {
        const nothing = () => el("li", { class: "nothing" }, text(listing.nothing()));
        list.replaceChildren(...(found.length === 0 ? [nothing()] : found.map((one) => listing.row(one))));
        more.hidden = this.next === null || this.wanted >= MOST_PAGES;
      },
    );
    const anew = () => {
      this.wanted = 1;
      live.again();
    };
    const older = () =>
      void attempt(more, problem.say, async () => {
        this.wanted += 1;
        live.again();
      });
    const { caption, open } = listing.write;
    body.append(
      listing.tools(anew),
      el("div", { class: "rows hall-rows" }, state, list, problem.element, more),
      el(
        "div",
        { class: "sheet-foot" },
        button({ class: "enter compact", icon: "plus", caption, onclick: open }),
      ),
    );
    return live.stop;
  }

  private async fetch(): Promise<readonly Line[]> {
    const found: Line[] = [];
    this.next = null;
    for (let page = 0; page < this.wanted; page += 1) {
      const { lines, next } = await this.listing.page(this.next);
      found.push(...lines);
      this.next = next;
      if (next === null) break;
    }
    return found;
  }
}
