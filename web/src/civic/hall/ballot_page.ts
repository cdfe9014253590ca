/** Casting a ballot: mark, look it over, cast, and take the receipt home. */

import { chosen, text } from "../../i18n";
import { button, el } from "../../ui/dom";
import { attempt, form, problemLine, submitButton } from "../../ui/form";
import type { SheetPage } from "../../ui/pages";
import { ballotKey, forgetBallotKey } from "./ballot_key";
import type { Desk } from "./desk";
import { honest } from "./honest";
import { receiptCard } from "./receipt_page";
import { type Receipt, receiptText } from "./receipts";
import type { Vote } from "./vote_words";

export function ballotPage(desk: Desk, vote: Vote): SheetPage {
  return new Ballot(desk, vote).markPage();
}

class Ballot {
  private readonly marked = new Set<number>();

  constructor(
    private readonly desk: Desk,
    private readonly vote: Vote,
  ) {}

  markPage(): SheetPage {
    const { desk, vote } = this;
    return {
      title: "ballot.mark",
      back: () => desk.pages.go(desk.vote(vote.id)),
      build: (body) => {
        const boxes = vote.options.map((_, index) => this.box(index));
        boxes[0]?.querySelector("input")?.setAttribute("data-first", "");
        const next = submitButton("ballot.next");
        body.append(
          form(
            () => desk.pages.go(this.lookPage()),
            el(
              "fieldset",
              { class: "marks" },
              el("legend", {}, el("b", {}, chosen(vote.title)), el("small", { text: "ballot.how" })),
              ...boxes,
            ),
            next,
          ),
        );
        return undefined;
      },
    };
  }

  private box(index: number): HTMLElement {
    const { vote, marked } = this;
    const input = el("input", { attributes: { type: "checkbox", value: String(index) } });
    input.checked = marked.has(index);
    input.addEventListener("change", () => {
      if (input.checked) marked.add(index);
      else marked.delete(index);
    });
    const option = vote.options[index] ?? { ko: "", en: "" };
    return el("label", { class: "ballot-choice" }, input, el("span", {}, chosen(option)));
  }

  private get choices(): readonly number[] {
    return [...this.marked].sort((a, b) => a - b);
  }

  private lookPage(): SheetPage {
    const { desk, vote } = this;
    return {
      title: "ballot.look",
      back: () => desk.pages.go(this.markPage()),
      build: (body) => {
        const problem = problemLine();
        const names = this.choices.map((index) =>
          el("li", {}, chosen(vote.options[index] ?? { ko: "", en: "" })),
        );
        const cast = button({
          class: "enter compact",
          icon: "ballot",
          caption: names.length === 0 ? "ballot.cast_blank" : "ballot.cast",
          onclick: () => void attempt(cast, problem.say, () => this.cast()),
        });
        cast.dataset.first = "";
        body.append(
          el("h4", {}, chosen(vote.title)),
          el("p", { text: names.length === 0 ? "ballot.blank_note" : "ballot.chosen" }),
          el("ul", { class: "options chosen" }, ...names),
          el("p", { class: "soft", text: "ballot.final" }),
          problem.element,
          cast,
          button({
            class: "second",
            caption: "ballot.change",
            onclick: () => desk.pages.go(this.markPage()),
          }),
          honest(),
        );
        return undefined;
      },
    };
  }

  private async cast(): Promise<void> {
    const { desk, vote, choices } = this;
    const params = {
      path: { number: vote.id },
      header: { "Idempotency-Key": ballotKey(sessionStorage, vote.id, choices) },
    };
    const receipt = await desk.api.take(
      desk.api.http.POST("/api/v1/votes/{number}/ballots", { params, body: { choices: [...choices] } }),
    );
    forgetBallotKey(sessionStorage, vote.id, choices);
    desk.tell(text("ballot.done"));
    desk.pages.go(this.donePage(receipt));
    desk.city.topics.tell("votes");
  }

  private donePage(receipt: Receipt): SheetPage {
    const { desk, vote } = this;
    return {
      title: "ballot.done",
      back: () => desk.pages.go(desk.vote(vote.id)),
      build: (body) => {
        body.append(
          el("p", { text: "ballot.keep" }),
          ...receiptCard(desk, vote, receiptText(receipt)),
          button({ class: "plain", caption: "ballot.close", onclick: () => desk.home("votes") }),
        );
        return undefined;
      },
    };
  }
}
