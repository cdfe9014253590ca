/** The counter of reports: everybody's, mine, near ones; and the officers' queue. */

import { distance, type Key, text } from "../../i18n";
import { button, el } from "../../ui/dom";
import { problemLine } from "../../ui/form";
import type { Stop } from "../../value";
import { boxAround, type Desk, mayDo, myNumber, standing } from "./desk";
import { follow } from "./live";
import { filters, fromNow, row, select, wordButton } from "./parts";
import { reportForm } from "./report_form";
import { type ReportLine, type ReportStatus, STATUSES, serviceWord, statusWord } from "./report_words";

type Whose = "all" | "near" | "mine" | "queue" | "assigned" | "nobody";

const NEAR = 500;
const PAGE = 20;
const MOST_PAGES = 5;

const WHOSE: Readonly<Record<Whose, Key>> = {
  all: "hall.all",
  near: "hall.near_me",
  mine: "report.mine",
  queue: "report.queue",
  assigned: "report.assigned",
  nobody: "report.nobody",
};
const UNANSWERED: readonly ReportStatus[] = ["submitted", "acknowledged", "in_progress", "reopened"];

export class ReportList {
  private whose: Whose = "all";
  private status: ReportStatus | "any" = "any";
  private wanted = 1;
  private after: number | null = null;

  constructor(private readonly desk: Desk) {}

  build(body: HTMLElement): Stop {
    const { desk } = this;
    const list = el("ul");
    const state = el("div");
    const problem = problemLine();
    const more = button({
      class: "second more",
      caption: "hall.more",
      hidden: true,
      onclick: () => {
        this.wanted += 1;
        live.again();
      },
    });
    const live = follow(
      desk,
      "reports",
      state,
      () => this.fetch(),
      (found) => {
        list.replaceChildren(...(found.length === 0 ? [this.nothing()] : found.map((one) => this.row(one))));
        more.hidden = this.after === null || this.wanted >= MOST_PAGES;
      },
    );
    const anew = () => {
      this.wanted = 1;
      live.again();
    };
    body.append(
      this.tools(anew),
      el("div", { class: "rows hall-rows" }, state, list, problem.element, more),
      el(
        "div",
        { class: "sheet-foot" },
        button({
          class: "enter compact",
          icon: "plus",
          caption: "report.write",
          onclick: () => desk.pages.go(reportForm(desk)),
        }),
      ),
    );
    return live.stop;
  }

  private tools(anew: () => void): HTMLElement {
    const { desk } = this;
    const shown: Whose[] = ["all", "near"];
    if (myNumber(desk) !== null) shown.push("mine");
    if (mayDo(desk, "answer_report")) shown.push("queue", "assigned", "nobody");
    if (!shown.includes(this.whose)) this.whose = "all";
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
      select(
        "hall.state",
        [
          { value: "any", title: text("hall.any_state") },
          ...STATUSES.map((value) => ({ value, title: statusWord(value) })),
        ],
        this.status,
        (value: ReportStatus | "any") => {
          this.status = value;
          anew();
        },
      ),
    );
  }

  private async fetch(): Promise<readonly ReportLine[]> {
    await this.desk.names.services();
    const found: ReportLine[] = [];
    this.after = null;
    for (let page = 0; page < this.wanted; page += 1) {
      const next = await this.page(this.after);
      found.push(...next.reports);
      this.after = next.after;
      if (next.after === null) break;
    }
    return found;
  }

  private page(after: number | null) {
    const { api } = this.desk;
    const { whose, status } = this;
    const isQueue = whose === "queue" || whose === "assigned" || whose === "nobody";
    const statuses = status !== "any" ? [status] : isQueue ? [...UNANSWERED] : undefined;
    const query = {
      status: statuses,
      mine: whose === "mine" || undefined,
      bbox: whose === "near" ? boxAround(standing(this.desk), NEAR) : undefined,
      assignee: whose === "assigned" ? ("me" as const) : whose === "nobody" ? ("nobody" as const) : undefined,
      oldest_first: isQueue || undefined,
      after: after ?? undefined,
      limit: PAGE,
    };
    return api.take(api.http.GET("/api/v1/reports", { params: { query } }));
  }

  private row(one: ReportLine): HTMLElement {
    const { desk } = this;
    const [x, z] = standing(desk);
    const service = serviceWord(desk, one.service);
    const title = one.description ? one.description.split("\n")[0] : text("report.hidden_title");
    const details = [
      statusWord(one.status),
      service,
      fromNow(one.submitted_at),
      distance(Math.hypot(one.x - x, one.z - z)),
    ];
    return row({
      id: `report-${one.id}`,
      icon: "alert",
      kind: "report",
      title: title ?? service,
      details: [details.join(" · ")],
      open: () => desk.pages.go(desk.report(one.id)),
      act: wordButton(text("hall.go"), text("hall.go_to", { title: service }), () =>
        desk.goTo([one.x, one.z], service),
      ),
    });
  }

  private nothing(): HTMLElement {
    const key: Key =
      this.whose === "near" ? "report.none_near" : this.whose === "mine" ? "report.none_mine" : "report.none";
    return el("li", { class: "nothing" }, text(key));
  }
}
