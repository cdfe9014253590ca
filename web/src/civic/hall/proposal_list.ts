/** The counter of proposals: what was proposed, in order and by filters. */

import { distance, type Key, text } from "../../i18n";
import { button, el } from "../../ui/dom";
import { attempt, problemLine } from "../../ui/form";
import type { Stop } from "../../value";
import { boxAround, type Desk, mayDo, myNumber, standing } from "./desk";
import { follow } from "./live";
import { filters, row, select, wordButton } from "./parts";
import { proposalForm } from "./proposal_form";
import { type ProposalLine, type ProposalState, STATES, stateWord, titleOf } from "./proposal_words";

type Whose = "all" | "near" | "mine" | "due";
type Sort = "newest" | "most_supported";

/** Metres round me that count as near. */
const NEAR = 500;
const PAGE = 20;
/** Pages that are fetched anew when something changed. */
const MOST_PAGES = 5;

const WHOSE: Readonly<Record<Whose, Key>> = {
  all: "hall.all",
  near: "hall.near_me",
  mine: "hall.mine",
  due: "proposal.due",
};

/** What is asked for; it stays while the page stands, so that the way back leads to the same list. */
export class ProposalList {
  private whose: Whose = "all";
  private sort: Sort = "newest";
  private state: ProposalState | "any" = "any";
  private wanted = 1;
  private cursor: string | null = null;

  constructor(private readonly desk: Desk) {}

  /** What is near me, from the next time on. */
  showNear(): void {
    this.whose = "near";
  }

  build(body: HTMLElement): Stop {
    const { desk } = this;
    const list = el("ul");
    const state = el("div");
    const problem = problemLine();
    const more = button({ class: "second more", caption: "hall.more", hidden: true, onclick: () => older() });
    const live = follow(
      desk,
      "proposals",
      state,
      () => this.fetch(),
      (found) => {
        list.replaceChildren(...(found.length === 0 ? [this.nothing()] : found.map((one) => this.row(one))));
        more.hidden = this.cursor === null || this.wanted >= MOST_PAGES;
      },
    );
    const anew = () => {
      this.wanted = 1;
      live.again();
    };
    const older = () =>
      void attempt(more, problem.say, async () => {
        this.wanted += 1;
        live.again();
      });
    body.append(
      this.tools(anew),
      el("div", { class: "rows hall-rows" }, state, list, problem.element, more),
      el(
        "div",
        { class: "sheet-foot" },
        button({
          class: "enter compact",
          icon: "plus",
          caption: "proposal.write",
          onclick: () => desk.pages.go(proposalForm(desk)),
        }),
      ),
    );
    return live.stop;
  }

  private tools(anew: () => void): HTMLElement {
    const { desk } = this;
    const shown: Whose[] = ["all", "near"];
    if (myNumber(desk) !== null) shown.push("mine");
    if (mayDo(desk, "answer_proposal")) shown.push("due");
    if (!shown.includes(this.whose)) this.whose = "all";
    const states = STATES.filter((one) => one !== "withdrawn");
    return el(
      "div",
      { class: "hall-tools" },
      filters(
        "hall.filter",
        shown.map((value) => ({ value, title: WHOSE[value] })),
        this.whose,
        (value) => {
          this.whose = value;
          anew();
        },
      ),
      el(
        "div",
        { class: "pair" },
        select(
          "hall.sort",
          [
            { value: "newest", title: text("hall.newest") },
            { value: "most_supported", title: text("proposal.most_supported") },
          ],
          this.sort,
          (value: Sort) => {
            this.sort = value;
            anew();
          },
        ),
        select(
          "hall.state",
          [
            { value: "any", title: text("hall.any_state") },
            ...states.map((value) => ({ value, title: stateWord(value) })),
          ],
          this.state,
          (value: ProposalState | "any") => {
            this.state = value;
            anew();
          },
        ),
      ),
    );
  }

  private async fetch(): Promise<readonly ProposalLine[]> {
    const found: ProposalLine[] = [];
    this.cursor = null;
    for (let page = 0; page < this.wanted; page += 1) {
      const next = await this.page(this.cursor);
      found.push(...next.proposals);
      this.cursor = next.cursor;
      if (next.cursor === null) break;
    }
    return found;
  }

  private page(cursor: string | null) {
    const { api } = this.desk;
    const query = {
      sort: this.sort,
      state: this.state === "any" ? undefined : [this.state],
      mine: this.whose === "mine" || undefined,
      due: this.whose === "due" || undefined,
      bbox: this.whose === "near" ? boxAround(standing(this.desk), NEAR) : undefined,
      cursor: cursor ?? undefined,
      limit: PAGE,
    };
    return api.take(api.http.GET("/api/v1/proposals", { params: { query } }));
  }

  private row(one: ProposalLine): HTMLElement {
    const { desk } = this;
    const [x, z] = standing(desk);
    const title = titleOf(one);
    const details = [
      stateWord(one.state),
      text("proposal.supports_short", { supports: one.supports, needed: one.needed }),
      distance(Math.hypot(one.x - x, one.z - z)),
    ];
    if (one.due) details.unshift(text("proposal.due_word"));
    return row({
      id: `proposal-${one.id}`,
      icon: "idea",
      kind: "proposal",
      title,
      details: [details.join(" · ")],
      open: () => desk.pages.go(desk.proposal(one.id)),
      act: wordButton(text("hall.go"), text("hall.go_to", { title }), () => desk.goTo([one.x, one.z], title)),
    });
  }

  private nothing(): HTMLElement {
    const key: Key = this.whose === "near" ? "proposal.none_near" : "proposal.none";
    return el("li", { class: "nothing" }, text(key));
  }
}
