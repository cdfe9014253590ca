/** Money came: said at once, with the receipt, without taking anybody's focus. */

import { money } from "../civic/money";
import type { Movement } from "../civic/purse";
import { language, text } from "../i18n";
import { button, el } from "./dom";
import { icon } from "./icons";
import { type Party, receiptCard } from "./receipt";

export class Received {
  readonly element = el("div", { class: "received-place" });
  private shown: Movement | null = null;

  constructor(
    private readonly me: () => Party,
    private readonly tell: (message: string) => void,
  ) {
    language.watch(() => this.shown !== null && this.build(this.shown));
  }

  /** Show the receipt; returns what it says. */
  show(movement: Movement): string {
    const words = this.words(movement);
    this.tell(words);
    this.build(movement);
    return words;
  }

  hide(): void {
    this.shown = null;
    this.element.replaceChildren();
  }

  private words(movement: Movement): string {
    const name = movement.with_name ?? text("receipt.erased");
    return text("receipt.came", { name, amount: money(movement.amount) });
  }

  private build(movement: Movement): void {
    this.shown = movement;
    const details = el(
      "details",
      {},
      el("summary", { text: "receipt.look" }),
      receiptCard(movement, this.me(), this.tell),
    );
    this.element.replaceChildren(
      el(
        "section",
        { class: "received panel", label: "receipt.received" },
        icon("in"),
        el("b", {}, this.words(movement)),
        button({ class: "round", icon: "close", label: "page.close", onclick: () => this.hide() }),
        details,
      ),
    );
  }
}
