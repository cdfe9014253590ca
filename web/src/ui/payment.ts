/** Paying, in three pages: how much, is that right, and the receipt. The same for the wallet and a person met. */

import { ProblemError } from "../api/problem";
import { uuid7 } from "../api/uuid";
import { type AmountProblem, amountOf, amountProblem, money } from "../civic/money";
import type { Movement, Payee, Purse } from "../civic/purse";
import { type Key, language, text } from "../i18n";
import { en } from "../i18n/en";
import { ko } from "../i18n/ko";
import { button, el, setText } from "./dom";
import { attempt, field, form, problemLine, submitButton } from "./form";
import type { Pages, SheetPage } from "./pages";
import { type Party, receiptCard } from "./receipt";

export interface PaymentSetting {
  readonly purse: Purse;
  /** Who pays, for the receipt. */
  me(): Party;
  tell(message: string): void;
}

const QUICK = [100, 500, 1000, 5000] as const;
const PROBLEMS: Readonly<Record<AmountProblem, Key>> = {
  none: "pay.no_amount",
  most: "pay.too_much",
  funds: "pay.no_funds",
};

/** One payment on its way. It outlives its pages: a change of language builds them anew. */
export class Payment {
  private typed = "";
  private amount = 0;
  /** Of this very amount: sent twice, it is paid once. */
  private key = "";

  /**
   * @param start The page before the first one.
   * @param over Where the last one leads; by default to the sheet's first page.
   */
  constructor(
    private readonly setting: PaymentSetting,
    private readonly payee: Payee,
    private readonly pages: Pages,
    private readonly start: () => void,
    private readonly over: () => void = () => pages.go(null),
  ) {}

  begin(): void {
    this.pages.go(this.amountPage());
  }

  private amountPage(): SheetPage {
    return { title: "pay.amount_title", back: this.start, build: (body) => this.buildAmount(body) };
  }

  private buildAmount(body: HTMLElement): undefined {
    const { purse } = this.setting;
    const amount = field({
      id: "pay-amount",
      label: "pay.amount",
      value: this.typed,
      first: true,
      attributes: { inputmode: "numeric", maxlength: "12", enterkeyhint: "next" },
    });
    amount.input.addEventListener("input", () => {
      this.typed = amount.input.value;
    });
    const quick = QUICK.map((sum) =>
      el(
        "button",
        {
          class: "small",
          attributes: { type: "button" },
          onclick: () => {
            this.typed = sum.toLocaleString(language.get());
            amount.input.value = this.typed;
            amount.say("");
          },
        },
        sum.toLocaleString(language.get()),
      ),
    );
    body.append(
      this.whom(),
      form(
        () => this.check(amount.say),
        amount.element,
        el("div", { class: "quick-sums", label: "pay.quick", attributes: { role: "group" } }, ...quick),
        el("p", { class: "soft" }, text("pay.balance", { amount: money(purse.wallet.get()?.balance ?? 0) })),
        submitButton("pay.next"),
      ),
    );
    return undefined;
  }

  private check(say: (message: string) => void): void {
    const wallet = this.setting.purse.wallet.get();
    const amount = amountOf(this.typed);
    const most = wallet?.most_paid ?? Number.MAX_SAFE_INTEGER;
    const problem = amountProblem(amount, wallet?.balance ?? Number.MAX_SAFE_INTEGER, most);
    if (problem !== null) {
      say(text(PROBLEMS[problem], { amount: money(problem === "most" ? most : (wallet?.balance ?? 0)) }));
      return;
    }
    if (amount === null) return;
    if (amount !== this.amount || this.key === "") this.key = uuid7();
    this.amount = amount;
    this.pages.go(this.confirmPage());
  }

  private confirmPage(): SheetPage {
    const back = () => this.pages.go(this.amountPage());
    return { title: "pay.confirm_title", back, build: (body) => this.buildConfirm(body, back) };
  }

  private buildConfirm(body: HTMLElement, back: () => void): () => void {
    const { purse } = this.setting;
    const problem = problemLine();
    const after = el("dd");
    const stop = purse.wallet.follow((wallet) => {
      setText(after, wallet === null ? "" : money(wallet.balance - this.amount));
    });
    const pay = button({ class: "enter compact", caption: "pay.pay", onclick: () => void act() });
    pay.dataset.first = "";
    const act = () =>
      attempt(pay, problem.say, async () => {
        const movement = await purse.pay(this.payee, this.amount, this.key).catch(unsure);
        this.pages.go(this.receiptPage(movement));
      });
    body.append(
      this.whom(),
      el(
        "dl",
        { class: "facts" },
        el("dt", { text: "pay.amount" }),
        el("dd", { class: "sum" }, money(this.amount)),
        el("dt", { text: "pay.after" }),
        after,
      ),
      el("p", { class: "soft", text: "pay.final" }),
      problem.element,
      pay,
      button({ class: "second", caption: "pay.change", onclick: back }),
    );
    return stop;
  }

  private receiptPage(movement: Movement): SheetPage {
    const { setting } = this;
    return {
      title: "pay.done",
      build: (body) => {
        body.append(
          receiptCard(movement, setting.me(), setting.tell),
          button({ class: "second", caption: "pay.close", onclick: this.over }),
        );
        return undefined;
      },
    };
  }

  private whom(): HTMLElement {
    const { name, wallet_number: number } = this.payee;
    return el(
      "p",
      { class: "whom" },
      el("span", { text: "receipt.to" }),
      el("b", {}, name),
      el("small", {}, number),
    );
  }
}

/** Without an answer nobody knows whether it was paid: the same button asks again, and pays once. */
function unsure(error: unknown): never {
  if (!(error instanceof ProblemError) || !error.passes) throw error;
  const said = { ko: `${error.said.ko} ${ko["pay.unsure"]}`, en: `${error.said.en} ${en["pay.unsure"]}` };
  throw new ProblemError(error.status, error.code, said);
}
