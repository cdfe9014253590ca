/** The other people: who is in the city, and the poses of those near me. */

import { Body, type Entered, TICK_HZ } from "../protocol/messages";
import type { PersonRecord } from "../protocol/person";
import type { News } from "../protocol/view";
import type { Part, PersonLook, PersonState, Vec3 } from "../render/api";
import { Crowd, type CrowdUpdate } from "./crowd";
import { TickClock } from "./interpolation";
import { Playback } from "./playback";

export interface Person extends PersonLook {
  readonly kind: Entered["kind"];
  readonly microphone: boolean;
}

/** Somebody in sight, as they are shown until it is asked again. */
export interface Shown {
  readonly person: Person;
  readonly state: PersonState;
  /** Beyond the nearest: only their place and heading are known. */
  readonly inCrowd: boolean;
}

/** How many people there are: in the city, me included, and in sight of me. */
export interface Counts {
  readonly city: number;
  readonly near: number;
}

/** Written anew at every look: a crowd is shown sixty times a second. */
interface Showing extends Shown {
  person: Person;
  state: PersonState;
  inCrowd: boolean;
}

/** Seconds before what was shown last from which the crowd takes somebody's pace. */
const PACE_OVER = 0.25;

function part(present: boolean, position: Vec3, orientation: Part["orientation"]): Part | null {
  return present ? { position, orientation } : null;
}

function stateOf(record: PersonRecord): PersonState {
  const { body } = record;
  return {
    position: record.position,
    yaw: record.yaw,
    head: { position: record.headPosition, orientation: record.headOrientation },
    left: part((body & Body.LEFT_HAND) !== 0, record.leftPosition, record.leftOrientation),
    right: part((body & Body.RIGHT_HAND) !== 0, record.rightPosition, record.rightOrientation),
    speaking: (body & Body.SPEAKING) !== 0,
    waving: (body & Body.WAVING) !== 0,
  };
}

export class People {
  /** Everyone in the city but me, by id. */
  private readonly roster = new Map<number, Person>();
  /** The nearest, by id. */
  private readonly near = new Map<number, Playback>();
  /** Everybody else in sight. */
  private readonly crowd = new Crowd();
  private readonly clock = new TickClock(1 / TICK_HZ);
  private readonly pool: Showing[] = [];
  private readonly list: Showing[] = [];

  /** Somebody is in the city. Returns false when they were already known. */
  enter({ person, name, colour, kind, microphone }: Entered): boolean {
    const known = this.roster.has(person);
    this.roster.set(person, { id: person, name, colour, kind, microphone });
    return !known;
  }

  /** Somebody left; returns who it was. */
  leave(id: number): Person | undefined {
    const person = this.roster.get(id);
    this.roster.delete(id);
    this.near.delete(id);
    this.crowd.drop(id);
    return person;
  }

  setMicrophone(id: number, live: boolean): void {
    const person = this.roster.get(id);
    if (person !== undefined) this.roster.set(id, { ...person, microphone: live });
  }

  /** A new connection: the server tells everything again. */
  clear(): void {
    this.roster.clear();
    this.near.clear();
    this.crowd.clear();
    this.clock.reset();
  }

  everyone(): readonly Person[] {
    return [...this.roster.values()];
  }

  /** Whatever the page says of how many there are, at `now` (seconds); who only looks is not in the city. */
  counts(now: number, looking = false): Counts {
    return { city: this.roster.size + (looking ? 0 : 1), near: this.shown(now).length };
  }

  /** Take in a packet that arrived at `now` (seconds): news of some, and who is near at all. */
  accept({ me, people, there }: Pick<News, "me" | "people" | "there">, now: number): void {
    const time = this.clock.hear(me.tick, now);
    for (const [id, playback] of this.near) if (!there.has(id)) this.goOff(id, playback, now);
    for (const record of people) {
      let playback = this.near.get(record.id);
      if (playback === undefined) {
        playback = new Playback(this.crowd.placeOf(record.id));
        this.crowd.drop(record.id);
        this.near.set(record.id, playback);
      }
      playback.push(time, stateOf(record));
    }
  }

  /** Take in what was told of the crowd at `now` (seconds), and whether a round begins: everybody is told of anew. */
  acceptCrowd(updates: Iterable<CrowdUpdate>, now: number, begins = false): void {
    if (begins) this.crowd.begin(now);
    for (const update of updates) if (!this.near.has(update.person)) this.crowd.hear(update, now);
  }

  /**
   * Everybody in sight as they are shown at `now` (seconds), the nearest and the crowd.
   *
   * Whoever has not been introduced yet waits. The list and what is in it are written anew by the next call.
   */
  shown(now: number): readonly Shown[] {
    this.list.length = 0;
    for (const [id, playback] of this.near) {
      const state = playback.at(now, this.clock);
      if (state !== null) this.show(id, state, false);
    }
    const time = this.clock.at(now);
    if (time === null) return this.list;
    for (const { person, state } of this.crowd.shown(time, now)) this.show(person, state, true);
    return this.list;
  }

  private show(id: number, state: PersonState, inCrowd: boolean): void {
    const person = this.roster.get(id);
    if (person === undefined) return;
    const index = this.list.length;
    let showing = this.pool[index];
    if (showing === undefined) {
      showing = { person, state, inCrowd };
      this.pool.push(showing);
    }
    showing.person = person;
    showing.state = state;
    showing.inCrowd = inCrowd;
    this.list.push(showing);
  }

  /** Somebody is not among the nearest any more: in the crowd they go on as they went. */
  private goOff(id: number, playback: Playback, now: number): void {
    this.near.delete(id);
    const { time } = playback;
    if (time === null || !this.crowd.isFed(now)) return;
    const trail = playback.trail(id, [time - PACE_OVER, time, time + PACE_OVER]);
    this.crowd.takeOver(trail, playback.place.position, time, now);
  }
}
