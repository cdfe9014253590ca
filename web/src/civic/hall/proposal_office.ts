/** What officers do with a proposal: answer it, set its state, open a vote on it, hide it. */

import type { Schemas } from "../../api/client";
import { type Key, text } from "../../i18n";
import { button, el } from "../../ui/dom";
import { attempt, form, problemLine, submitButton } from "../../ui/form";
import { type Desk, mayDo } from "./desk";
import { area, select } from "./parts";
import { type Proposal, type ProposalState, stateWord } from "./proposal_words";
import { askReason } from "./reason";
import { voteForm } from "./vote_form";

type AnswerState = Schemas["AnswerIn"]["state"];

const LONGEST = 4000;
/** Where an answer may take a proposal. The server has the last word. */
const NEXT: Readonly<Partial<Record<ProposalState, readonly AnswerState[]>>> = {
  open: ["under_review"],
  under_review: ["accepted", "declined", "done"],
  accepted: ["done"],
};

export class ProposalOffice {
  readonly element = el("section", { class: "office", label: "hall.office", hidden: true });
  private readonly problem = problemLine();
  private last = "";

  constructor(
    private readonly desk: Desk,
    private readonly id: number,
  ) {}

  show(one: Proposal): void {
    const { desk, element } = this;
    // An officer in the middle of an answer is left in peace when somebody supports meanwhile.
    const now = JSON.stringify([one.state, one.acts, one.vote, mayDo(desk, "open_vote")]);
    if (now === this.last) return;
    this.last = now;
    const may = (what: Proposal["acts"][number]) => one.acts.includes(what);
    const next = NEXT[one.state] ?? [];
    element.hidden = !may("answer") && !may("hide") && !may("show");
    if (element.hidden) return;
    element.replaceChildren(
      el("h4", { text: "hall.office" }),
      may("answer") && next.length > 0 ? answerForm(desk, one, next) : "",
      this.problem.element,
      el(
        "div",
        { class: "acts" },
        this.voteButton(one),
        may("hide") && this.button("hall.hide", () => this.hide()),
        may("show") && this.button("hall.unhide", () => this.unhide()),
      ),
    );
  }

  private voteButton(one: Proposal): HTMLElement | null {
    const { desk } = this;
    if (!mayDo(desk, "open_vote") || one.vote !== null || one.hidden !== null) return null;
    const onclick = () => desk.pages.go(voteForm(desk, one));
    return button({ class: "small", icon: "ballot", caption: "vote.open_on", onclick });
  }

  private button(caption: Key, work: () => Promise<unknown>): HTMLElement {
    const onclick = () => void attempt(control, this.problem.say, work);
    const control = button({ class: "small", caption, onclick });
    return control;
  }

  private async hide(): Promise<void> {
    const reason = await askReason("hall.hide");
    if (reason === null) return;
    const { api } = this.desk;
    const params = { path: { number: this.id } };
    await api.take(api.http.POST("/api/v1/proposals/{number}/hide", { params, body: { reason } }));
    this.desk.city.topics.tell("proposals");
  }

  private async unhide(): Promise<void> {
    const { api } = this.desk;
    const params = { path: { number: this.id } };
    await api.take(api.http.DELETE("/api/v1/proposals/{number}/hide", { params }));
    this.desk.city.topics.tell("proposals");
  }
}

function answerForm(desk: Desk, one: Proposal, next: readonly AnswerState[]): HTMLElement {
  const name = `answer-${one.id}`;
  // All of it is a draft: when somebody else's act draws the form anew, it stands as the officer left it.
  let draft = { text: "", state: "", ...desk.drafts.get(name) };
  const keep = (changed: Partial<typeof draft>) => {
    draft = { ...draft, ...changed };
    desk.drafts.put(name, draft);
  };
  let state = next.find((one) => one === draft.state) ?? (next[0] as AnswerState);
  const problem = problemLine();
  const words = area({
    id: "proposal-answer",
    label: "proposal.answer",
    hint: "proposal.answer_hint",
    value: draft.text,
    most: LONGEST,
    rows: 4,
    typed: (value) => keep({ text: value }),
  });
  const options = next.map((value) => ({ value, title: stateWord(value) }));
  const send = submitButton("proposal.answer_send");
  const act = () => {
    const typed = words.input.value.trim();
    const said = state === "under_review" && typed === "" ? "" : words.needed();
    if (said === null) return;
    void attempt(send, problem.say, async () => {
      const params = { path: { number: one.id } };
      const sent = draft;
      await desk.api.take(
        desk.api.http.POST("/api/v1/proposals/{number}/answer", { params, body: { state, text: said } }),
      );
      desk.drafts.sent(name, sent);
      desk.tell(text("proposal.answered"));
      desk.city.topics.tell("proposals");
    });
  };
  return form(
    act,
    el(
      "div",
      { class: "line-field" },
      el("b", { text: "proposal.next_state" }),
      select("proposal.next_state", options, state, (value) => {
        state = value;
        keep({ state });
      }),
    ),
    words.element,
    problem.element,
    send,
  );
}
