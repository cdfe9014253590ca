/** Reports in words. */

import type { Schemas } from "../../api/client";
import { chosen, type Key, text } from "../../i18n";
import type { Desk } from "./desk";
import type { Tone } from "./parts";

export type ReportLine = Schemas["ReportLine"];
export type Report = Schemas["ReportOut"];
export type ReportStatus = ReportLine["status"];
export type ReportStep = Report["steps"][number];

export const STATUSES: readonly ReportStatus[] = [
  "submitted",
  "acknowledged",
  "in_progress",
  "answered",
  "reopened",
];

const TONES: Readonly<Record<ReportStatus, Tone>> = {
  submitted: "alert",
  acknowledged: "working",
  in_progress: "working",
  answered: "done",
  reopened: "alert",
};

export function statusWord(status: ReportStatus): string {
  return text(`report.status_${status}` satisfies Key);
}

export function statusTone(status: ReportStatus): Tone {
  return TONES[status];
}

export function stepWord(step: ReportStep["step"]): string {
  return text(`report.step_${step}` satisfies Key);
}

export function serviceWord(desk: Desk, code: string): string {
  return chosen(desk.names.of("service", code));
}

/** A note in the chosen language, or in the other where it was written in that alone. */
export function noteOf(step: Pick<ReportStep, "note_ko" | "note_en">): string {
  const both = { ko: step.note_ko ?? step.note_en ?? "", en: step.note_en ?? step.note_ko ?? "" };
  return chosen(both);
}
