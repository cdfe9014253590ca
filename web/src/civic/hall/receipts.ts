/** Receipts of ballots that their owner chose to keep on this device. */

import type { Schemas } from "../../api/client";

export type Receipt = Schemas["ReceiptOut"];

export interface ReceiptMemory {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const PREFIX = "meta-gwangju.ballot-receipt.";

/** A receipt as `meta-gwangju verify-vote --receipt` reads it: one line of JSON. */
export function receiptText(receipt: Receipt): string {
  return JSON.stringify(receipt);
}

export function keepReceipt(memory: ReceiptMemory, receipt: Receipt): void {
  memory.setItem(`${PREFIX}${receipt.vote}`, receiptText(receipt));
}

export function forgetReceipt(memory: ReceiptMemory, vote: number): void {
  memory.removeItem(`${PREFIX}${vote}`);
}

/** The kept receipt of a vote, as it was kept; null without one. */
export function keptReceipt(memory: ReceiptMemory, vote: number): string | null {
  return memory.getItem(`${PREFIX}${vote}`);
}

/** Numbers of the votes whose receipts are kept here, the newest vote first. */
export function keptVotes(memory: ReceiptMemory): readonly number[] {
  const keys = Array.from({ length: memory.length }, (_, index) => memory.key(index) ?? "");
  return keys
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => Number(key.slice(PREFIX.length)))
    .filter((vote) => Number.isSafeInteger(vote))
    .sort((a, b) => b - a);
}
