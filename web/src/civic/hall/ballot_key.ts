/** My part of a ballot's nonce. */

import type { DraftMemory } from "./drafts";

function nameOf(vote: number, choices: readonly number[]): string {
  return `meta-gwangju.ballot-key.${vote}.${choices.join("-")}`;
}

/**
 * Drawn at random once for a ballot, and kept until its receipt is here: should the answer be lost, the same ballot
 * under the same key gets the same receipt, even after a reload.
 */
export function ballotKey(memory: DraftMemory, vote: number, choices: readonly number[]): string {
  const kept = memory.getItem(nameOf(vote, choices));
  if (kept !== null) return kept;
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  const key = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  memory.setItem(nameOf(vote, choices), key);
  return key;
}

/** The receipt is here. */
export function forgetBallotKey(memory: DraftMemory, vote: number, choices: readonly number[]): void {
  memory.removeItem(nameOf(vote, choices));
}
