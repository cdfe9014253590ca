import { describe, expect, it, test } from "vitest";
import { bytes, hex } from "./hex";
import { Entity, NUMBERS } from "./layout";
import { Body, MAX_NEAR, PROTOCOL_VERSION, ProtocolError } from "./messages";
import { type PersonRecord, quaternion, readPerson } from "./person";
import { GROUPS } from "./record";
import { VECTORS } from "./vectors";
import { type News, View } from "./view";

/** Whether a round begins, the tick, and for each id, place, heading, whether they speak and wave. */
type CrowdRow = readonly [boolean, number, readonly (readonly number[])[]];

interface Step {
  readonly hex: string;
  readonly late: boolean;
  readonly digest: number;
  readonly crowd: CrowdRow | null;
  readonly seen: readonly [number, number];
}

interface WalkStep extends Step {
  readonly there: readonly number[];
  readonly people: readonly (readonly number[])[];
}

/** Which packet, its length in bytes, which bit of it is turned over, and the digest after it. */
type Bent = readonly [number, number, number, number];

const REFUSED = -1;
const LATE = -2;
const vectors: {
  readonly walk: WalkStep[];
  readonly crowd: Step[];
  readonly bentWalk: Bent[];
  readonly bentCrowd: Bent[];
} = JSON.parse(VECTORS);

/** The same hash of what a view holds as `tools/protocol_sequences.py` makes. */
function digest(view: View): number {
  const words = [...view.ids];
  for (let place = 0; place < MAX_NEAR; place++) if (view.ids[place] >= 0) words.push(...view.numbers(place));
  words.push(view.seen, view.seenBefore);
  return words.reduce((value, word) => Math.imul(value ^ word, 0x01000193) >>> 0, 0x811c9dc5);
}

/** A person's values in the order of the vectors. */
function row(person: PersonRecord): number[] {
  const { id, body, position, yaw } = person;
  const values = [id, body, ...position, yaw, ...person.headPosition, ...person.headOrientation];
  if (body & Body.LEFT_HAND) values.push(...person.leftPosition, ...person.leftOrientation);
  if (body & Body.RIGHT_HAND) values.push(...person.rightPosition, ...person.rightOrientation);
  return values;
}

function crowdRow({ crowd }: News): CrowdRow {
  const rows = crowd.people.map((one) => [
    one.id,
    ...one.position,
    one.yaw,
    Number(one.speaking),
    Number(one.waving),
  ]);
  return [crowd.begins, crowd.tick, rows];
}

function bentBy([, size, wrong]: Bent, packet: string): Uint8Array {
  const data = bytes(packet).subarray(0, size);
  if (wrong >= 0) data[wrong >> 3] ^= 1 << (wrong & 7);
  return data;
}

/** Take a packet in, or tell what became of it; a refusal must leave the view as it was. */
function outcome(view: View, data: Uint8Array): number {
  const before = digest(view);
  try {
    if (view.take(data) === null) return LATE;
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
    expect(digest(view)).toBe(before);
    return REFUSED;
  }
  return digest(view);
}

function viewAfter(steps: readonly Step[], count: number): View {
  const view = new View();
  for (const step of steps.slice(0, count)) view.take(bytes(step.hex));
  return view;
}

describe("packets of the server's replication", () => {
  test("a walk with a loss, a late packet, a teleport, comers and goers is seen as it was", () => {
    const view = new View();
    const held = new Map<number, readonly number[]>();
    for (const step of vectors.walk) {
      const news = view.take(bytes(step.hex));
      expect(news === null).toBe(step.late);
      expect([view.seen, view.seenBefore]).toEqual(step.seen);
      expect(digest(view)).toBe(step.digest);
      for (const person of step.people) held.set(person[0], person);
      for (const id of held.keys()) if (!step.there.includes(id)) held.delete(id);
      if (news === null) continue;
      expect([...news.there].sort((a, b) => a - b)).toEqual(step.there);
      expect(news.people.map(({ id }) => id)).toEqual(step.people.map(([id]) => id));
      for (const [place, id] of view.ids.entries()) {
        if (id < 0) continue;
        const [found, wanted] = [row(readPerson(id, view.numbers(place))), held.get(id) ?? []];
        expect(found.length).toBe(wanted.length);
        for (const [index, value] of wanted.entries())
          expect(Math.abs(found[index] - value)).toBeLessThan(1e-6);
      }
    }
    expect(vectors.walk.some(({ late }) => late)).toBe(true);
  });

  test("a crowd that does not fit into one packet fills the places of both halves of the mask", () => {
    const view = new View();
    const [rounds, heard] = [new Set<number>(), new Set<number>()];
    for (const step of vectors.crowd) {
      const news = view.take(bytes(step.hex));
      expect(digest(view)).toBe(step.digest);
      expect(news === null ? null : crowdRow(news)).toEqual(step.crowd);
      if (news?.crowd.begins) rounds.add(news.me.tick);
      for (const { id } of news?.crowd.people ?? []) heard.add(id);
    }
    expect(rounds.size).toBeGreaterThan(0);
    expect(heard.size).toBeGreaterThan(MAX_NEAR);
    expect(view.ids.filter((id) => id >= 0)).toHaveLength(MAX_NEAR);
  });

  it.each(["walk", "crowd"] as const)(
    "a packet of a %s comes again: it is late, and changes nothing",
    (name) => {
      const view = viewAfter(vectors[name], 5);
      const before = digest(view);
      expect(view.take(bytes(vectors[name][4].hex))).toBeNull();
      expect(view.take(bytes(vectors[name][1].hex))).toBeNull();
      expect(digest(view)).toBe(before);
    },
  );

  test("without a base that it refers to a packet is refused, and a full one taken in after that", () => {
    const view = new View();
    expect(outcome(view, bytes(vectors.walk[6].hex))).toBe(REFUSED);
    expect(view.seen).toBe(0);
    expect(view.take(bytes(vectors.walk[0].hex))?.there.size).toBe(11);
  });
});

describe("packets that were bent on their way", () => {
  it.each([
    ["walk", vectors.bentWalk],
    ["crowd", vectors.bentCrowd],
  ] as const)("are refused whole, or mean what they mean to the server: a %s", (name, bent) => {
    for (const one of bent) {
      const view = viewAfter(vectors[name], one[0]);
      expect(outcome(view, bentBy(one, vectors[name][one[0]].hex)), String(one)).toBe(one[3]);
    }
    expect(bent.some(([, , , result]) => result === REFUSED)).toBe(true);
    expect(bent.some(([, , , result]) => result >= 0)).toBe(true);
  });

  test("whatever comes, what is held is whole", () => {
    // A linear congruential generator (Numerical Recipes): the same packets each time.
    let seed = 20260518;
    const draw = (below: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const counts = { refused: 0, taken: 0 };
    for (let round = 0; round < 60; round++) {
      const view = viewAfter(vectors.walk, draw(4));
      for (let number = 0; number < 20; number++) {
        const data = bytes(vectors.walk[draw(vectors.walk.length)].hex);
        for (let bits = draw(4); bits >= 0; bits--) data[10 + draw(data.length - 10)] ^= 1 << draw(8);
        const result = outcome(view, data.subarray(0, draw(8) === 0 ? draw(data.length) : data.length));
        if (result >= 0) counts.taken += 1;
        else counts.refused += 1;
        for (const [place, id] of view.ids.entries()) if (id >= 0) sound(view, place);
      }
    }
    expect(Math.min(counts.refused, counts.taken)).toBeGreaterThan(50);
  });
});

function sound(view: View, place: number): void {
  const numbers = view.numbers(place);
  expect(numbers).toHaveLength(NUMBERS);
  if (view.kinds[place] !== Entity.PERSON) return;
  const values = row(readPerson(view.ids[place], numbers));
  expect(values.every(Number.isFinite)).toBe(true);
  expect(Math.hypot(...values.slice(9, 13))).toBeCloseTo(1, 9);
}

test("acknowledgements tell the ticks that came, as far back as a word reaches", () => {
  const head = (tick: number) => {
    const packet = new DataView(new ArrayBuffer(23));
    packet.setUint8(0, PROTOCOL_VERSION);
    packet.setUint8(1, 2);
    packet.setUint32(4, tick, true);
    return packet.buffer;
  };
  const view = new View();
  const after = (tick: number) => {
    expect(view.take(head(tick))).not.toBeNull();
    return [view.seen, view.seenBefore];
  };
  expect(after(100)).toEqual([100, 0]);
  expect(after(101)).toEqual([101, 0b1]);
  expect(after(104)).toEqual([104, 0b1100]);
  expect(after(105)).toEqual([105, 0b11001]);
  expect(after(132)).toEqual([132, (0b110011 * 2 ** 26) % 2 ** 32]);
  expect(after(164)).toEqual([164, 2 ** 31]);
  expect(after(197)).toEqual([197, 0]);
  expect(after(0xffffffff)).toEqual([0xffffffff, 0]);
});

test("a thing that is no person is held, and not told as one", () => {
  const prop = GROUPS[Entity.PROP];
  let bits = `1${"1".padEnd(MAX_NEAR, "0")}1${"000"}1${"1".padEnd(32, "0")}0000`;
  for (const _ of [0, 1, 2]) bits += "1".padEnd(28, "0");
  const zero = "11111111110";
  bits += `11${zero}${zero}${zero}`;
  const body = bits.match(/.{1,8}/g) ?? [];
  const stream = body.map((eight) => Number.parseInt([...eight.padEnd(8, "0")].reverse().join(""), 2));
  const view = new View();
  const news: News | null = view.take(
    Uint8Array.from([PROTOCOL_VERSION, 2, 0, 0, 9, 0, 0, 0, ...new Array(14).fill(0), ...stream]),
  );
  expect([news?.places, news?.people, news?.there.size]).toEqual([[0], [], 0]);
  expect([view.ids[0], view.kinds[0]]).toEqual([1, Entity.PROP]);
  expect([...view.numbers(0).subarray(0, 4)]).toEqual([0, 1, 1, 1]);
  expect(quaternion(prop[1], view.numbers(0))).toEqual([0, 0, 0, 1]);
});

test("hexadecimal text and bytes are the same", () => {
  expect(hex(bytes("00ff7a"))).toBe("00ff7a");
});
