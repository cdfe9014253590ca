/** The counter of proposals: what was proposed, in order and by filters. */

import { distance, type Key, text } from "../../i18n";
import { el } from "../../ui/dom";
import type { Stop } from "../../value";
import { boxAround, type Desk, mayDo, myNumber, standing } from "./desk";
import { type Listing, NEAR, PAGE, PagedList } from "./paged_list";
import { filters, row, select, wordButton } from "./parts";
import { proposalForm } from "./proposal_form";
import { type ProposalLine, type ProposalState, STATES, stateWord, titleOf } from "./proposal_words";

type Whose = "all" | "near" | "mine" | "due";
type Sort = "newest" | "most_supported";

const WHOSE: Readonly<Record<Whose, Key>> = {
  all: "hall.all",
  near: "hall.near_me",
  mine: "hall.mine",
  due: "proposal.due",
};

/** What is asked for; it stays while the page stands, so that the way back leads to the same list. */
export class ProposalList implements Listing<ProposalLine, string> {
  readonly topic = "proposals";
  readonly write: Listing<ProposalLine, string>["write"];
  private readonly list: PagedList<ProposalLine, string>;
  private whose: Whose = "all";
  private sort: Sort = "newest";
  private state: ProposalState | "any" = "any";

  constructor(private readonly desk: Desk) {
    this.list = new PagedList(desk, this);
    this.write = { caption: "proposal.write", open: () => desk.pages.go(proposalForm(desk)) };
  }

  /** What is near me, from the next time on. */
  showNear(): void {
    this.whose = "near";
  }

  build(body: HTMLElement): Stop {
    return this.list.build(body);
  }

  tools(anew: () => void): HTMLElement {
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

  async page(cursor: string | null) {
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
    const found = await api.take(api.http.GET("/api/v1/proposals", { params: { query } }));
    return { lines: found.proposals, next: found.cursor };
  }

  row(one: ProposalLine): HTMLElement {
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

  nothing(): Key {
    return this.whose === "near" ? "proposal.none_near" : "proposal.none";
  }
}
