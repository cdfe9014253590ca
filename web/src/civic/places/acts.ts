/** What can be done at each landmark: one table, from which the panels are made. */

import type { Key } from "../../i18n";
import type { IconName } from "../../ui/icons";

export type PlaceAct = "proposals" | "votes" | "reports" | "expo" | "propose" | "report" | "around";

export interface ActWords {
  readonly title: Key;
  readonly detail: Key;
  readonly icon: IconName;
}

/** Landmarks with an office or a hall of their own; at all others one can propose and report. */
const ACTS: Readonly<Record<string, readonly PlaceAct[]>> = {
  city_hall: ["proposals", "votes", "reports"],
  kdj_center: ["expo", "propose", "report"],
};
const ELSEWHERE: readonly PlaceAct[] = ["propose", "report", "around"];

export const WORDS: Readonly<Record<PlaceAct, ActWords>> = {
  proposals: { title: "act.proposals", detail: "act.proposals_detail", icon: "idea" },
  votes: { title: "act.votes", detail: "act.votes_detail", icon: "ballot" },
  reports: { title: "act.reports", detail: "act.reports_detail", icon: "alert" },
  expo: { title: "act.expo", detail: "act.expo_detail", icon: "booth" },
  propose: { title: "act.propose", detail: "act.propose_detail", icon: "idea" },
  report: { title: "act.report", detail: "act.report_detail", icon: "alert" },
  around: { title: "act.around", detail: "act.around_detail", icon: "pin" },
};

/** What can be done at a landmark, the most telling first. */
export function actsAt(spot: string): readonly PlaceAct[] {
  return ACTS[spot] ?? ELSEWHERE;
}
