/** A report as the VR panel says it: how far it has come, what it is about, each step. */

import type { Bilingual } from "../../render/api";
import { asWritten, dayOf, joined } from "../vr_pages";
import { both } from "./pins";
import type { Report, ReportStep } from "./report_words";

export function reportWords(one: Report): Bilingual {
  const hidden = one.redactions.find(({ part }) => part === "description")?.reason ?? "";
  return joined([
    joined(
      [
        both(`report.status_${one.status}`),
        both("report.number", { number: one.id, when: dayOf(one.submitted_at) }),
      ],
      " · ",
    ),
    one.description === null
      ? both("hall.hidden", { reason: asWritten(hidden) })
      : asWritten(one.description),
    both("report.steps"),
    ...one.steps.map((step) => stepWords(step)),
    one.acts.includes("reopen") ? both("vr.reopen") : null,
  ]);
}

function stepWords(step: ReportStep): Bilingual {
  const who = both(step.by_reporter ? "report.by_reporter" : "report.by_office");
  const note = { ko: step.note_ko ?? step.note_en ?? "", en: step.note_en ?? step.note_ko ?? "" };
  const what = joined([both(`report.step_${step.step}`), dayOf(step.at), who], " · ");
  return joined([joined([asWritten("·"), what], " "), note], ": ");
}
