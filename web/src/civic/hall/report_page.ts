/** A report: what it says, where it is, and each step that was taken on it. */

import { text } from "../../i18n";
import { button, el } from "../../ui/dom";
import { attempt, form, problemLine, submitButton } from "../../ui/form";
import type { SheetPage } from "../../ui/pages";
import type { Stop } from "../../value";
import { fullMoment, momentOf } from "../money";
import type { Desk } from "./desk";
import { follow } from "./live";
import { area, chip, whereLine, written } from "./parts";
import { hidePart, reportOffice } from "./report_office";
import {
  noteOf,
  type Report,
  type ReportStep,
  serviceWord,
  statusTone,
  statusWord,
  stepWord,
} from "./report_words";

const LONGEST = 4000;

export function reportPage(desk: Desk, id: number): SheetPage {
  return {
    title: "report.one",
    back: () => desk.home("reports"),
    build: (body) => {
      return new ReportView(desk, id).build(body);
    },
  };
}

class ReportView {
  private readonly head = el("div", { class: "stack" });
  private readonly steps = el("ol", { class: "steps", label: "report.steps" });
  private readonly reopening = el("section", { class: "reopening", hidden: true });
  private readonly problem = problemLine();
  private last = "";

  constructor(
    private readonly desk: Desk,
    private readonly id: number,
  ) {}

  build(body: HTMLElement): Stop {
    const { desk, id } = this;
    const state = el("div");
    const office = reportOffice(desk, id);
    this.fillReopening();
    const live = follow(
      desk,
      "reports",
      state,
      () => this.fetch(),
      (found) => {
        const now = JSON.stringify(found);
        if (now === this.last) return;
        this.last = now;
        this.showHead(found);
        this.steps.replaceChildren(...found.steps.map((step) => this.step(found, step)));
        this.reopening.hidden = !found.acts.includes("reopen");
        office.show(found);
      },
    );
    body.append(
      state,
      this.head,
      el("h4", { text: "report.steps" }),
      this.steps,
      this.problem.element,
      this.reopening,
      office.element,
    );
    return live.stop;
  }

  private async fetch(): Promise<Report> {
    const { api, names } = this.desk;
    const path = { number: this.id };
    const [found] = await Promise.all([
      api.take(api.http.GET("/api/v1/reports/{number}", { params: { path } })),
      names.services(),
    ]);
    return found;
  }

  private showHead(one: Report): void {
    const { desk } = this;
    const service = serviceWord(desk, one.service);
    const place = desk.names.place([one.x, one.z]);
    const where = [place, one.address ?? ""].filter((part) => part !== "").join(" · ");
    const expected = one.expected_at;
    this.head.replaceChildren(
      el(
        "p",
        { class: "chips" },
        chip(statusWord(one.status), statusTone(one.status)),
        one.mine ? chip(text("report.mine_word"), "fresh") : null,
        el("span", { class: "soft" }, service),
      ),
      el("p", { class: "soft" }, text("report.number", { number: one.id, when: momentOf(one.submitted_at) })),
      one.description === null ? this.gone(one, "description") : written(one.description),
      this.photo(one),
      expected === null || !one.open
        ? ""
        : el("p", {}, text("report.expected", { when: fullMoment(expected) })),
      whereLine(desk, where, one, service),
    );
  }

  private photo(one: Report): HTMLElement | string {
    if (one.photo === null) {
      return one.redactions.some(({ part }) => part === "photo") ? this.gone(one, "photo") : "";
    }
    const image = el("img", { class: "photo", attributes: { src: one.photo, loading: "lazy" } });
    image.alt = text("report.photo_alt");
    return image;
  }

  private gone(one: Report, part: "description" | "photo"): HTMLElement {
    const reason = one.redactions.find((gone) => gone.part === part)?.reason ?? "";
    return el("p", { class: "note" }, text("hall.hidden", { reason }));
  }

  private step(one: Report, step: ReportStep): HTMLElement {
    const note = noteOf(step);
    const hidden = one.redactions.find((gone) => gone.part === "note" && gone.step === step.id);
    return el(
      "li",
      {},
      chip(stepWord(step.step), statusTone(step.status)),
      el(
        "small",
        {},
        `${momentOf(step.at)} · ${text(step.by_reporter ? "report.by_reporter" : "report.by_office")}`,
      ),
      note === "" ? null : written(note),
      hidden ? el("p", { class: "soft" }, text("hall.hidden", { reason: hidden.reason })) : null,
      note !== "" && one.acts.includes("hide") ? this.hideNote(step) : null,
    );
  }

  private hideNote(step: ReportStep): HTMLElement {
    const { desk, id } = this;
    const control = button({
      class: "plain",
      caption: "report.hide_note",
      onclick: () => void attempt(control, this.problem.say, () => hidePart(desk, id, "note", step.id)),
    });
    return control;
  }

  private fillReopening(): void {
    const { desk, id } = this;
    const name = `reopen-${id}`;
    const words = area({
      id: "report-reopen",
      label: "report.reopen",
      hint: "report.reopen_hint",
      value: desk.drafts.get(name).text ?? "",
      most: LONGEST,
      rows: 3,
      typed: (value) => desk.drafts.put(name, { text: value }),
    });
    const send = submitButton("report.reopen_send");
    const act = () => {
      const said = words.needed();
      if (said === null) return;
      void attempt(send, words.say, async () => {
        const params = { path: { number: id } };
        const body = { step: "reopen" as const, note_ko: said };
        await desk.api.take(desk.api.http.POST("/api/v1/reports/{number}/steps", { params, body }));
        desk.drafts.drop(name);
        words.input.value = "";
        desk.tell(text("report.reopened"));
        desk.city.topics.tell("reports");
      });
    };
    this.reopening.replaceChildren(form(act, words.element, send));
  }
}
