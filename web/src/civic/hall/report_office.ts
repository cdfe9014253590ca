/** What officers do with a report: take it, acknowledge, start, tell how it goes, answer, hide. */

import type { Schemas } from "../../api/client";
import { text } from "../../i18n";
import { button, el } from "../../ui/dom";
import { attempt, field, form, problemLine, submitButton } from "../../ui/form";
import { type Desk, myNumber } from "./desk";
import { type Area, area, type Option, select } from "./parts";
import { askReason } from "./reason";
import { type Report, stepWord } from "./report_words";

type StepName = Schemas["StepIn"]["step"];
type PartName = Schemas["HideIn"]["part"];

const LONGEST = 4000;
/** In the order in which they are done. */
const STEPS: readonly StepName[] = ["acknowledge", "start", "note", "answer"];
/** Steps that nothing needs to be said to. */
const WORDLESS: readonly StepName[] = ["acknowledge", "start"];

export function reportOffice(
  desk: Desk,
  id: number,
): { readonly element: HTMLElement; show(one: Report): void } {
  const element = el("section", { class: "office", label: "hall.office", hidden: true });
  const problem = problemLine();
  const changed = () => desk.city.topics.tell("reports");
  const places = { contact: part(), assign: part(), step: part(), hide: part() };
  let sent = 0;
  element.append(
    el("h4", { text: "hall.office" }),
    places.contact.element,
    places.assign.element,
    places.step.element,
    problem.element,
    places.hide.element,
  );
  const show = (one: Report) => {
    const steps = STEPS.filter((step) => one.acts.includes(step));
    const [mayAssign, mayHide] = [one.acts.includes("assign"), one.acts.includes("hide")];
    element.hidden = !mayAssign && !mayHide;
    places.contact.draw([one.contact], () => contact(one));
    places.assign.draw([mayAssign, one.assignee], () =>
      mayAssign ? assignment(desk, one, problem.say, changed) : "",
    );
    const stepForm = () => new StepForm(desk, id, steps, () => (sent += 1)).element;
    places.step.draw([steps, sent], () => (steps.length > 0 ? stepForm() : ""));
    const hidable = [one.description, one.photo, one.address].map((one) => one !== null);
    places.hide.draw([mayHide, hidable], () => (mayHide ? hiding(desk, one, problem.say) : ""));
  };
  return { element, show };
}

/** A part that is drawn anew when what it stands for changed: nobody's typing is cut short by another's act. */
function part(): {
  readonly element: HTMLElement;
  draw(now: unknown, build: () => HTMLElement | string): void;
} {
  const element = el("div", { class: "stack" });
  let last = "";
  const draw = (now: unknown, build: () => HTMLElement | string) => {
    const key = JSON.stringify(now);
    if (key === last) return;
    last = key;
    element.replaceChildren(build());
  };
  return { element, draw };
}

function contact(one: Report): HTMLElement | string {
  if (one.contact === null) return "";
  const { name, phone, email } = one.contact;
  const parts = [name, phone, email].filter((part) => part !== "");
  return parts.length === 0
    ? ""
    : el("p", { class: "soft" }, text("report.contact_is", { contact: parts.join(" · ") }));
}

type Say = (message: string) => void;

function assignment(desk: Desk, one: Report, say: Say, changed: () => void): HTMLElement {
  const isMine = one.assignee !== null && one.assignee === myNumber(desk);
  const whose = one.assignee === null ? "report.has_nobody" : isMine ? "report.has_me" : "report.has_other";
  const control = button({
    class: "small",
    caption: isMine ? "report.give_back" : "report.take",
    onclick: () =>
      void attempt(control, say, async () => {
        const params = { path: { number: one.id } };
        const body = { officer: isMine ? null : ("me" as const) };
        await desk.api.take(desk.api.http.POST("/api/v1/reports/{number}/assign", { params, body }));
        changed();
      }),
  });
  const said = text(whose, { number: one.assignee ?? 0 });
  return el("p", { class: "where" }, el("span", { class: "soft" }, said), control);
}

/**
 * The next step, and what is said to it in both languages.
 *
 * All of it is a draft: when another's act changes which steps there are, it stands as the officer left it.
 */
class StepForm {
  readonly element: HTMLElement;
  private step: StepName;
  private readonly name: string;
  private draft: { ko: string; en: string; step: string; day: string };
  private readonly expected = field({
    id: "report-expected",
    label: "report.expect",
    attributes: { type: "date" },
  });
  private readonly problem = problemLine();
  private readonly send = submitButton("report.step_send");

  constructor(
    private readonly desk: Desk,
    private readonly id: number,
    steps: readonly StepName[],
    private readonly done: () => void,
  ) {
    this.name = `step-${id}`;
    const { ko = "", en = "", step = "", day = "" } = desk.drafts.get(this.name);
    this.draft = { ko, en, step, day };
    this.step = steps.find((one) => one === step) ?? (steps[0] as StepName);
    this.expected.input.value = day;
    this.expected.input.addEventListener("change", () => this.keep({ day: this.expected.input.value }));
    const korean = this.note("ko");
    const options: Option<StepName>[] = steps.map((value) => ({ value, title: stepWord(value) }));
    this.element = form(
      () => this.act(() => korean.needed() !== null),
      el(
        "div",
        { class: "line-field" },
        el("b", { text: "report.next_step" }),
        select("report.next_step", options, this.step, (value) => {
          this.keep({ step: value });
          this.choose(value);
        }),
      ),
      korean.element,
      this.note("en").element,
      this.expected.element,
      this.problem.element,
      this.send,
    );
    this.choose(this.step);
  }

  private note(language: "ko" | "en"): Area {
    return area({
      id: `report-note-${language}`,
      label: language === "ko" ? "report.note_ko" : "report.note_en",
      hint: language === "ko" ? "report.note_hint" : undefined,
      value: this.draft[language],
      most: LONGEST,
      rows: 3,
      typed: (value) => this.keep(language === "ko" ? { ko: value } : { en: value }),
    });
  }

  private keep(changed: Partial<typeof this.draft>): void {
    this.draft = { ...this.draft, ...changed };
    this.desk.drafts.put(this.name, this.draft);
  }

  /** Whoever answers has ended it: there is nothing more to expect. */
  private choose(step: StepName): void {
    this.step = step;
    this.expected.element.hidden = step === "answer";
  }

  private act(hasKorean: () => boolean): void {
    const [korean, english] = [this.draft.ko.trim(), this.draft.en.trim()];
    const isSilent = WORDLESS.includes(this.step) && korean === "" && english === "";
    if (!isSilent && english === "" && !hasKorean()) return;
    void attempt(this.send, this.problem.say, async () => {
      const { desk, draft, step } = this;
      const day = this.expected.input.value;
      // The end of that working day, where the officer is.
      const end = day === "" || step === "answer" ? null : new Date(`${day}T18:00`).getTime() / 1000;
      const body = { step, note_ko: korean || null, note_en: english || null, expected_at: end };
      const params = { path: { number: this.id } };
      await desk.api.take(desk.api.http.POST("/api/v1/reports/{number}/steps", { params, body }));
      desk.drafts.sent(this.name, draft);
      this.done();
      desk.tell(text("report.step_done"));
      desk.city.topics.tell("reports");
    });
  }
}

function hiding(desk: Desk, one: Report, say: Say): HTMLElement {
  const there: PartName[] = [];
  if (one.description !== null) there.push("description");
  if (one.photo !== null) there.push("photo");
  if (one.address !== null) there.push("address");
  const buttons = there.map((part) => {
    const control = button({
      class: "small",
      caption: `report.hide_${part}` as "report.hide_photo",
      onclick: () => void attempt(control, say, () => hidePart(desk, one.id, part, null)),
    });
    return control;
  });
  return el("div", { class: "acts" }, ...buttons);
}

/** Take something out of sight, once a reason was given. Throws ProblemError. */
export async function hidePart(desk: Desk, id: number, part: PartName, step: number | null): Promise<void> {
  const reason = await askReason("hall.hide");
  if (reason === null) return;
  const params = { path: { number: id } };
  await desk.api.take(
    desk.api.http.POST("/api/v1/reports/{number}/hide", { params, body: { part, step, reason } }),
  );
  desk.city.topics.tell("reports");
}
