/** The sheet of City Hall: three counters side by side, and their pages. */

import { text } from "../../i18n";
import { el } from "../../ui/dom";
import type { SheetPage } from "../../ui/pages";
import { type Tab, tabs } from "../../ui/tabs";
import type { Stop } from "../../value";
import type { Counter, Desk } from "./desk";
import { ProposalList } from "./proposal_list";
import { ReportList } from "./report_list";
import { VoteList } from "./vote_list";

const TABS: readonly Tab<Counter>[] = [
  { id: "proposals", title: "hall.proposals" },
  { id: "votes", title: "hall.votes" },
  { id: "reports", title: "hall.reports" },
];
const PANEL = "hall-panel";

export class Counters {
  counter: Counter = "proposals";
  private readonly lists: Readonly<Record<Counter, { build(body: HTMLElement): Stop }>>;
  private readonly proposals: ProposalList;

  constructor(desk: Desk) {
    this.proposals = new ProposalList(desk);
    this.lists = { proposals: this.proposals, votes: new VoteList(desk), reports: new ReportList(desk) };
  }

  /** The list of what was proposed round me. */
  showNear(): void {
    this.counter = "proposals";
    this.proposals.showNear();
  }

  page(): SheetPage {
    return {
      build: (body) => {
        let stop: Stop | undefined;
        const panel = el("div", {
          class: "counter",
          id: PANEL,
          attributes: { role: "tabpanel", tabindex: "-1" },
        });
        const row = tabs("hall.tabs", TABS, this.counter, PANEL, (counter) => {
          this.counter = counter;
          stop?.();
          panel.replaceChildren();
          panel.setAttribute("aria-label", text(`hall.${counter}`));
          stop = this.lists[counter].build(panel);
        });
        row.querySelector("[aria-selected=true]")?.setAttribute("data-first", "");
        body.classList.add("counter-page");
        body.append(row, panel);
        return () => stop?.();
      },
    };
  }
}
