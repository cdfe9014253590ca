/** What this client holds of those near: fed with packets, it says who is there, and what it has received. */

import { BitReader } from "./bits";
import { type CrowdNews, readCrowd } from "./crowd";
import { ACK_WINDOW, AGE_BITS, AGES, Entity, HISTORY, ID_BITS, NUMBERS } from "./layout";
import { decodePeopleHead, MAX_NEAR, PEOPLE_BYTES, type People } from "./messages";
import { type PersonRecord, readPerson } from "./person";
import { decodeBody } from "./record";
import { ProtocolError } from "./wire";

const WORD = 32;
const NOBODY = -1;
const NEVER = -1;

/** What a packet told. */
export interface News {
  /** The packet's head: me, as the server holds me. */
  readonly me: People;
  /** The places of which there is news, ascending. */
  readonly places: readonly number[];
  /** The people of whom there is news. */
  readonly people: readonly PersonRecord[];
  /** Ids of all people at a place, with news or without. */
  readonly there: ReadonlySet<number>;
  /** Some of everybody in sight, roughly; those at a place among them. */
  readonly crowd: CrowdNews;
}

/** A record as it was read, before it is taken in. */
interface Fresh {
  readonly place: number;
  readonly id: number;
  readonly kind: number;
  readonly state: Int32Array;
}

/** What a packet's bits hold. */
interface Told {
  readonly taken: readonly boolean[];
  readonly fresh: readonly Fresh[];
}

function takeMask(bits: BitReader): boolean[] {
  const words = Array.from({ length: MAX_NEAR / WORD }, () => bits.take(WORD));
  return Array.from({ length: MAX_NEAR }, (_, place) => ((words[place >> 5] >>> (place & 31)) & 1) === 1);
}

/** The places of one connection, with the states that are kept of who stands there. A new connection has a new one. */
export class View {
  /** Who stands at each place; -1: nobody, or not told yet. */
  readonly ids = new Float64Array(MAX_NEAR).fill(NOBODY);
  /** What stands there (`Entity`). */
  readonly kinds = new Uint8Array(MAX_NEAR);
  /** Tick of the newest state of each. */
  readonly newest = new Float64Array(MAX_NEAR).fill(NEVER);
  private taken: readonly boolean[] = Array.from({ length: MAX_NEAR }, () => false);
  private readonly ring = new Int32Array(MAX_NEAR * HISTORY * NUMBERS);
  private readonly ringTick = new Float64Array(MAX_NEAR * HISTORY).fill(NEVER);
  private newestTick = 0;
  private had = 0;

  /** Tick of the newest packet; 0 before the first. */
  get seen(): number {
    return this.newestTick;
  }

  /** Bit k: the packet of tick `seen - 1 - k` came too. */
  get seenBefore(): number {
    return this.had;
  }

  /**
   * Take in a packet.
   *
   * @returns What it told; null when it is not newer than the newest: then it is not taken in, for the states that
   *   it refers to may be gone, and it does not count as received.
   * @throws ProtocolError It cannot be read; nothing of it was taken in.
   */
  take(packet: ArrayBuffer | Uint8Array): News | null {
    const me = decodePeopleHead(packet);
    if (me.tick <= this.newestTick) return null;
    const data = packet instanceof Uint8Array ? packet : new Uint8Array(packet);
    const bits = new BitReader(data, PEOPLE_BYTES);
    const told = this.read(bits, me.tick);
    const crowd = readCrowd(data, bits.end, me.tick);
    this.keep(told, me.tick);
    this.count(me.tick);
    const people = told.fresh.filter(({ kind }) => kind === Entity.PERSON);
    return {
      me,
      places: told.fresh.map(({ place }) => place),
      people: people.map(({ id, state }) => readPerson(id, state)),
      there: new Set(this.ids.filter((id, place) => id !== NOBODY && this.kinds[place] === Entity.PERSON)),
      crowd,
    };
  }

  /** A copy of the newest state of who stands at a place. */
  numbers(place: number): Int32Array {
    return this.kept(place, this.newest[place]).slice();
  }

  /** Read the bits; nothing that is kept is changed. */
  private read(bits: BitReader, tick: number): Told {
    const taken = bits.take(1) === 1 ? takeMask(bits) : this.taken;
    const places: number[] = [];
    for (const [place, isTaken] of taken.entries()) {
      if (isTaken && bits.take(1) === 1) places.push(place);
    }
    return { taken, fresh: places.map((place) => this.record(bits, tick, place)) };
  }

  private record(bits: BitReader, tick: number, place: number): Fresh {
    const age = bits.take(AGE_BITS);
    const state = new Int32Array(NUMBERS);
    if (age === 0) {
      const [kind, id] = [bits.take(1), bits.take(ID_BITS)];
      decodeBody(bits, kind, age, state, state);
      return { place, id, kind, state };
    }
    const before = tick - AGES[age - 1];
    const isKept = before >= 0 && this.ringTick[place * HISTORY + (before % HISTORY)] === before;
    if (!isKept || this.ids[place] === NOBODY) {
      throw new ProtocolError("a packet refers to a state that was never sent");
    }
    decodeBody(bits, this.kinds[place], age, this.kept(place, before), state);
    return { place, id: this.ids[place], kind: this.kinds[place], state };
  }

  private kept(place: number, tick: number): Int32Array {
    const at = (place * HISTORY + (tick % HISTORY)) * NUMBERS;
    return this.ring.subarray(at, at + NUMBERS);
  }

  private forget(place: number): void {
    this.ringTick.fill(NEVER, place * HISTORY, (place + 1) * HISTORY);
  }

  private keep({ taken, fresh }: Told, tick: number): void {
    for (const [place, isTaken] of taken.entries()) {
      if (isTaken) continue;
      this.ids[place] = NOBODY;
      this.forget(place);
    }
    this.taken = taken;
    for (const { place, id, kind, state } of fresh) {
      if (this.ids[place] !== id) this.forget(place);
      this.ids[place] = id;
      this.kinds[place] = kind;
      this.newest[place] = tick;
      this.kept(place, tick).set(state);
      this.ringTick[place * HISTORY + (tick % HISTORY)] = tick;
    }
  }

  private count(tick: number): void {
    const passed = tick - this.newestTick;
    let had = 0;
    if (this.newestTick > 0 && passed <= ACK_WINDOW) {
      // Shifts count modulo 32 here: a whole word is shifted out by hand.
      had = (passed < ACK_WINDOW ? this.had << passed : 0) | (1 << (passed - 1));
    }
    this.had = had >>> 0;
    this.newestTick = tick;
  }
}
