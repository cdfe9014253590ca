/** The counter of reports: everybody's, mine, near ones; and the officers' queue. */

import { distance, type Key, text } from "../../i18n";
import { el } from "../../ui/dom";
import type { Stop } from "../../value";
import { boxAround, type Desk, mayDo, myNumber, standing } from "./desk";
import { type Listing, NEAR, PAGE, PagedList } from "./paged_list";
import { filters, fromNow, row, select, wordButton } from "./parts";
import { reportForm } from "./report_form";
import { type ReportLine, type ReportStatus, STATUSES, serviceWord, statusWord } from "./report_words";

type Whose = "all" | "near" | "mine" | "queue" | "assigned" | "nobody";

const WHOSE: Readonly<Record<Whose, Key>> = {
  all: "hall.all",
  near: "hall.near_me",
  mine: "report.mine",
  queue: "report.queue",
  assigned: "report.assigned",
  nobody: "report.nobody",
};
const UNANSWERED: readonly ReportStatus[] = ["submitted", "acknowledged", "in_progress", "reopened"];

export class ReportList implements Listing<ReportLine, number> {
  readonly topic = "reports";
  readonly write: Listing<ReportLine, number>["write"];
  private readonly list: PagedList<ReportLine, number>;
  private whose: Whose = "all";
  private status: ReportStatus | "any" = "any";

  constructor(private readonly desk: Desk) {
    this.list = new PagedList(desk, this);
    this.write = { caption: "report.write", open: () => desk.pages.go(reportForm(desk)) };
  }

  build(body: HTMLElement): Stop {
    return this.list.build(body);
  }

  tools(anew: () => void): HTMLElement {
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

  async page(after: number | null) {
    const { api } = this.desk;
    await this.desk.names.services();
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
    const found = await api.take(api.http.GET("/api/v1/reports", { params: { query } }));
    return { lines: found.reports, next: found.after };
  }

  row(one: ReportLine): HTMLElement {
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

  nothing(): Key {
    if (this.whose === "near") return "report.none_near";
    return this.whose === "mine" ? "report.none_mine" : "report.none";
  }
}
