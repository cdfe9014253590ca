/** Text to the people near me: the newest lines over the city, and the field to write in. */

import type { City } from "../city";
import { text } from "../i18n";
import { MAX_TEXT } from "../protocol/messages";
import { button, el } from "./dom";
import { icon } from "./icons";

/** A line fades after this long while nobody writes, ms. */
const LINE_SHOWN = 25_000;

export class Chat {
  readonly element: HTMLElement;
  private readonly field: HTMLInputElement;
  private readonly lines: HTMLElement;

  constructor(
    private readonly city: City,
    private readonly complain: (message: string) => void,
  ) {
    const touch = matchMedia("(pointer: coarse)").matches;
    this.lines = el("div", {
      class: "lines",
      attributes: { role: "log", "aria-live": "polite", tabindex: "-1" },
    });
    this.field = el("input", {
      label: "chat.field",
      placeholder: touch ? "chat.placeholder_touch" : "chat.placeholder",
      attributes: { type: "text", maxlength: String(MAX_TEXT), autocomplete: "off", enterkeyhint: "send" },
    });
    const form = el(
      "form",
      { class: "say panel" },
      icon("chat"),
      this.field,
      button({ class: "round", icon: "send", label: "chat.send", onclick: () => this.send() }),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("focus", () => this.element.classList.add("is-open"));
    this.field.addEventListener("blur", () => this.element.classList.remove("is-open"));
    this.element = el("section", { class: "chat", label: "chat.title" }, this.lines, form);
    city.looking.follow((looking) => (this.element.hidden = looking));
    city.chat.watch((lines) => this.show(lines.length === 0));
  }

  /** Put the cursor into the field. */
  focus(): void {
    this.element.classList.add("is-open");
    this.field.focus();
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      this.field.blur();
      event.stopPropagation();
    }
    // While a syllable is being composed, Enter belongs to the input method.
    if (event.key === "Enter" && event.isComposing) event.preventDefault();
  }

  private send(): void {
    const words = this.field.value.normalize("NFC").trim();
    if (words === "") {
      this.field.blur();
      return;
    }
    if (this.city.say(words)) this.field.value = "";
    else this.complain(text("chat.offline"));
  }

  private show(cleared: boolean): void {
    if (cleared) {
      this.lines.replaceChildren();
      return;
    }
    const line = this.city.chat.get().at(-1);
    if (line === undefined) return;
    const mine = line.person === this.city.id.get();
    const item = el(
      "p",
      { class: mine ? "line mine" : "line" },
      el("b", {}, line.name),
      document.createTextNode(" "),
      el("span", {}, line.text),
    );
    this.lines.append(item);
    if (this.lines.childElementCount > 60) this.lines.firstElementChild?.remove();
    this.lines.scrollTop = this.lines.scrollHeight;
    setTimeout(() => item.classList.add("old"), LINE_SHOWN);
  }
}
