/** City Hall in a headset: open votes, proposals near by, supporting, and casting a ballot, step by step. */

import { ProblemError } from "../../api/problem";
import type { Bilingual, VrHall, VrHallLine, VrHallView } from "../../render/api";
import { ballotKey, forgetBallotKey } from "./ballot_key";
import { type Desk, myNumber } from "./desk";
import { both, named } from "./pins";
import type { Proposal } from "./proposal_words";
import { type Receipt, receiptText } from "./receipts";
import type { Vote, VoteLine } from "./vote_words";

/** Proposals that the list holds at most, the nearest. */
const MOST_NEAR = 6;
const NOTHING: Bilingual = { ko: "", en: "" };

/** A page of the panel, and what pressing it does. */
interface Shown {
  readonly view: VrHallView;
  readonly press: (line: string) => void;
  readonly act: () => void;
}

type Step = () => Shown;
const nothing = () => undefined;

export interface VrHallHooks {
  /** A ballot was cast: the page keeps its receipt before the eyes of whoever takes the headset off. */
  received(vote: Vote, receipt: string): void;
}

export class HeadsetHall implements VrHall {
  private votes: readonly VoteLine[] = [];
  private readonly marked = new Set<number>();
  /** The way here; the last is shown. */
  private steps: Step[] = [() => this.list()];
  private said: Bilingual | null = null;
  /** What is under way; an answer to anything else comes too late. */
  private asked = 0;

  constructor(
    private readonly desk: Desk,
    private readonly hooks: VrHallHooks,
  ) {}

  view(): VrHallView {
    return this.current.view;
  }

  open(): void {
    this.begin(() => this.list());
    const { api } = this.desk;
    const query = { status: "open" as const };
    this.ask(api.take(api.http.GET("/api/v1/votes", { params: { query } })), (votes) => {
      this.votes = [...votes].sort((a, b) => a.closes - b.closes);
    });
  }

  press(line: string): void {
    this.current.press(line);
  }

  act(): void {
    this.current.act();
  }

  back(): boolean {
    this.asked += 1;
    this.said = null;
    if (this.steps.length < 2) return false;
    this.steps.pop();
    return true;
  }

  private begin(step: Step): void {
    this.steps = [step];
    this.said = null;
  }

  private go(step: Step): void {
    this.steps.push(step);
    this.said = null;
  }

  /** Take an answer, or say why there is none. */
  private ask<T>(answer: Promise<T>, take: (found: T) => void): void {
    const mine = ++this.asked;
    this.said = both("hall.loading");
    answer.then(
      (found) => {
        if (mine !== this.asked) return;
        this.said = null;
        take(found);
      },
      (error: unknown) => {
        if (!(error instanceof ProblemError)) throw error;
        if (mine === this.asked) this.said = error.said;
      },
    );
  }

  private get current(): Shown {
    return (this.steps.at(-1) ?? (() => this.list()))();
  }

  private shown(view: Partial<VrHallView>, press: Shown["press"], act: Shown["act"] = nothing): Shown {
    const base = { title: both("hall.title"), lines: [], act: null, ...view };
    // Words of the server, or of what is on its way, come before the step's own.
    return { view: { ...base, said: this.said ?? view.said ?? null }, press, act };
  }

  private list(): Shown {
    const { city } = this.desk;
    const [x, , z] = city.self.position;
    const votes = this.votes.map((vote): VrHallLine => {
      const detail = both(vote.has_voted ? "vote.voted_word" : "vote.state_open");
      return { id: `vote ${vote.id}`, title: vote.title, detail, on: null };
    });
    const near = city.pins
      .get()
      .filter(({ kind }) => kind === "proposal")
      .sort((a, b) => Math.hypot(a.x - x, a.z - z) - Math.hypot(b.x - x, b.z - z))
      .slice(0, MOST_NEAR)
      .map(({ id, title, detail }): VrHallLine => ({ id, title, detail, on: null }));
    const lines = [...votes, ...near];
    const said = both(lines.length === 0 ? "vr.nothing" : "vr.choose");
    return this.shown({ lines, said }, (line) => this.choose(line));
  }

  private choose(line: string): void {
    const { kind, number } = named(line);
    const { api } = this.desk;
    const params = { path: { number } };
    if (kind === "vote") {
      this.ask(api.take(api.http.GET("/api/v1/votes/{number}", { params })), (vote) => this.chooseVote(vote));
    } else {
      this.ask(api.take(api.http.GET("/api/v1/proposals/{number}", { params })), (one) => {
        this.go(() => this.proposal(one));
      });
    }
  }

  private proposal(one: Proposal): Shown {
    const supports = both("pin.proposal", { supports: one.supports, needed: one.needed });
    const mayAct = one.acts.includes("support") || one.acts.includes("take_support_back");
    const isVisitor = myNumber(this.desk) === null;
    const text = { ko: `${supports.ko} · ${one.text}`, en: `${supports.en} · ${one.text}` };
    const act = mayAct ? both(one.supported ? "proposal.take_back" : "proposal.support") : null;
    const title = { ko: one.title, en: one.title };
    const said = isVisitor ? both("vr.visitor") : text;
    return this.shown({ title, said, act }, nothing, () => mayAct && this.support(one));
  }

  private support(one: Proposal): void {
    const { api, city } = this.desk;
    const params = { path: { number: one.id } };
    const { http } = api;
    const path = "/api/v1/proposals/{number}/support";
    const done = api.take(one.supported ? http.DELETE(path, { params }) : http.PUT(path, { params }));
    const again = done.then(() => api.take(http.GET("/api/v1/proposals/{number}", { params })));
    this.ask(again, (fresh) => {
      this.steps.pop();
      this.go(() => this.proposal(fresh));
      city.topics.tell("proposals");
    });
  }

  private chooseVote(vote: Vote): void {
    this.marked.clear();
    if (vote.may_vote) this.go(() => this.ballot(vote));
    else this.go(() => this.closed(vote));
  }

  private closed(vote: Vote): Shown {
    const isVisitor = myNumber(this.desk) === null;
    const said = both(isVisitor ? "vr.visitor" : vote.has_voted ? "vote.voted" : "vote.not_elector");
    return this.shown({ title: vote.title, said }, nothing);
  }

  private ballot(vote: Vote): Shown {
    const lines = vote.options.map((title, index): VrHallLine => {
      return { id: `${index}`, title, detail: NOTHING, on: this.marked.has(index) };
    });
    const mark = (line: string) => {
      const index = Number(line);
      if (!this.marked.delete(index)) this.marked.add(index);
    };
    const view = { title: vote.title, said: both("ballot.how"), lines, act: both("vr.next") };
    return this.shown(view, mark, () => this.go(() => this.confirm(vote)));
  }

  private confirm(vote: Vote): Shown {
    const choices = [...this.marked].sort((a, b) => a - b);
    const lines = choices.map((index): VrHallLine => {
      return { id: `${index}`, title: vote.options[index] ?? NOTHING, detail: NOTHING, on: true };
    });
    const said = both(choices.length === 0 ? "ballot.blank_note" : "ballot.final");
    const act = both(choices.length === 0 ? "ballot.cast_blank" : "ballot.cast");
    const view = { title: both("ballot.look"), said, lines, act };
    return this.shown(view, nothing, () => this.cast(vote, choices));
  }

  private cast(vote: Vote, choices: readonly number[]): void {
    const { api, city } = this.desk;
    const key = ballotKey(sessionStorage, vote.id, choices);
    const params = { path: { number: vote.id }, header: { "Idempotency-Key": key } };
    const body = { choices: [...choices] };
    const cast = api.take(api.http.POST("/api/v1/votes/{number}/ballots", { params, body }));
    // Whoever went back meanwhile has voted all the same: the receipt is theirs.
    const kept = cast.then((receipt: Receipt) => {
      forgetBallotKey(sessionStorage, vote.id, choices);
      this.hooks.received(vote, receiptText(receipt));
      city.topics.tell("votes");
    });
    this.ask(kept, () => this.begin(() => this.done()));
  }

  private done(): Shown {
    return this.shown({ title: both("ballot.done"), said: both("vr.receipt") }, nothing);
  }
}
