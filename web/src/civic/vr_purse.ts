/** Paying in a headset: step by step, each shown on the VR panel. */

import { ProblemError } from "../api/problem";
import { uuid7 } from "../api/uuid";
import type { City } from "../city";
import { text } from "../i18n";
import { en } from "../i18n/en";
import { ko } from "../i18n/ko";
import type { Bilingual, VrPayment, VrPurse } from "../render/api";
import { groundDistance } from "../world/body";
import type { Citizenship } from "./citizenship";
import type { Payee, Purse } from "./purse";

/** People further away are no company, metres. */
const REACH = 20;
/** News of money are news for so long, ms. */
const NEWS = 60_000;
const NONE: VrPayment = { step: "none", name: "", amount: 0, said: null };

function both(key: "money.amount" | "pay.after" | "pay.no_funds", amount: string | Bilingual): Bilingual {
  const of = (language: "ko" | "en") => (typeof amount === "string" ? amount : amount[language]);
  return { ko: ko[key].replace("{amount}", of("ko")), en: en[key].replace("{amount}", of("en")) };
}

export class HeadsetPurse implements VrPurse {
  private current: VrPayment = NONE;
  private payee: Payee | null = null;
  private key = "";
  private told: { readonly text: string; readonly at: number } | null = null;

  constructor(
    private readonly city: City,
    private readonly citizenship: Citizenship,
    private readonly purse: Purse,
  ) {}

  balance(): number | null {
    return this.citizenship.citizen === null ? null : (this.purse.wallet.get()?.balance ?? null);
  }

  money(amount: number): Bilingual {
    return both("money.amount", amount.toLocaleString("en"));
  }

  people(): readonly { readonly id: number; readonly name: string; readonly away: number }[] {
    const here = this.city.pose().position;
    return this.city.people
      .shown(performance.now() / 1000)
      .map(({ person: { id, name }, state }) => ({ id, name, away: groundDistance(state.position, here) }))
      .filter(({ away }) => away <= REACH)
      .sort((a, b) => a.away - b.away);
  }

  payment(): VrPayment {
    return this.current;
  }

  choose(person: number | null): void {
    this.payee = null;
    this.current = NONE;
    const found = this.city.people.everyone().find(({ id }) => id === person);
    if (found === undefined) return;
    const asking: VrPayment = { ...NONE, step: "asking", name: found.name };
    this.current = asking;
    void this.ask(asking, found.id);
  }

  setAmount(amount: number): void {
    const balance = this.balance();
    if (this.payee === null || balance === null) return;
    if (amount > balance) {
      this.refuse(both("pay.no_funds", this.money(balance)));
      return;
    }
    this.key = uuid7();
    const left = this.money(balance - amount);
    const said = { ko: `${ko["pay.after"]} ${left.ko}`, en: `${en["pay.after"]} ${left.en}` };
    this.current = { ...this.current, step: "confirm", amount, said };
  }

  back(): void {
    const wasConfirming = this.current.step === "confirm" || this.current.step === "refused";
    const mayGoOn = wasConfirming && this.payee !== null;
    this.current = mayGoOn ? { ...this.current, step: "amount", amount: 0, said: null } : NONE;
  }

  pay(): void {
    const { payee, current } = this;
    if (payee === null || current.step !== "confirm") return;
    const paying: VrPayment = { ...current, step: "paying" };
    this.current = paying;
    void this.send(paying, payee);
  }

  /** Money came: whoever wears a headset reads it where they read what people say. */
  tell(text: string): void {
    this.told = { text, at: performance.now() };
  }

  news(): { readonly name: string; readonly text: string } | null {
    const { told } = this;
    return told === null || performance.now() - told.at > NEWS
      ? null
      : { name: text("wallet.title"), text: told.text };
  }

  private refuse(said: Bilingual): void {
    this.current = { ...this.current, step: "refused", said };
  }

  private async ask(asking: VrPayment, person: number): Promise<void> {
    const found = await this.purse.payee({ person }).catch(problemOf);
    if (this.current !== asking) return;
    if (found instanceof ProblemError) return this.refuse(found.said);
    this.payee = found;
    this.current = { ...asking, step: "amount", name: found.name };
  }

  private async send(paying: VrPayment, payee: Payee): Promise<void> {
    // With this key it is paid once, even when the answer was lost and it is pressed again.
    const sent = await this.purse.pay(payee, paying.amount, this.key).catch(problemOf);
    if (this.current !== paying) return;
    if (sent instanceof ProblemError) {
      if (sent.passes) this.current = { ...paying, step: "confirm", said: sent.said };
      else this.refuse(sent.said);
    } else this.current = { ...paying, step: "paid" };
  }
}

function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  throw error;
}
