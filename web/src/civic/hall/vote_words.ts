/** Votes in words. */

import type { Schemas } from "../../api/client";
import { type Key, language, text } from "../../i18n";
import { fromNow, type Tone } from "./parts";

export type VoteLine = Schemas["VoteLine"];
export type Vote = Schemas["VoteOut"];
export type VoteState = VoteLine["state"];

const TONES: Readonly<Record<VoteState, Tone>> = {
  scheduled: "working",
  open: "fresh",
  counting: "working",
  closed: "done",
  cancelled: "quiet",
};

export function stateWord(state: VoteState): string {
  return text(`vote.state_${state}` satisfies Key);
}

export function stateTone(state: VoteState): Tone {
  return TONES[state];
}

/** When it opens or closes, or closed. */
export function timeWord(vote: Pick<VoteLine, "state" | "opens" | "closes">): string {
  switch (vote.state) {
    case "scheduled":
      return text("vote.opens_in", { when: fromNow(vote.opens) });
    case "open":
      return text("vote.closes_in", { when: fromNow(vote.closes) });
    default:
      return text("vote.closed_at", { when: fromNow(vote.closes) });
  }
}

/** `12,345`. */
export function count(value: number): string {
  return value.toLocaleString(language.get());
}

/** Share of the ballots that approve, 0 to 1. */
export function shareOf(approvals: number, ballots: number): number {
  return ballots === 0 ? 0 : approvals / ballots;
}

/** `46%`. */
export function percent(share: number): string {
  return new Intl.NumberFormat(language.get(), { style: "percent", maximumFractionDigits: 1 }).format(share);
}
