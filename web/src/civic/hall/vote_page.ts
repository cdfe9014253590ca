/** A vote: what is asked, when it closes, how it ended; the way to the ballot and to the receipt. */

import { chosen, text } from "../../i18n";
import { button, el } from "../../ui/dom";
import { attempt, problemLine } from "../../ui/form";
import type { SheetPage } from "../../ui/pages";
import type { Stop } from "../../value";
import { momentOf } from "../money";
import { ballotPage } from "./ballot_page";
import { checkPage } from "./check_page";
import { type Desk, mayDo, myNumber } from "./desk";
import { honest } from "./honest";
import { follow } from "./live";
import { chip, written } from "./parts";
import { askReason } from "./reason";
import { receiptPage } from "./receipt_page";
import { keptReceipt } from "./receipts";
import { results } from "./vote_results";
import { count, stateTone, stateWord, timeWord, type Vote } from "./vote_words";

/** The clock of an open vote is read anew this often, ms. */
const TICK = 5_000;

/** Whether a vote should have opened, closed or been counted since it was fetched. */
function isOverdue({ state, opens, closes }: Vote, now: number = Date.now() / 1000): boolean {
  return (
    state === "counting" || (state === "scheduled" && now >= opens) || (state === "open" && now >= closes)
  );
}

export function votePage(desk: Desk, id: number): SheetPage {
  const page: SheetPage = {
    title: "vote.one",
    back: () => desk.home("votes"),
    build: (body) => {
      return new VoteView(desk, id, page).build(body);
    },
  };
  return page;
}

class VoteView {
  private readonly view = el("div", { class: "stack" });
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
    const path = { number: id };
    const fetch = () => desk.api.take(desk.api.http.GET("/api/v1/votes/{number}", { params: { path } }));
    let shown: Vote | null = null;
    const live = follow(desk, "votes", state, fetch, (vote) => {
      shown = vote;
      this.show(vote);
    });
    body.append(state, this.view, this.problem.element);
    // Only where time has changed what it is, the server is asked again.
    const clock = setInterval(() => {
      if (shown !== null && isOverdue(shown)) live.again();
      else if (shown !== null) this.show(shown);
    }, TICK);
    return () => {
      clearInterval(clock);
      live.stop();
    };
  }

  private show(vote: Vote): void {
    const now = JSON.stringify(vote) + timeWord(vote);
    if (now === this.last) return;
    this.last = now;
    const focused = this.view.contains(document.activeElement) ? document.activeElement?.id : "";
    this.view.replaceChildren(
      el(
        "p",
        { class: "chips" },
        chip(stateWord(vote.state), stateTone(vote.state)),
        vote.has_voted ? chip(text("vote.voted_word"), "done") : null,
        el("span", { class: "soft" }, timeWord(vote)),
      ),
      el("h4", {}, chosen(vote.title)),
      el(
        "p",
        { class: "soft" },
        text("vote.from_to", { opens: momentOf(vote.opens), closes: momentOf(vote.closes) }),
      ),
      chosen(vote.about) === "" ? "" : written(chosen(vote.about)),
      ...this.middle(vote),
      ...this.links(vote),
      this.office(vote),
      honest(),
    );
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  private middle(vote: Vote): (Node | string)[] {
    const { ending } = vote;
    if (ending !== null) return [results(vote)];
    const options = vote.options.map((option) => el("li", {}, chosen(option)));
    const turnout = text("vote.turnout_now", { count: count(vote.turnout) });
    return [
      el("ul", { class: "options", label: "vote.options" }, ...options),
      el("p", { class: "soft" }, turnout),
      this.wayToBallot(vote),
    ];
  }

  private wayToBallot(vote: Vote): HTMLElement | string {
    const { desk } = this;
    if (vote.state !== "open") return "";
    if (vote.has_voted) return el("p", { class: "note" }, text("vote.voted"));
    const isVisitor = myNumber(desk) === null;
    if (!isVisitor && !vote.may_vote) return el("p", { class: "note" }, text("vote.not_elector"));
    return button({
      id: "vote-go",
      class: "enter compact",
      icon: "ballot",
      caption: "vote.go",
      onclick: () => (isVisitor ? desk.signIn(this.page) : desk.pages.go(ballotPage(desk, vote))),
    });
  }

  private links(vote: Vote): (Node | string)[] {
    const { desk } = this;
    const kept = keptReceipt(localStorage, vote.id);
    const proposal = vote.proposal;
    return [
      kept === null
        ? ""
        : button({
            class: "second",
            icon: "receipt",
            caption: "receipts.open",
            onclick: () => desk.pages.go(receiptPage(desk, vote, kept)),
          }),
      button({
        class: "second",
        icon: "shield",
        caption: vote.state === "closed" ? "check.this" : "check.title",
        onclick: () => desk.pages.go(checkPage(desk, vote.id)),
      }),
      proposal === null
        ? ""
        : button({
            class: "second",
            icon: "idea",
            caption: "vote.to_proposal",
            onclick: () => desk.pages.go(desk.proposal(proposal)),
          }),
    ];
  }

  private office(vote: Vote): HTMLElement | string {
    const { desk } = this;
    const isRunning = vote.state === "open" || vote.state === "scheduled";
    if (!isRunning || !mayDo(desk, "open_vote")) return "";
    const cancel = button({
      class: "small danger",
      caption: "vote.cancel",
      onclick: () =>
        void attempt(cancel, this.problem.say, async () => {
          const reason = await askReason("vote.cancel");
          if (reason === null) return;
          const params = { path: { number: vote.id } };
          await desk.api.take(
            desk.api.http.POST("/api/v1/votes/{number}/cancel", { params, body: { reason } }),
          );
          desk.tell(text("vote.cancelled"));
          desk.city.topics.tell("votes");
        }),
    });
    return el(
      "section",
      { class: "office" },
      el("h4", { text: "hall.office" }),
      el("p", { class: "soft", text: "vote.cancel_hint" }),
      cancel,
    );
  }
}
