/** A proposal: what it says, who supports it, what is said about it, and what an officer answered. */

import { chosen, text } from "../../i18n";
import { button, el } from "../../ui/dom";
import { attempt, problemLine } from "../../ui/form";
import type { SheetPage } from "../../ui/pages";
import type { Stop } from "../../value";
import { momentOf } from "../money";
import { commentSection } from "./comments";
import { type Desk, myNumber } from "./desk";
import { follow } from "./live";
import { ask, chip, whereLine, written } from "./parts";
import { proposalForm } from "./proposal_form";
import { ProposalOffice } from "./proposal_office";
import { authorOf, type Proposal, stateTone, stateWord, titleOf } from "./proposal_words";

export function proposalPage(desk: Desk, id: number): SheetPage {
  const page: SheetPage = {
    title: "proposal.one",
    back: () => desk.home("proposals"),
    build: (body) => {
      return new ProposalView(desk, id, page).build(body);
    },
  };
  return page;
}

class ProposalView {
  private readonly head = el("div", { class: "stack" });
  private readonly support = el("section", { class: "support" });
  private readonly answers = el("section", { class: "answers" });
  private readonly acts = el("div", { class: "acts" });
  private readonly problem = problemLine();
  private last = "";

  constructor(
    private readonly desk: Desk,
    private readonly id: number,
    private readonly page: SheetPage,
  ) {}

  build(body: HTMLElement): Stop {
    const { desk, id } = this;
    const state = el("div");
    const office = new ProposalOffice(desk, id);
    const comments = commentSection(desk, id, this.page);
    const live = follow(
      desk,
      "proposals",
      state,
      () => this.fetch(),
      (found) => {
        // The same again: whoever stands on a button keeps standing there.
        const now = JSON.stringify(found);
        if (now === this.last) return;
        this.last = now;
        this.show(found);
        office.show(found);
        comments.show(found.acts.includes("comment") || myNumber(desk) === null, found.acts.includes("hide"));
      },
    );
    body.append(state, this.head, this.support, this.problem.element, this.answers);
    body.append(office.element, comments.element, this.acts);
    const stops = [live.stop, comments.stop];
    return () => {
      for (const stop of stops) stop();
    };
  }

  private async fetch(): Promise<Proposal> {
    const { api, names } = this.desk;
    const path = { number: this.id };
    const [found] = await Promise.all([
      api.take(api.http.GET("/api/v1/proposals/{number}", { params: { path } })),
      names.categories(),
    ]);
    return found;
  }

  private show(one: Proposal): void {
    const { desk } = this;
    const title = titleOf(one);
    const when = text("hall.by", { author: authorOf(one.author), when: momentOf(one.made_at) });
    const edited =
      one.edited_at === null ? "" : ` · ${text("hall.edited", { when: momentOf(one.edited_at) })}`;
    const place = desk.names.place([one.x, one.z]);
    this.head.replaceChildren(
      el(
        "p",
        { class: "chips" },
        chip(stateWord(one.state), stateTone(one.state)),
        one.due ? chip(text("proposal.due_word"), "alert") : null,
        el("span", { class: "soft" }, chosen(desk.names.of("category", one.category))),
      ),
      el("h4", {}, title),
      el("p", { class: "soft" }, when + edited),
      one.hidden === null ? "" : el("p", { class: "note" }, text("hall.hidden", { reason: one.hidden })),
      one.text === "" ? "" : written(one.text),
      whereLine(desk, place, one, title),
    );
    this.showSupport(one);
    this.showAnswers(one);
    this.showActs(one);
  }

  private showSupport(one: Proposal): void {
    const { desk } = this;
    const share = Math.min(1, one.supports / one.needed);
    const left = Math.max(0, one.needed - one.supports);
    const meter = el("progress", {
      label: "proposal.progress",
      attributes: { max: String(one.needed), value: String(Math.min(one.supports, one.needed)) },
    });
    const isOpen = one.acts.includes("support") || one.acts.includes("take_support_back");
    const heart = button({
      class: one.supported ? "second is-on" : "enter compact",
      icon: "heart",
      caption: one.supported ? "proposal.take_back" : "proposal.support",
      id: "proposal-support",
      hidden: !isOpen && myNumber(desk) !== null,
      onclick: () => void this.toggle(heart, one),
    });
    const undecided = one.state === "open" || one.state === "under_review";
    const had = document.activeElement?.id === "proposal-support";
    this.support.replaceChildren(
      el(
        "p",
        {},
        el("b", {}, text("proposal.supports", { count: one.supports })),
        " ",
        el("span", { class: "soft" }, text(share < 1 ? "proposal.needs" : "proposal.reached", { left })),
      ),
      meter,
      undecided ? heart : "",
    );
    if (had) heart.focus({ preventScroll: true });
  }

  private async toggle(heart: HTMLButtonElement, one: Proposal): Promise<void> {
    const { desk } = this;
    if (myNumber(desk) === null) return desk.signIn(this.page);
    const path = { number: one.id };
    const { http } = desk.api;
    await attempt(heart, this.problem.say, async () => {
      const support = "/api/v1/proposals/{number}/support";
      await desk.api.take(
        one.supported ? http.DELETE(support, { params: { path } }) : http.PUT(support, { params: { path } }),
      );
      desk.city.topics.tell("proposals");
    });
  }

  private showAnswers(one: Proposal): void {
    const link = one.vote;
    const toVote =
      link === null
        ? ""
        : button({
            class: "second",
            icon: "ballot",
            caption: "proposal.to_vote",
            onclick: () => this.desk.pages.go(this.desk.vote(link)),
          });
    const list = one.answers.map((answer) =>
      el(
        "li",
        {},
        chip(stateWord(answer.state), stateTone(answer.state)),
        el("small", {}, momentOf(answer.at)),
        answer.text === "" ? null : written(answer.text),
      ),
    );
    this.answers.hidden = list.length === 0 && link === null;
    this.answers.replaceChildren(
      el("h4", { text: "proposal.answers" }),
      el("ol", { class: "steps" }, ...list),
      toVote,
    );
  }

  private showActs(one: Proposal): void {
    const { desk } = this;
    const may = (act: Proposal["acts"][number]) => one.acts.includes(act);
    this.acts.replaceChildren(
      may("edit")
        ? button({
            class: "small",
            caption: "proposal.edit",
            onclick: () => desk.pages.go(proposalForm(desk, one)),
          })
        : "",
      may("withdraw")
        ? button({
            class: "small",
            caption: "proposal.withdraw",
            onclick: ({ currentTarget }) => void this.withdraw(currentTarget as HTMLElement),
          })
        : "",
    );
  }

  private async withdraw(control: HTMLElement): Promise<void> {
    const { desk, id } = this;
    if (!(await ask("proposal.withdraw_sure", "proposal.withdraw"))) return;
    await attempt(control, this.problem.say, async () => {
      const path = { number: id };
      await desk.api.take(desk.api.http.DELETE("/api/v1/proposals/{number}", { params: { path } }));
      desk.tell(text("proposal.withdrawn"));
      desk.home("proposals");
    });
  }
}
