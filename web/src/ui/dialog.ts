/** Centred dialogs, on the browser's own `<dialog>`: focus stays inside, Escape closes. */

import type { Key } from "../i18n";
import { button, el } from "./dom";

/** Open a dialog and return its body. It leaves the page when it closes; then `closed` is called. */
export function dialog(title: Key, kind: string, closed?: () => void): HTMLElement {
  const body = el("div", { class: "dialog-body" });
  const frame = el(
    "dialog",
    { class: `dialog panel ${kind}`, attributes: { "aria-labelledby": `dialog-${kind}` } },
    el(
      "header",
      { attributes: { role: "presentation" } },
      el("h2", { id: `dialog-${kind}`, text: title }),
      button({ class: "round", icon: "close", label: "page.close", onclick: () => frame.close() }),
    ),
    body,
  );
  frame.addEventListener("close", () => {
    frame.remove();
    closed?.();
  });
  // A press on the backdrop lands on the dialog element itself.
  frame.addEventListener("pointerdown", (event) => event.target === frame && frame.close());
  document.body.append(frame);
  frame.showModal();
  return body;
}

/** Close whatever dialog is open; true when there was one. */
export function closeDialog(): boolean {
  const open = document.querySelector<HTMLDialogElement>("dialog[open]");
  open?.close();
  return open !== null;
}
