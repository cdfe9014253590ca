/** Proposals in words. */

import type { Schemas } from "../../api/client";
import { type Key, text } from "../../i18n";
import type { Tone } from "./parts";

export type ProposalLine = Schemas["ProposalLine"];
export type Proposal = Schemas["ProposalOut"];
export type ProposalState = ProposalLine["state"];

export const STATES: readonly ProposalState[] = [
  "open",
  "under_review",
  "accepted",
  "declined",
  "done",
  "withdrawn",
];

const TONES: Readonly<Record<ProposalState, Tone>> = {
  open: "fresh",
  under_review: "working",
  accepted: "done",
  declined: "quiet",
  done: "done",
  withdrawn: "quiet",
};

export function stateWord(state: ProposalState): string {
  return text(`proposal.state_${state}` satisfies Key);
}

export function stateTone(state: ProposalState): Tone {
  return TONES[state];
}

/** A title, or why there is none. */
export function titleOf(proposal: ProposalLine): string {
  return proposal.title === "" ? text("proposal.hidden_title") : proposal.title;
}

export function authorOf(author: string | null): string {
  return author ?? text("hall.gone_citizen");
}
