/** The other people: who is in the city, and the poses of those near me. */

import { Body, type Entered, TICK_HZ } from "../protocol/messages";
import type { PersonRecord } from "../protocol/person";
import type { News } from "../protocol/view";
import type { Part, PersonLook, PersonState, Vec3 } from "../render/api";
import { TickClock } from "./interpolation";
import { Playback } from "./playback";

export interface Person extends PersonLook {
  readonly kind: Entered["kind"];
  readonly microphone: boolean;
}

export interface Shown {
  readonly person: Person;
  readonly state: PersonState;
}

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
  /** Those in sight, by id. */
  private readonly near = new Map<number, Playback>();
  private readonly clock = new TickClock(1 / TICK_HZ);

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
    this.clock.reset();
  }

  everyone(): readonly Person[] {
    return [...this.roster.values()];
  }

  /** Take in a packet that arrived at `now` (seconds): news of some, and who is in sight at all. */
  accept({ me, people, there }: Pick<News, "me" | "people" | "there">, now: number): void {
    const time = this.clock.hear(me.tick, now);
    for (const id of this.near.keys()) if (!there.has(id)) this.near.delete(id);
    for (const record of people) {
      let playback = this.near.get(record.id);
      if (playback === undefined) {
        playback = new Playback();
        this.near.set(record.id, playback);
      }
      playback.push(time, stateOf(record));
    }
  }

  /** Those in sight as they are shown at `now` (seconds). Whoever has not been introduced yet waits. */
  shown(now: number): Shown[] {
    const shown: Shown[] = [];
    for (const [id, playback] of this.near) {
      const person = this.roster.get(id);
      const state = playback.at(now, this.clock);
      if (person !== undefined && state !== null) shown.push({ person, state });
    }
    return shown;
  }
}
