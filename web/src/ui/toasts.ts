/** Short notices that come and go, and the line that screen readers follow. */

import { el } from "./dom";

const SHOWN = 4200;
const MOST = 3;

export class Toasts {
  readonly element = el("div", { class: "toasts", attributes: { role: "status", "aria-live": "polite" } });
  /** Said aloud only. */
  readonly spoken = el("div", { class: "spoken", attributes: { "aria-live": "polite" } });

  show(message: string, kind: "plain" | "warning" = "plain"): void {
    const toast = el("p", { class: `toast panel ${kind}` }, message);
    this.element.append(toast);
    while (this.element.childElementCount > MOST) this.element.firstElementChild?.remove();
    setTimeout(() => toast.classList.add("leaving"), SHOWN);
    setTimeout(() => toast.remove(), SHOWN + 240);
  }

  say(message: string): void {
    this.spoken.textContent = message;
  }
}
