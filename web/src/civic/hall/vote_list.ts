/** The counter of votes: open ones first, then what was decided; and checking a receipt. */

import { chosen, type Key, text } from "../../i18n";
import { button, el } from "../../ui/dom";
import type { Stop } from "../../value";
import { checkPage } from "./check_page";
import { type Desk, mayDo } from "./desk";
import { follow } from "./live";
import { filters, row } from "./parts";
import { voteForm } from "./vote_form";
import { count, stateWord, timeWord, type VoteLine } from "./vote_words";

type Which = "all" | "open" | "mine" | "over";

const WHICH: readonly { readonly value: Which; readonly title: Key }[] = [
  { value: "all", title: "hall.all" },
  { value: "open", title: "vote.open_ones" },
  { value: "mine", title: "vote.mine" },
  { value: "over", title: "vote.over" },
];
const FITS: Readonly<Record<Which, (vote: VoteLine) => boolean>> = {
  all: () => true,
  open: ({ state }) => state === "open" || state === "scheduled",
  mine: (vote) => vote.has_voted,
  over: ({ state }) => state === "closed" || state === "counting" || state === "cancelled",
};

export class VoteList {
  private which: Which = "all";
  private found: readonly VoteLine[] = [];

  constructor(private readonly desk: Desk) {}

  build(body: HTMLElement): Stop {
    const { desk } = this;
    const list = el("ul");
    const state = el("div");
    const fill = () => {
      const rows = this.found.filter(FITS[this.which]).map((vote) => this.row(vote));
      list.replaceChildren(
        ...(rows.length === 0 ? [el("li", { class: "nothing", text: "vote.none" })] : rows),
      );
    };
    const live = follow(
      desk,
      "votes",
      state,
      () => this.fetch(),
      (found) => {
        this.found = found;
        fill();
      },
    );
    const tools = filters("hall.filter", WHICH, this.which, (which) => {
      this.which = which;
      fill();
    });
    const check = button({
      class: "second",
      icon: "shield",
      caption: "check.title",
      onclick: () => desk.pages.go(checkPage(desk)),
    });
    const open = button({
      class: "second",
      icon: "plus",
      caption: "vote.write",
      onclick: () => desk.pages.go(voteForm(desk)),
    });
    body.append(
      el("div", { class: "hall-tools" }, tools),
      el("div", { class: "rows hall-rows" }, state, list),
      el("div", { class: "sheet-foot" }, mayDo(desk, "open_vote") ? open : null, check),
    );
    return live.stop;
  }

  private async fetch(): Promise<readonly VoteLine[]> {
    const { api } = this.desk;
    const found = await api.take(api.http.GET("/api/v1/votes"));
    // What can still be voted on comes first; of those what closes first.
    const isOpen = (vote: VoteLine) => vote.state === "open";
    return [...found].sort((a, b) => {
      if (isOpen(a) !== isOpen(b)) return isOpen(a) ? -1 : 1;
      return isOpen(a) ? a.closes - b.closes : b.id - a.id;
    });
  }

  private row(vote: VoteLine): HTMLElement {
    const { desk } = this;
    const details = [
      vote.has_voted ? text("vote.voted_word") : stateWord(vote.state),
      timeWord(vote),
      text("vote.turnout", { count: count(vote.turnout) }),
    ];
    return row({
      id: `vote-${vote.id}`,
      icon: "ballot",
      kind: "vote",
      title: chosen(vote.title),
      details: [details.join(" · ")],
      open: () => desk.pages.go(desk.vote(vote.id)),
    });
  }
}
