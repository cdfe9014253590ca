/** The sheet of money: what I have, the number to pay me by, what came and went, and paying by number. */

import type { Citizenship } from "../civic/citizenship";
import { momentOf, money, movedMoney } from "../civic/money";
import type { Movement } from "../civic/purse";
import { chosen, text } from "../i18n";
import { button, el, setText } from "./dom";
import { attempt, field, form, problemLine, submitButton } from "./form";
import { icon } from "./icons";
import { copyButton } from "./keep";
import { Pages, type SheetPage } from "./pages";
import { Payment, type PaymentSetting } from "./payment";
import { receiptCard } from "./receipt";
import type { SheetContent } from "./sheet";

export interface WalletSetting extends PaymentSetting {
  readonly citizenship: Citizenship;
  /** Open the citizen's sheet: to sign in. */
  signIn(): void;
}

export class WalletSheet {
  readonly pages: Pages;
  readonly content: SheetContent;
  private number = "";

  constructor(private readonly setting: WalletSetting) {
    this.pages = new Pages(() => this.home());
    this.content = this.pages.content("wallet.title");
    // Another citizen, or none: nothing of the one before may stay on the screen.
    let owner = setting.citizenship.citizen?.number;
    setting.purse.wallet.watch(() => {
      const now = setting.citizenship.citizen?.number;
      if (now !== owner) this.pages.go(null);
      owner = now;
    });
  }

  /** Show one receipt. */
  receipt(movement: Movement): SheetPage {
    return {
      title: "receipt.title",
      back: () => this.pages.go(null),
      build: (body) => {
        body.append(receiptCard(movement, this.setting.me(), this.setting.tell));
        return undefined;
      },
    };
  }

  private home(): SheetPage {
    return {
      build: (body) => {
        if (this.setting.citizenship.citizen === null) return this.buildVisitor(body);
        return this.buildHome(body);
      },
    };
  }

  private buildVisitor(body: HTMLElement): undefined {
    body.append(
      el("p", { class: "lines" }, text("wallet.visitor")),
      button({ class: "enter compact", caption: "citizen.enter", onclick: this.setting.signIn }),
    );
    return undefined;
  }

  private buildHome(body: HTMLElement): () => void {
    const { purse } = this.setting;
    const balance = el("p", { class: "balance" });
    const problem = problemLine();
    const number = el("b");
    const list = el("ul", { class: "movements" });
    const more = button({ class: "second", caption: "wallet.more", onclick: () => void older() });
    const older = () => attempt(more, problem.say, () => purse.more());
    const show = () => {
      const wallet = purse.wallet.get();
      setText(balance, wallet === null ? "…" : money(wallet.balance));
      setText(number, wallet?.wallet_number ?? "");
      list.replaceChildren(...purse.movements.get().map((movement) => this.row(movement)));
      more.hidden = !purse.hasMore;
    };
    body.append(
      el("section", { class: "purse" }, el("span", { text: "wallet.balance" }), balance),
      this.numberLine(number),
      problem.element,
      button({
        class: "enter compact",
        icon: "send",
        caption: "wallet.pay",
        onclick: () => this.pages.go(this.payPage()),
      }),
      el("p", { class: "soft", text: "wallet.pay_hint" }),
      el("h3", { text: "wallet.history" }),
      list,
      more,
    );
    purse.refresh();
    const stops = [
      purse.wallet.follow(show),
      purse.movements.watch(show),
      purse.problem.follow((error) => problem.say(error === null ? "" : chosen(error.said))),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  private numberLine(number: HTMLElement): HTMLElement {
    return el(
      "div",
      { class: "my-number" },
      el("span", {}, el("small", { text: "wallet.number" }), number),
      copyButton(() => number.textContent ?? "", "wallet.number_copied", this.setting.tell),
    );
  }

  private row(movement: Movement): HTMLElement {
    const welcome = movement.kind === "welcome";
    const who = welcome ? text("receipt.welcome") : (movement.with_name ?? text("receipt.erased"));
    const sign = el("span", { class: movement.amount < 0 ? "way out" : "way in" });
    sign.append(icon(welcome ? "star" : movement.amount < 0 ? "out" : "in"));
    return el(
      "li",
      {},
      el(
        "button",
        {
          id: `movement-${movement.number}`,
          attributes: { type: "button" },
          onclick: () => this.pages.go(this.receipt(movement)),
        },
        sign,
        el("span", { class: "who" }, el("b", {}, who), el("small", {}, momentOf(movement.at))),
        el("span", { class: movement.amount < 0 ? "sum" : "sum in" }, movedMoney(movement.amount)),
      ),
    );
  }

  private payPage(): SheetPage {
    const back = () => this.pages.go(null);
    return {
      title: "wallet.pay",
      back,
      build: (body) => {
        const number = field({
          id: "payee-number",
          label: "wallet.payee",
          hint: "wallet.payee_hint",
          value: this.number,
          first: true,
          attributes: {
            inputmode: "numeric",
            maxlength: "20",
            enterkeyhint: "next",
            placeholder: "000000-00",
          },
        });
        const check = submitButton("wallet.check");
        const act = () =>
          attempt(check, number.say, async () => {
            this.number = number.input.value.trim();
            if (this.number.length < 3) return number.say(text("wallet.no_number"));
            const payee = await this.setting.purse.payee({ number: this.number });
            new Payment(this.setting, payee, this.pages, () => this.pages.go(this.payPage())).begin();
          });
        body.append(form(() => void act(), number.element, check));
        return undefined;
      },
    };
  }
}
