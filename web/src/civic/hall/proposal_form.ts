/** Writing a proposal, or one's own anew as long as nobody supports it. */

import type { Schemas } from "../../api/client";
import { uuid7 } from "../../api/uuid";
import { chosen, text } from "../../i18n";
import { button, el } from "../../ui/dom";
import { attempt, type Field, field, form, problemLine, submitButton, wordsOf } from "../../ui/form";
import type { SheetPage } from "../../ui/pages";
import { type Desk, myNumber, standing } from "./desk";
import { type Area, area, ask, select, signInFirst } from "./parts";
import { type ChosenPlace, type PlaceField, placeField, placeOf, placeText } from "./place_field";
import type { Proposal } from "./proposal_words";

const LONGEST_TITLE = 80;
const LONGEST_TEXT = 4000;
type CategoryCode = Schemas["ProposalIn"]["category"];

/**
 * @param old The proposal to be edited; without it a new one.
 * @param start The place that a new one begins with; without it where I stand.
 */
export function proposalForm(
  desk: Desk,
  old: Proposal | null = null,
  start: ChosenPlace | null = null,
): SheetPage {
  const page: SheetPage = {
    title: old === null ? "proposal.write" : "proposal.edit",
    back: () => (old === null ? desk.home("proposals") : desk.pages.go(desk.proposal(old.id))),
    build: (body) => {
      new Writing(desk, old, page, start).build(body);
      return undefined;
    },
  };
  return page;
}

class Writing {
  private readonly name: string;
  private readonly values: { title: string; text: string; category: string; place: string };
  /** Of this very text: sent twice, it is proposed once. */
  private key = uuid7();

  constructor(
    private readonly desk: Desk,
    private readonly old: Proposal | null,
    private readonly page: SheetPage,
    private readonly start: ChosenPlace | null,
  ) {
    this.name = old === null ? "proposal" : `proposal-${old.id}`;
    const kept = desk.drafts.get(this.name);
    this.values = {
      title: kept.title ?? old?.title ?? "",
      text: kept.text ?? old?.text ?? "",
      category: kept.category ?? old?.category ?? "other",
      place: kept.place ?? "",
    };
  }

  build(body: HTMLElement): void {
    const { desk } = this;
    const [title, words, place] = [this.titleField(), this.textArea(), this.placeChoice()];
    const category = el("div", { class: "line-field" });
    void this.fillCategories(category);
    const problem = problemLine();
    const send = submitButton(this.old === null ? "proposal.send" : "hall.save");
    const act = () => {
      const named = title.input.value.trim();
      if (named === "") return title.say(text("hall.empty"));
      const said = words.needed();
      if (said === null) return undefined;
      if (myNumber(desk) === null) return desk.signIn(this.page);
      void attempt(send, problem.say, () => this.send(named, said, place.value()));
      return undefined;
    };
    body.append(
      signInFirst(desk),
      form(
        act,
        title.element,
        category,
        words.element,
        place.element,
        el("p", { class: "soft", text: "proposal.public" }),
        problem.element,
        send,
        button({ class: "plain", caption: "hall.discard", onclick: () => void this.discard() }),
      ),
    );
  }

  private titleField(): Field {
    const title = field({
      id: "proposal-title",
      label: "proposal.title",
      hint: "proposal.title_hint",
      value: this.values.title,
      first: true,
      attributes: { maxlength: String(LONGEST_TITLE * 2) },
    });
    title.input.addEventListener("input", () => this.keep({ title: title.input.value }));
    return title;
  }

  private textArea(): Area {
    return area({
      id: "proposal-text",
      label: "proposal.text",
      hint: "proposal.text_hint",
      value: this.values.text,
      most: LONGEST_TEXT,
      rows: 7,
      typed: (value) => this.keep({ text: value }),
    });
  }

  private placeChoice(): PlaceField {
    return placeField(this.desk, {
      id: "proposal-place",
      kinds: this.old === null ? ["here", "hall", "map"] : ["kept", "here", "map"],
      start: this.startPlace(),
      changed: (chosenPlace) => this.keep({ place: placeText(chosenPlace) }),
    });
  }

  private async fillCategories(place: HTMLElement): Promise<void> {
    const { desk, values } = this;
    const found = await desk.names.categories().catch((error: unknown) => {
      place.append(el("p", { class: "problem" }, wordsOf(error)));
      return [];
    });
    // Without the list it goes where everything else goes.
    if (found.length === 0) return;
    const options = found.map(({ code, name }) => ({ value: code, title: chosen(name) }));
    place.replaceChildren(
      el("label", {}, el("b", { text: "proposal.category" })),
      select("proposal.category", options, values.category, (category) => this.keep({ category })),
    );
  }

  private startPlace(): ChosenPlace {
    if (this.start !== null) return this.start;
    const kept = placeOf(this.values.place);
    if (kept !== null) return kept;
    if (this.old !== null) return { kind: "kept", point: [this.old.x, this.old.z] };
    return { kind: "here", point: standing(this.desk) };
  }

  private keep(change: Partial<Writing["values"]>): void {
    Object.assign(this.values, change);
    this.key = uuid7();
    const { title, text: said, category, place } = this.values;
    // A place or a category alone is nothing that anybody wrote.
    if (title.trim() === "" && said.trim() === "") this.desk.drafts.drop(this.name);
    else this.desk.drafts.put(this.name, { title, text: said, category, place });
  }

  private async send(title: string, said: string, { kind, point }: ChosenPlace): Promise<void> {
    const { desk, old } = this;
    const { http } = desk.api;
    const body = {
      title,
      text: said,
      category: this.values.category as CategoryCode,
      place: point === null || kind === "kept" ? null : { x: point[0], z: point[1] },
    };
    const header = { "Idempotency-Key": this.key };
    const made = await desk.api.take(
      old === null
        ? http.POST("/api/v1/proposals", { params: { header }, body })
        : http.PUT("/api/v1/proposals/{number}", { params: { path: { number: old.id } }, body }),
    );
    desk.drafts.drop(this.name);
    desk.tell(text(old === null ? "proposal.sent" : "hall.saved"));
    desk.pages.go(desk.proposal(made.id));
  }

  private async discard(): Promise<void> {
    const { title, text: said } = this.values;
    const isWritten = title.trim() !== "" || said.trim() !== "";
    if (isWritten && !(await ask("hall.discard_sure", "hall.discard"))) return;
    this.desk.drafts.drop(this.name);
    this.page.back?.();
  }
}
