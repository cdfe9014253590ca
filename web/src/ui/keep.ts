/** Keeping what the page shows: on the clipboard, on paper, in a file. */

import { type Key, text } from "../i18n";
import { button, el } from "./dom";

type Tell = (message: string) => void;

/** Copy `words`, and tell whether that was done: without a secure context there is no clipboard at all. */
export function copy(words: string, done: Key, failed: Key, tell: Tell): void {
  const copied = navigator.clipboard?.writeText(words) ?? Promise.reject(new Error("no clipboard"));
  copied.then(
    () => tell(text(done)),
    () => tell(text(failed)),
  );
}

export function copyButton(words: () => string, done: Key, tell: Tell): HTMLButtonElement {
  return button({
    class: "small",
    caption: "keep.copy",
    icon: "copy",
    onclick: () => copy(words(), done, "keep.copy_failed", tell),
  });
}

/** Print a copy of an element, and nothing else of the page. */
export function printButton(what: () => Element): HTMLButtonElement {
  const act = () => {
    const sheet = el("div", { class: "print-only" }, what().cloneNode(true));
    document.body.append(sheet);
    document.body.classList.add("is-printing");
    const over = () => {
      sheet.remove();
      document.body.classList.remove("is-printing");
    };
    addEventListener("afterprint", over, { once: true });
    print();
  };
  return button({ class: "small", caption: "keep.print", icon: "printer", onclick: act });
}

/** Save words as a text file. */
export function saveButton(name: string, words: () => string): HTMLButtonElement {
  const act = () => {
    const href = URL.createObjectURL(new Blob([words()], { type: "text/plain;charset=utf-8" }));
    const link = el("a", { attributes: { href, download: name } });
    link.click();
    URL.revokeObjectURL(href);
  };
  return button({ class: "small", caption: "keep.save", icon: "download", onclick: act });
}
