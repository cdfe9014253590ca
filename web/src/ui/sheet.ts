/** Sheets: panels beside the city (from below on phones), one at a time, with the focus kept inside. */

import { type Key, language } from "../i18n";
import { Value } from "../value";
import { button, el } from "./dom";

export type SheetName =
  | "places"
  | "people"
  | "settings"
  | "citizen"
  | "wallet"
  | "person"
  | "hall"
  | "place"
  | "expo"
  | "admin"
  | "sanctions";

export interface SheetContent {
  readonly title: Key;
  /** As high as its content, no more. */
  readonly small?: boolean;
  /** For tables and long forms. */
  readonly wide?: boolean;
  /** Build the body; `stop` is called when the sheet closes. */
  build(body: HTMLElement): () => void;
  /** Called when it closed for good, not when it is only built anew. */
  closed?(): void;
}

const FOCUSABLE =
  'button:not([disabled]), [href], input:not([disabled]), select, [tabindex]:not([tabindex="-1"])';

function focusables(root: HTMLElement): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (element) => element.offsetParent !== null && element.tabIndex >= 0,
  );
}

/** Keep Tab inside `root`. */
function trap(root: HTMLElement, event: KeyboardEvent): void {
  if (event.key !== "Tab") return;
  const all = focusables(root);
  const [first, last] = [all[0], all.at(-1)];
  if (first === undefined || last === undefined) return;
  const outside = !root.contains(document.activeElement);
  if (
    event.shiftKey ? document.activeElement === first || outside : document.activeElement === last || outside
  ) {
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }
}

export class Sheets {
  readonly open = new Value<SheetName | null>(null);
  readonly element = el("div", { class: "sheet-place" });
  private stop: (() => void) | null = null;
  private opener: HTMLElement | null = null;

  constructor(private readonly contents: Readonly<Record<SheetName, SheetContent>>) {
    // Built anew in the other language: every text of a sheet is made when it opens.
    language.watch(() => {
      const name = this.open.get();
      if (name !== null) this.build(name);
    });
  }

  toggle(name: SheetName): void {
    if (this.open.get() === name) this.close();
    else this.show(name);
  }

  show(name: SheetName): void {
    if (this.open.get() === null && document.activeElement instanceof HTMLElement) {
      this.opener = document.activeElement;
    }
    this.build(name);
    const before = this.open.get();
    if (before !== null && before !== name) this.contents[before].closed?.();
    this.open.set(name);
    const first = this.element.querySelector<HTMLElement>("[data-first]");
    (first ?? this.element.querySelector<HTMLElement>(".sheet-close"))?.focus({ preventScroll: true });
  }

  close(): void {
    const name = this.open.get();
    if (name === null) return;
    this.stop?.();
    this.stop = null;
    this.contents[name].closed?.();
    this.element.replaceChildren();
    this.open.set(null);
    this.opener?.focus({ preventScroll: true });
    this.opener = null;
  }

  private build(name: SheetName): void {
    this.stop?.();
    const content = this.contents[name];
    const body = el("div", { class: "sheet-body" });
    const sheet = el(
      "section",
      {
        class: `sheet panel${content.small ? " small-sheet" : ""}${content.wide ? " wide-sheet" : ""}`,
        attributes: { role: "dialog", "aria-labelledby": "sheet-title" },
      },
      el("div", { class: "sheet-grip", attributes: { "aria-hidden": "true" } }),
      el(
        "header",
        { attributes: { role: "presentation" } },
        el("h2", { id: "sheet-title", text: content.title }),
        button({
          class: "round sheet-close",
          icon: "close",
          label: "page.close",
          onclick: () => this.close(),
        }),
      ),
      body,
    );
    sheet.addEventListener("keydown", (event) => {
      trap(sheet, event);
      if (event.key === "Escape") {
        event.stopPropagation();
        this.close();
      }
    });
    this.stop = content.build(body);
    this.element.replaceChildren(sheet);
  }
}
