/** Pages inside a sheet: one at a time, with a way back; a change of language builds the shown one anew. */

import { type Key, text } from "../i18n";
import type { Stop } from "../value";
import { button, el } from "./dom";
import type { SheetContent } from "./sheet";

export interface SheetPage {
  /** Above the page; the first page of a sheet has the sheet's own title. */
  readonly title?: Key;
  /** Where the arrow leads; without it there is none. */
  readonly back?: () => void;
  build(body: HTMLElement): Stop | undefined;
}

const FIRST =
  "[data-first], button:not([disabled]), input:not([disabled]), a[href], [tabindex]:not([tabindex='-1'])";

export class Pages {
  private shown: SheetPage | null = null;
  private body: HTMLElement | null = null;
  private stop: Stop | undefined;

  /** @param home The page that the sheet opens with, chosen anew each time. */
  constructor(private readonly home: () => SheetPage) {}

  /** Show a page; null: the first one. */
  go(page: SheetPage | null): void {
    this.shown = page;
    if (this.body === null) return;
    this.fill();
    const heading = this.body.querySelector<HTMLElement>("h3[tabindex]");
    const target = this.body.querySelector<HTMLElement>("[data-first]") ?? heading;
    (target ?? this.body.querySelector<HTMLElement>(FIRST))?.focus({ preventScroll: true });
  }

  /** Build the shown page anew, with the focus where it was as far as that is still there. */
  refresh(): void {
    if (this.body === null) return;
    const focused = this.body.contains(document.activeElement) ? document.activeElement?.id : undefined;
    this.fill();
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  content(title: Key): SheetContent {
    return {
      title,
      build: (body) => {
        this.body = body;
        this.fill();
        return () => {
          this.stop?.();
          this.stop = undefined;
          this.body = null;
        };
      },
      closed: () => {
        this.shown = null;
      },
    };
  }

  private fill(): void {
    const { body } = this;
    if (body === null) return;
    this.stop?.();
    const page = this.shown ?? this.home();
    const place = el("div", { class: "sheet-page" });
    const { title, back } = page;
    const arrow = back && button({ class: "round", icon: "back", label: "page.back", onclick: () => back() });
    const heading = title && el("h3", { text: title, attributes: { tabindex: "-1" } });
    if (heading) body.replaceChildren(el("div", { class: "page-title" }, arrow, heading), place);
    else body.replaceChildren(place);
    this.stop = page.build(place);
  }
}

/** A page that only says something, with one way on. */
export function saying(title: Key, words: Key, caption: Key, onward: () => void): SheetPage {
  return {
    title,
    build(body) {
      body.append(
        el("p", { text: words }),
        button({
          class: "enter compact",
          caption,
          onclick: onward,
          attributes: { "aria-label": text(caption) },
        }),
      );
      return undefined;
    },
  };
}
