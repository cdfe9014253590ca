/** The city's money in words, and amounts as people type them. */

import { language, text } from "../i18n";

/** `1,000빛`, `1,000 bit`. */
export function money(amount: number): string {
  return text("money.amount", { amount: amount.toLocaleString(language.get()) });
}

/** `+1,000빛`, `−500빛`: what came in, what went out. */
export function movedMoney(amount: number): string {
  return `${amount < 0 ? "−" : "+"}${money(Math.abs(amount))}`;
}

/** What was typed, as a whole number of minor units; null where it is none. Full-width digits count, too. */
export function amountOf(typed: string): number | null {
  const digits = typed.normalize("NFKC").replace(/[\s,]/g, "");
  return /^\d{1,15}$/.test(digits) ? Number(digits) : null;
}

export type AmountProblem = "none" | "most" | "funds";

/** Why an amount cannot be paid; null where it can. */
export function amountProblem(amount: number | null, balance: number, most: number): AmountProblem | null {
  if (amount === null || amount < 1) return "none";
  if (amount > most) return "most";
  return amount > balance ? "funds" : null;
}

/** `3월 2일 오후 4:05`, with the year where it is another one. */
export function momentOf(seconds: number, now: Date = new Date()): string {
  const date = new Date(seconds * 1000);
  const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return new Intl.DateTimeFormat(language.get(), {
    year,
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
  }).format(date);
}

/** A moment in full, as a receipt says it. */
export function fullMoment(seconds: number): string {
  return new Intl.DateTimeFormat(language.get(), { dateStyle: "long", timeStyle: "medium" }).format(
    new Date(seconds * 1000),
  );
}
