/** What is said about a proposal, page by page, and saying something oneself. */

import type { Schemas } from "../../api/client";
import { uuid7 } from "../../api/uuid";
import { type Key, text } from "../../i18n";
import { button, el } from "../../ui/dom";
import { attempt, form, problemLine, submitButton } from "../../ui/form";
import type { SheetPage } from "../../ui/pages";
import type { Stop } from "../../value";
import { momentOf } from "../money";
import { type Desk, myNumber } from "./desk";
import { follow } from "./live";
import { area, ask, written } from "./parts";
import { authorOf } from "./proposal_words";
import { askReason } from "./reason";

type Comment = Schemas["CommentOut"];

const PAGE = 20;
const LONGEST = 1000;

export interface CommentSection {
  readonly element: HTMLElement;
  /** @param open Whether one may say something. @param office Whether one may hide what others said. */
  show(open: boolean, office: boolean): void;
  readonly stop: Stop;
}

/** @param page Where the way back from signing in leads. */
export function commentSection(desk: Desk, proposal: number, page: SheetPage): CommentSection {
  const comments = new Comments(desk, proposal, page);
  return {
    element: comments.element,
    show: (open, office) => comments.show(open, office),
    stop: comments.stop,
  };
}

class Comments {
  readonly element = el("section", { class: "comments", hidden: true });
  readonly stop: Stop;
  private readonly list = el("ul");
  private readonly writing: HTMLElement;
  private readonly problem = problemLine();
  private wanted = 1;
  private after: number | null = null;
  private office = false;
  private shown: readonly Comment[] = [];
  private readonly again: () => void;

  constructor(
    private readonly desk: Desk,
    private readonly proposal: number,
    private readonly page: SheetPage,
  ) {
    const state = el("div");
    const more = button({
      class: "second more",
      caption: "comment.more",
      hidden: true,
      onclick: () => {
        this.wanted += 1;
        this.again();
      },
    });
    const live = follow(
      desk,
      "proposals",
      state,
      () => this.fetch(),
      (found) => {
        if (JSON.stringify(found) !== JSON.stringify(this.shown)) {
          this.shown = found;
          this.fill();
        }
        more.hidden = this.after === null;
      },
    );
    this.again = live.again;
    this.stop = live.stop;
    this.writing = this.makeForm();
    const heading = el("h4", { text: "comment.title" });
    this.element.append(heading, state, this.list, more, this.problem.element, this.writing);
    this.fill();
  }

  show(open: boolean, office: boolean): void {
    this.element.hidden = false;
    this.writing.hidden = !open;
    if (office === this.office) return;
    this.office = office;
    this.fill();
  }

  private async fetch(): Promise<readonly Comment[]> {
    const { api } = this.desk;
    const found: Comment[] = [];
    let after = 0;
    for (let page = 0; page < this.wanted; page += 1) {
      const params = { path: { number: this.proposal }, query: { after, limit: PAGE } };
      const next = await api.take(api.http.GET("/api/v1/proposals/{number}/comments", { params }));
      found.push(...next.comments);
      this.after = next.after;
      if (next.after === null) break;
      after = next.after;
    }
    return found;
  }

  private fill(): void {
    const rows = this.shown.map((one) => this.row(one));
    this.list.replaceChildren(
      ...(rows.length === 0 ? [el("li", { class: "nothing", text: "comment.none" })] : rows),
    );
  }

  private row(one: Comment): HTMLElement {
    const gone: Key | null = one.withdrawn ? "comment.withdrawn" : null;
    const said =
      gone !== null ? el("p", { class: "soft", text: gone }) : one.text === "" ? null : written(one.text);
    const hidden =
      one.hidden === null ? null : el("p", { class: "soft" }, text("hall.hidden", { reason: one.hidden }));
    const act = (caption: Key, work: () => Promise<unknown>) => {
      const control = button({
        class: "plain",
        caption,
        onclick: () => void attempt(control, this.problem.say, work),
      });
      return control;
    };
    return el(
      "li",
      { id: `comment-${one.id}` },
      el("p", { class: "who" }, el("b", {}, authorOf(one.author)), el("small", {}, momentOf(one.at))),
      said,
      hidden,
      one.mine && !one.withdrawn ? act("comment.withdraw", () => this.withdraw(one)) : null,
      this.office && !one.withdrawn && one.hidden === null ? act("hall.hide", () => this.hide(one)) : null,
      this.office && one.hidden !== null ? act("hall.unhide", () => this.unhide(one)) : null,
    );
  }

  private makeForm(): HTMLElement {
    const { desk } = this;
    const name = `comment-${this.proposal}`;
    let key = uuid7();
    const words = area({
      id: "comment-text",
      label: "comment.write",
      value: desk.drafts.get(name).text ?? "",
      most: LONGEST,
      rows: 3,
      typed: (value) => {
        key = uuid7();
        desk.drafts.put(name, { text: value });
      },
    });
    const send = submitButton("comment.send");
    const act = () => {
      const said = words.needed();
      if (said === null) return;
      if (myNumber(desk) === null) {
        desk.signIn(this.page);
        return;
      }
      void attempt(send, words.say, async () => {
        const params = { path: { number: this.proposal }, header: { "Idempotency-Key": key } };
        await desk.api.take(
          desk.api.http.POST("/api/v1/proposals/{number}/comments", { params, body: { text: said } }),
        );
        desk.drafts.drop(name);
        words.input.value = "";
        words.input.dispatchEvent(new Event("input"));
        desk.tell(text("comment.sent"));
        // The newest stands at the end: show as far as that.
        this.wanted = Math.ceil((this.shown.length + 1) / PAGE) + (this.after === null ? 0 : 1);
        desk.city.topics.tell("proposals");
      });
    };
    return form(act, words.element, send);
  }

  private async withdraw(one: Comment): Promise<void> {
    if (!(await ask("comment.withdraw_sure", "comment.withdraw"))) return;
    const { api } = this.desk;
    const path = { number: this.proposal, made: one.id };
    await api.take(api.http.DELETE("/api/v1/proposals/{number}/comments/{made}", { params: { path } }));
    this.again();
  }

  private async hide(one: Comment): Promise<void> {
    const reason = await askReason("hall.hide");
    if (reason === null) return;
    const { api } = this.desk;
    const path = { number: this.proposal, made: one.id };
    await api.take(
      api.http.POST("/api/v1/proposals/{number}/comments/{made}/hide", {
        params: { path },
        body: { reason },
      }),
    );
    this.again();
  }

  private async unhide(one: Comment): Promise<void> {
    const { api } = this.desk;
    const path = { number: this.proposal, made: one.id };
    await api.take(api.http.DELETE("/api/v1/proposals/{number}/comments/{made}/hide", { params: { path } }));
    this.again();
  }
}
