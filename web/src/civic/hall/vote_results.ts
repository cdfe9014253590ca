/** How a vote ended: bars with numbers, and the same as a table. */

import { chosen, text } from "../../i18n";
import { el } from "../../ui/dom";
import { count, percent, shareOf, type Vote } from "./vote_words";

export interface ResultLine {
  readonly title: string;
  readonly approvals: number;
  readonly share: number;
  /** Nothing has more. */
  readonly most: boolean;
}

/** Lines of a result, the most approved first. */
export function resultLines(
  titles: readonly string[],
  approvals: readonly number[],
  ballots: number,
): readonly ResultLine[] {
  const most = Math.max(...approvals);
  return titles
    .map((title, index) => {
      const own = approvals[index] ?? 0;
      return { title, approvals: own, share: shareOf(own, ballots), most: own === most && own > 0 };
    })
    .sort((a, b) => b.approvals - a.approvals);
}

export function results(vote: Vote): HTMLElement {
  const { ending } = vote;
  if (ending === null || ending.approvals === null) {
    return el(
      "section",
      { class: "note" },
      el("p", {}, text("vote.cancelled_because", { reason: ending?.reason ?? "" })),
    );
  }
  const lines = resultLines(vote.options.map(chosen), ending.approvals, ending.size);
  const blank = ending.blank ?? 0;
  return el(
    "section",
    { class: "results" },
    el("p", {}, el("b", {}, text("vote.turnout_end", { count: count(ending.size) }))),
    el("ul", { class: "bars", attributes: { "aria-hidden": "true" } }, ...lines.map(bar)),
    table(lines, blank, ending.size),
    el("p", { class: "soft", text: "vote.approval_note" }),
  );
}

function bar(line: ResultLine): HTMLElement {
  const fill = el("i");
  fill.style.width = `${(line.share * 100).toFixed(1)}%`;
  return el(
    "li",
    { class: line.most ? "most" : undefined },
    fill,
    el("span", {}, line.title),
    el("b", {}, percent(line.share)),
  );
}

function table(lines: readonly ResultLine[], blank: number, ballots: number): HTMLElement {
  const cells = (title: string, votes: string, share: string) =>
    el("tr", {}, el("th", { attributes: { scope: "row" } }, title), el("td", {}, votes), el("td", {}, share));
  return el(
    "table",
    { class: "tally" },
    el("caption", { class: "spoken", text: "vote.table" }),
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        el("th", { text: "vote.option", attributes: { scope: "col" } }),
        el("th", { text: "vote.approvals", attributes: { scope: "col" } }),
        el("th", { text: "vote.share", attributes: { scope: "col" } }),
      ),
    ),
    el(
      "tbody",
      {},
      ...lines.map((line) => cells(line.title, count(line.approvals), percent(line.share))),
      cells(text("vote.blank"), count(blank), percent(shareOf(blank, ballots))),
    ),
  );
}
