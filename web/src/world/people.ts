/** The other people: who is in the city, and the poses of those near me. */

import { Body, type Entered, type People as Packet, type PeopleRecord, TICK_HZ } from "../protocol/messages";
import type { Part, PersonLook, PersonState, Vec3 } from "../render/api";
import { added } from "./body";
import { SHOWN_DELAY, StateBuffer, TickClock } from "./interpolation";

/** A person that no packet named for this long (server time, seconds) is out of sight. */
const OUT_OF_SIGHT = 1;

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

function stateOf(record: PeopleRecord, origin: Vec3): PersonState {
  const { body } = record;
  return {
    position: added(origin, record.offset),
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
  private readonly buffers = new Map<number, StateBuffer>();
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
    this.buffers.delete(id);
    return person;
  }

  setMicrophone(id: number, live: boolean): void {
    const person = this.roster.get(id);
    if (person !== undefined) this.roster.set(id, { ...person, microphone: live });
  }

  /** A new connection: the server tells everything again. */
  clear(): void {
    this.roster.clear();
    this.buffers.clear();
    this.clock.reset();
  }

  everyone(): readonly Person[] {
    return [...this.roster.values()];
  }

  /** Take in a packet that arrived at `now` (seconds). */
  accept(packet: Packet, now: number): void {
    const time = this.clock.hear(packet.tick, now);
    for (const record of packet.people) {
      let buffer = this.buffers.get(record.person);
      if (buffer === undefined) {
        buffer = new StateBuffer();
        this.buffers.set(record.person, buffer);
      }
      buffer.push(time, stateOf(record, packet.position));
    }
    for (const [id, buffer] of this.buffers) {
      if (time - buffer.newest() > OUT_OF_SIGHT) this.buffers.delete(id);
    }
  }

  /** Those in sight as they are shown at `now` (seconds). Whoever has not been introduced yet waits. */
  shown(now: number): Shown[] {
    const time = this.clock.at(now);
    if (time === null) return [];
    const shown: Shown[] = [];
    for (const [id, buffer] of this.buffers) {
      const person = this.roster.get(id);
      const state = buffer.at(time - SHOWN_DELAY);
      if (person !== undefined && state !== null) shown.push({ person, state });
    }
    return shown;
  }
}
