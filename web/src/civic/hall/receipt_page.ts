/** A receipt for a ballot: what it is good for, and keeping it as a file, on paper, or on this device. */

import { chosen, text } from "../../i18n";
import { button, el } from "../../ui/dom";
import { copyButton, printButton, saveButton } from "../../ui/keep";
import type { SheetPage } from "../../ui/pages";
import { toggle } from "../../ui/tabs";
import { checkPage } from "./check_page";
import type { Desk } from "./desk";
import { forgetReceipt, keepReceipt, keptReceipt, type Receipt } from "./receipts";
import type { Vote } from "./vote_words";

/** @param words The receipt as it was kept. */
export function receiptPage(desk: Desk, vote: Vote, words: string): SheetPage {
  return {
    title: "receipts.title",
    back: () => desk.pages.go(desk.vote(vote.id)),
    build: (body) => {
      body.append(...receiptCard(desk, vote, words));
      return undefined;
    },
  };
}

function read(words: string): Receipt | null {
  try {
    return JSON.parse(words) as Receipt;
  } catch {
    return null;
  }
}

/** The ticket, the ways to keep it, and what to do with it. */
export function receiptCard(desk: Desk, vote: Vote, words: string): HTMLElement[] {
  const receipt = read(words);
  if (receipt === null) return [el("p", { class: "note", text: "receipts.broken" })];
  const choices = receipt.choices.map((index) => chosen(vote.options[index] ?? { ko: "?", en: "?" }));
  const row = (
    key: "receipts.vote" | "receipts.choices" | "receipts.index" | "receipts.leaf",
    value: string,
  ) => [el("dt", { text: key }), el("dd", { class: key === "receipts.leaf" ? "hash" : undefined }, value)];
  const ticket = el(
    "article",
    { class: "ticket", label: "receipts.title" },
    el("p", { class: "kind", text: "receipts.kind" }),
    el("p", { class: "asked" }, chosen(vote.title)),
    el(
      "dl",
      {},
      ...row("receipts.vote", String(receipt.vote)),
      ...row("receipts.choices", choices.length === 0 ? text("vote.blank") : choices.join(", ")),
      ...row("receipts.index", text("receipts.place", { index: receipt.index + 1, size: receipt.size })),
      ...row("receipts.leaf", receipt.leaf),
    ),
    el("p", { class: "audit", text: "receipts.audit" }),
  );
  // On paper the whole receipt stands below, so that it can be typed in again.
  const paper = el("div", {}, ticket.cloneNode(true), el("pre", { class: "raw" }, words));
  return [
    ticket,
    el("p", { class: "soft", text: "receipts.secret" }),
    el(
      "div",
      { class: "keeping" },
      saveButton(`meta-gwangju-vote-${receipt.vote}-receipt.json`, () => words),
      copyButton(() => words, "receipts.copied", desk.tell),
      printButton(() => paper),
    ),
    keepSwitch(receipt, words),
    button({
      class: "second",
      icon: "shield",
      caption: "receipts.check",
      onclick: () => desk.pages.go(checkPage(desk, receipt.vote, words)),
    }),
  ];
}

function keepSwitch(receipt: Receipt, words: string): HTMLElement {
  const isKept = keptReceipt(localStorage, receipt.vote) === words;
  return toggle("receipts.keep_here", "receipts.keep_hint", isKept, (on) => {
    if (on) keepReceipt(localStorage, receipt);
    else forgetReceipt(localStorage, receipt.vote);
  });
}
