/** City Hall in a headset: votes, proposals and reports; supporting, and casting a ballot, step by step. */

import type { CityPin, VrLine } from "../../render/api";
import { asWritten, HeadsetPages, joined, NOTHING, nothing, type Shown, type Step } from "../vr_pages";
import { ballotKey, forgetBallotKey } from "./ballot_key";
import { type Desk, myNumber } from "./desk";
import { both, named } from "./pins";
import type { Proposal } from "./proposal_words";
import { type Receipt, receiptText } from "./receipts";
import type { Vote, VoteLine } from "./vote_words";
import { reportWords } from "./vr_report";

/** Proposals that the list holds at most, the nearest. */
const MOST_NEAR = 6;

export interface VrHallHooks {
  /** A ballot was cast: the page keeps its receipt before the eyes of whoever takes the headset off. */
  received(vote: Vote, receipt: string): void;
}

export class HeadsetHall extends HeadsetPages {
  private votes: readonly VoteLine[] = [];
  private readonly marked = new Set<number>();

  constructor(
    private readonly desk: Desk,
    private readonly hooks: VrHallHooks,
  ) {
    super();
  }

  open(): void {
    this.begin(() => this.first());
    this.ask(this.fetchVotes(), (votes) => {
      this.votes = votes;
    });
  }

  openAt(id: string): void {
    this.begin(() => this.first());
    this.ask(Promise.all([this.fetchVotes(), this.fetch(id)]), ([votes, step]) => {
      this.votes = votes;
      this.go(step);
    });
  }

  protected first(): Shown {
    const { city } = this.desk;
    const [x, , z] = city.self.position;
    const votes = this.votes.map((vote): VrLine => {
      const detail = both(vote.has_voted ? "vote.voted_word" : "vote.state_open");
      return { id: `vote ${vote.id}`, title: vote.title, detail, on: null };
    });
    const near = city.pins
      .get()
      .filter(({ kind }) => kind === "proposal")
      .sort((a, b) => Math.hypot(a.x - x, a.z - z) - Math.hypot(b.x - x, b.z - z))
      .slice(0, MOST_NEAR)
      .map(({ id, title, detail }): VrLine => ({ id, title, detail, on: null }));
    const lines = [...votes, ...near];
    const said = both(lines.length === 0 ? "vr.nothing" : "vr.choose");
    return this.shown({ title: both("hall.title"), lines, said }, (line) => {
      this.ask(this.fetch(line), (step) => this.go(step));
    });
  }

  private async fetchVotes(): Promise<readonly VoteLine[]> {
    const { api } = this.desk;
    const query = { status: "open" as const };
    const votes = await api.take(api.http.GET("/api/v1/votes", { params: { query } }));
    return [...votes].sort((a, b) => a.closes - b.closes);
  }

  /** What a pin's id names, as a page. */
  private fetch(id: string): Promise<Step> {
    const { kind, number } = named(id);
    const fetches: Readonly<Record<CityPin["kind"], () => Promise<Step>>> = {
      proposal: () => this.fetchProposal(number),
      report: () => this.fetchReport(number),
      vote: () => this.fetchVote(number),
    };
    return fetches[kind]();
  }

  private async fetchProposal(number: number): Promise<Step> {
    const { api } = this.desk;
    const params = { path: { number } };
    const one = await api.take(api.http.GET("/api/v1/proposals/{number}", { params }));
    return () => this.proposal(one);
  }

  private async fetchReport(number: number): Promise<Step> {
    const { api, names } = this.desk;
    const params = { path: { number } };
    const [one] = await Promise.all([
      api.take(api.http.GET("/api/v1/reports/{number}", { params })),
      names.services(),
    ]);
    const view = {
      title: both("report.one"),
      lead: names.of("service", one.service),
      said: reportWords(one),
    };
    return () => this.shown(view);
  }

  private async fetchVote(number: number): Promise<Step> {
    const { api } = this.desk;
    const params = { path: { number } };
    const vote = await api.take(api.http.GET("/api/v1/votes/{number}", { params }));
    this.marked.clear();
    return () => (vote.may_vote ? this.ballot(vote) : this.closed(vote));
  }

  private proposal(one: Proposal): Shown {
    const mayAct = one.acts.includes("support") || one.acts.includes("take_support_back");
    const isVisitor = myNumber(this.desk) === null;
    const state = [
      both(`proposal.state_${one.state}`),
      both("proposal.supports_short", { supports: one.supports, needed: one.needed }),
    ];
    const said = joined([
      joined(state, " · "),
      isVisitor ? both("vr.visitor") : null,
      one.hidden === null ? asWritten(one.text) : both("hall.hidden", { reason: asWritten(one.hidden) }),
      ...one.answers.map(({ text }) => joined([both("proposal.answer"), asWritten(text)], ": ")),
    ]);
    const act = mayAct ? both(one.supported ? "proposal.take_back" : "proposal.support") : null;
    const lead = one.title === "" ? both("proposal.hidden_title") : asWritten(one.title);
    const view = { title: both("proposal.one"), lead, said, act };
    return this.shown(view, nothing, () => mayAct && this.support(one));
  }

  private support(one: Proposal): void {
    const { api, city } = this.desk;
    const params = { path: { number: one.id } };
    const { http } = api;
    const path = "/api/v1/proposals/{number}/support";
    const done = api.take(one.supported ? http.DELETE(path, { params }) : http.PUT(path, { params }));
    this.ask(
      done.then(() => this.fetchProposal(one.id)),
      (step) => {
        this.replace(step);
        city.topics.tell("proposals");
      },
    );
  }

  /** A vote without a ballot for me. */
  private closed(vote: Vote): Shown {
    const isVisitor = myNumber(this.desk) === null;
    const why = isVisitor ? "vr.visitor" : vote.has_voted ? "vote.voted" : "vote.not_elector";
    const options = vote.options.map((option) => joined([asWritten("·"), option], " "));
    const said = joined([
      both(`vote.state_${vote.state}`),
      both(vote.state === "open" ? why : "vr.vote_over"),
      vote.about,
      ...options,
    ]);
    return this.shown({ title: both("vote.one"), lead: vote.title, said });
  }

  private ballot(vote: Vote): Shown {
    const lines = vote.options.map((title, index): VrLine => {
      return { id: `${index}`, title, detail: NOTHING, on: this.marked.has(index) };
    });
    const mark = (line: string) => {
      const index = Number(line);
      if (!this.marked.delete(index)) this.marked.add(index);
    };
    const view = { title: both("vote.one"), lead: vote.title, said: both("ballot.how"), lines };
    return this.shown({ ...view, act: both("vr.next") }, mark, () => this.go(() => this.confirm(vote)));
  }

  private confirm(vote: Vote): Shown {
    const choices = [...this.marked].sort((a, b) => a - b);
    const lines = choices.map((index): VrLine => {
      return { id: `${index}`, title: vote.options[index] ?? NOTHING, detail: NOTHING, on: true };
    });
    const said = both(choices.length === 0 ? "ballot.blank_note" : "ballot.final");
    const act = both(choices.length === 0 ? "ballot.cast_blank" : "ballot.cast");
    const view = { title: both("ballot.look"), said, lines, act, binding: true };
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
