/** A receipt: a paper ticket with everything that proves a payment. */

import { fullMoment, money } from "../civic/money";
import type { Movement } from "../civic/purse";
import { type Key, text } from "../i18n";
import { el } from "./dom";
import { copyButton, printButton } from "./keep";

/** One of the two sides of a payment. */
export interface Party {
  readonly name: string;
  readonly wallet: string;
}

function other(movement: Movement): string {
  if (movement.kind === "welcome") return text("receipt.city");
  return movement.with_name ?? text("receipt.erased");
}

function sides(movement: Movement, me: Party): readonly [string, string] {
  const [mine, theirs] = [`${me.name} · ${me.wallet}`, other(movement)];
  const them = movement.with_wallet === null ? theirs : `${theirs} · ${movement.with_wallet}`;
  return movement.amount < 0 ? [mine, them] : [them, mine];
}

/** What `meta-gwangju audit` takes. */
function proof({ number, hash }: Movement): string {
  return `${number}:${hash}`;
}

function lines(movement: Movement, me: Party): readonly (readonly [Key, string])[] {
  const [from, to] = sides(movement, me);
  return [
    ["receipt.from", from],
    ["receipt.to", to],
    ["receipt.at", fullMoment(movement.at)],
    ["receipt.number", String(movement.number)],
    ["receipt.hash", movement.hash],
  ];
}

/** The whole receipt as text. */
export function receiptText(movement: Movement, me: Party): string {
  const rows = lines(movement, me).map(([key, value]) => `${text(key)}: ${value}`);
  const head = `${text("receipt.title")} · ${text("page.title")}`;
  const audit = `meta-gwangju audit LEDGER --receipt ${proof(movement)}`;
  return [head, money(Math.abs(movement.amount)), ...rows, audit].join("\n");
}

export function receiptCard(movement: Movement, me: Party, tell: (message: string) => void): HTMLElement {
  const sent = movement.amount < 0;
  const rows = lines(movement, me).map(([key, value]) => [
    el("dt", { text: key }),
    el("dd", { class: key === "receipt.hash" ? "hash" : undefined }, value),
  ]);
  const title: Key =
    movement.kind === "welcome" ? "receipt.welcome" : sent ? "receipt.sent" : "receipt.received";
  const ticket = el(
    "article",
    { class: "ticket", label: "receipt.title" },
    el("p", { class: "kind", text: title }),
    el("p", { class: "sum" }, money(Math.abs(movement.amount))),
    el("dl", {}, ...rows.flat()),
    el("p", { class: "audit", text: "receipt.audit" }),
  );
  return el(
    "div",
    { class: "receipt" },
    ticket,
    el(
      "div",
      { class: "keeping" },
      copyButton(() => receiptText(movement, me), "receipt.copied", tell),
      printButton(() => ticket),
    ),
  );
}
