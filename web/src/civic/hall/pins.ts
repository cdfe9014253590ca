/** The pins of the municipality around me: fetched again when they changed, and when I went far. */

import type { City } from "../../city";
import { en } from "../../i18n/en";
import { type Key, ko } from "../../i18n/ko";
import type { Bilingual, CityPin, PinTone } from "../../render/api";
import { Value } from "../../value";
import type { Point } from "../../world/districts";
import { boxAround, type Desk } from "./desk";
import { type ArrivalPoint, boardPlace, spread } from "./pin_places";
import type { ProposalLine } from "./proposal_words";
import type { ReportLine } from "./report_words";
import type { VoteLine } from "./vote_words";

/** Pins are fetched this far round me, and anew once I am this far from where I was then, metres. */
const REACH = 900;
const ANEW = 450;
const LOOK_EVERY = 1000;
/** What changed is fetched this much later, ms: at once by one person, not by everybody in the city together. */
const SOON = 300;
const SPREAD = 1500;
/** Pages of proposals at most. */
const PAGES = 4;
const PAGE = 50;
const CITY_HALL = "city_hall";
const TOPICS = ["proposals", "reports", "votes"] as const;

/** Proposals that still stand: decided ones leave the street, not the list. */
const STANDING = ["open", "under_review", "accepted"] as const;

const PROPOSAL_TONES: Readonly<Partial<Record<ProposalLine["state"], PinTone>>> = {
  under_review: "working",
  accepted: "done",
};
const REPORT_TONES: Readonly<Partial<Record<ReportLine["status"], PinTone>>> = {
  acknowledged: "working",
  in_progress: "working",
  answered: "done",
};

/** A text in both languages, filled in. */
export function both(key: Key, fill: Readonly<Record<string, Bilingual | number>> = {}): Bilingual {
  const side = (texts: Readonly<Record<Key, string>>, language: "ko" | "en") =>
    texts[key].replace(/\{(\w+)\}/g, (hole, name: string) => {
      const value = fill[name];
      return value === undefined ? hole : typeof value === "number" ? String(value) : value[language];
    });
  return { ko: side(ko, "ko"), en: side(en, "en") };
}

function proposalPin(one: ProposalLine): CityPin {
  return {
    id: `proposal ${one.id}`,
    kind: "proposal",
    tone: PROPOSAL_TONES[one.state] ?? "fresh",
    x: one.x,
    z: one.z,
    yaw: null,
    title: { ko: one.title, en: one.title },
    detail: both("pin.proposal", { supports: one.supports, needed: one.needed }),
  };
}

type Topic = (typeof TOPICS)[number];
type ReportPin = Pick<ReportLine, "id" | "service" | "status" | "x" | "z">;

function reportPin(one: ReportPin, name: Bilingual): CityPin {
  return {
    id: `report ${one.id}`,
    kind: "report",
    tone: REPORT_TONES[one.status] ?? "alert",
    x: one.x,
    z: one.z,
    yaw: null,
    title: name,
    detail: both("pin.report", { status: both(`report.status_${one.status}`) }),
  };
}

function voteBoards(votes: readonly VoteLine[], city: City): CityPin[] {
  const hall = city.spots().find(({ id }) => id === CITY_HALL);
  if (hall === undefined) return [];
  const [x, , z] = hall.arrival.position;
  return votes.map((vote, index) => ({
    id: `vote ${vote.id}`,
    kind: "vote",
    tone: "fresh",
    ...boardPlace({ point: [x, z], yaw: hall.arrival.yaw }, index, votes.length),
    title: vote.title,
    detail: both("pin.vote", { count: vote.turnout }),
  }));
}

/** What a pin's id names. */
export function named(id: string): { readonly kind: CityPin["kind"]; readonly number: number } {
  const [kind, number] = id.split(" ");
  return { kind: kind as CityPin["kind"], number: Number(number) };
}

export class PinBoard {
  private readonly proposals = new Value<readonly ProposalLine[]>([]);
  private readonly reports = new Value<readonly CityPin[]>([]);
  private readonly votes = new Value<readonly VoteLine[]>([]);
  private readonly due = new Map<Topic, ReturnType<typeof setTimeout>>();
  private centre: Point | null = null;

  constructor(private readonly desk: Desk) {
    const { city } = desk;
    for (const part of [this.proposals, this.reports, this.votes]) part.watch(() => this.show());
    city.view.watch(() => this.show());
    city.districts.watch(() => this.show());
    city.pins.watch((pins) => city.view.get()?.setPins(pins));
    city.view.watch((view) => view?.setPins(city.pins.get()));
    for (const topic of TOPICS) city.topics.watch(topic, () => this.fetchSoon(topic));
    setInterval(() => this.look(), LOOK_EVERY);
  }

  /** Fetch anew where I came far from where I was. */
  private look(): void {
    const { city } = this.desk;
    if (!city.inside.get() || city.id.get() === 0 || document.hidden) return;
    const [x, , z] = city.self.position;
    if (this.centre !== null && Math.hypot(this.centre[0] - x, this.centre[1] - z) < ANEW) return;
    this.centre = [x, z];
    for (const topic of TOPICS) this.fetch(topic);
  }

  /** Changes that come together are fetched together. */
  private fetchSoon(topic: Topic): void {
    if (this.due.has(topic)) return;
    const act = () => {
      this.due.delete(topic);
      this.fetch(topic);
    };
    this.due.set(topic, setTimeout(act, SOON + Math.random() * SPREAD));
  }

  private fetch(topic: Topic): void {
    if (this.centre === null) return;
    const asked = { proposals: this.fetchProposals, reports: this.fetchReports, votes: this.fetchVotes }[
      topic
    ];
    // Pins are no answer to anybody's question: what stands there stays until the server answers again.
    asked.call(this, boxAround(this.centre, REACH)).catch((error: unknown) => {
      console.info(`pins of ${topic} are not fetched`, error);
    });
  }

  private async fetchProposals(bbox: string): Promise<void> {
    const { api } = this.desk;
    const found: ProposalLine[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < PAGES; page += 1) {
      const query = { bbox, state: [...STANDING], limit: PAGE, cursor };
      const next = await api.take(api.http.GET("/api/v1/proposals", { params: { query } }));
      found.push(...next.proposals);
      if (next.cursor === null) break;
      cursor = next.cursor;
    }
    this.proposals.set(found);
  }

  private async fetchReports(bbox: string): Promise<void> {
    const { api, names } = this.desk;
    await names.services();
    const found = await api.take(api.http.GET("/api/v1/reports/pins", { params: { query: { bbox } } }));
    this.reports.set(found.map((one) => reportPin(one, names.of("service", one.service))));
  }

  private async fetchVotes(): Promise<void> {
    const { api } = this.desk;
    const query = { status: "open" as const };
    const found = await api.take(api.http.GET("/api/v1/votes", { params: { query } }));
    this.votes.set([...found].sort((a, b) => a.id - b.id));
  }

  private show(): void {
    const { city } = this.desk;
    const arrivals = city.spots().map(({ arrival: { position, yaw } }): ArrivalPoint => {
      return { point: [position[0], position[2]], yaw };
    });
    const visible = this.proposals.get().filter(({ title }) => title !== "");
    // The oldest first: whoever came later stands farther out, and nobody is moved.
    const pins = [...visible.map(proposalPin), ...this.reports.get()].sort(
      (a, b) => named(a.id).number - named(b.id).number,
    );
    city.pins.set([...voteBoards(this.votes.get(), city), ...spread(pins, arrivals)]);
  }
}
