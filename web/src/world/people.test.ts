import { describe, expect, test } from "vitest";
import { Body } from "../protocol/messages";
import type { PersonRecord } from "../protocol/person";
import { People } from "./people";

const MINH = {
  type: "entered",
  person: 2,
  name: "Minh",
  colour: 3,
  kind: "browser",
  microphone: false,
} as const;

function record(person: number, x: number, body = 0): PersonRecord {
  const part = { position: [0, 0, 0], orientation: [0, 0, 0, 1] } as const;
  return {
    id: person,
    body,
    position: [x, 20, 0],
    yaw: 0,
    headPosition: [0, 1.6, 0],
    headOrientation: [0, 0, 0, 1],
    leftPosition: part.position,
    leftOrientation: part.orientation,
    rightPosition: part.position,
    rightOrientation: part.orientation,
  };
}

/** News of some; `there` is who is in sight without news. */
function packet(tick: number, people: PersonRecord[], there: number[] = []) {
  const me = { acknowledged: 0, tick, position: [100, 20, 0], yaw: 0 } as const;
  return { me, people, there: new Set([...there, ...people.map(({ id }) => id)]) };
}

test("somebody is shown where the packet puts them", () => {
  const people = new People();
  people.enter(MINH);
  for (let tick = 0; tick < 10; tick += 1) people.accept(packet(tick, [record(2, 95)]), tick / 20);
  const [shown] = people.shown(0.5);
  expect(shown.person.name).toBe("Minh");
  expect(shown.state.position).toEqual([95, 20, 0]);
});

test("nobody is shown before they were introduced", () => {
  const people = new People();
  people.accept(packet(1, [record(2, 1)]), 0);
  expect(people.shown(0.1)).toEqual([]);
  people.enter(MINH);
  expect(people.shown(0.1)).toHaveLength(1);
});

test("whoever is at no place any more is gone at once, but still in the city", () => {
  const people = new People();
  people.enter(MINH);
  people.accept(packet(1, [record(2, 1)]), 0.05);
  people.accept(packet(2, []), 0.1);
  expect(people.shown(0.1)).toEqual([]);
  expect(people.everyone()).toHaveLength(1);
  people.accept(packet(3, [record(2, 30)]), 0.15);
  expect(people.shown(0.15)[0].state.position[0]).toBe(30);
});

test("whoever is still there without news is shown on", () => {
  const people = new People();
  people.enter(MINH);
  for (let tick = 1; tick <= 60; tick += 1) {
    people.accept(packet(tick, tick % 4 === 0 ? [record(2, tick / 10)] : [], [2]), tick / 20);
    const shown = people.shown(tick / 20);
    expect(shown).toHaveLength(tick < 4 ? 0 : 1);
  }
  // Two metres a second, less what the time between two news of them makes of it.
  expect(people.shown(3)[0].state.position[0]).toBeCloseTo(6 - 2 * 0.2, 1);
});

test("a leaver is gone at once", () => {
  const people = new People();
  people.enter(MINH);
  people.accept(packet(0, [record(2, 1)]), 0);
  expect(people.leave(2)?.name).toBe("Minh");
  expect(people.shown(0.1)).toEqual([]);
});

test("speaking, waving and hands come from the flags", () => {
  const people = new People();
  people.enter(MINH);
  people.accept(packet(0, [record(2, 1, Body.SPEAKING | Body.RIGHT_HAND)]), 0);
  const [{ state }] = people.shown(0.1);
  expect([state.speaking, state.waving, state.left, state.right === null]).toEqual([
    true,
    false,
    null,
    false,
  ]);
});

describe("from the nearest to the crowd and back", () => {
  /** Somebody who walks along x, near until 3 s, in the crowd until 8 s, then near again; all they are shown as. */
  function walk(pace: number): { x: number; yaw: number; inCrowd: boolean; bodies: number }[] {
    const people = new People();
    people.enter(MINH);
    const frames: { x: number; yaw: number; inCrowd: boolean; bodies: number }[] = [];
    for (let tick = 1; tick <= 240; tick += 1) {
      const now = tick / 20;
      const isNear = now < 3 || now >= 8;
      people.accept(packet(tick, isNear ? [record(2, pace * now)] : []), now);
      // Others of the crowd are told of all the time: it is a server that knows of crowds.
      if (tick % 20 === 0) {
        const who = isNear ? 99 : 2;
        people.acceptCrowd(
          [{ person: who, x: pace * now, y: 20, z: 0, yaw: 0.25 * (now - 3), at: now }],
          now,
        );
      }
      for (const part of [0, 1, 2]) {
        const shown = people.shown(now + part / 60);
        const [first] = shown;
        if (first === undefined) continue;
        const { position, yaw } = first.state;
        frames.push({ x: position[0], yaw, inCrowd: first.inCrowd, bodies: shown.length });
      }
    }
    return frames;
  }

  test("they walk on without a jump, and are one person", () => {
    const frames = walk(1.4);
    expect(frames.length).toBeGreaterThan(700);
    expect(new Set(frames.map(({ bodies }) => bodies))).toEqual(new Set([1]));
    expect(new Set(frames.map(({ inCrowd }) => inCrowd))).toEqual(new Set([true, false]));
    const steps = frames.slice(1).map(({ x }, index) => Math.abs(x - frames[index].x));
    // At sixty frames a second nobody goes over faster than a runner.
    expect(Math.max(...steps)).toBeLessThan(4.5 / 60);
    const turns = frames.slice(1).map(({ yaw }, index) => Math.abs(yaw - frames[index].yaw));
    expect(Math.max(...turns)).toBeLessThan(0.05);
  });

  test("a server that tells of no crowd has them gone at once", () => {
    const people = new People();
    people.enter(MINH);
    people.accept(packet(1, [record(2, 1)]), 0.05);
    people.shown(0.05);
    people.accept(packet(2, []), 0.1);
    expect(people.shown(0.1)).toEqual([]);
  });

  test("a leaver is gone from the crowd, too", () => {
    const people = new People();
    people.enter(MINH);
    people.accept(packet(1, []), 0.05);
    people.acceptCrowd([{ person: 2, x: 1, y: 0, z: 0, yaw: 0, at: 0.05 }], 0.05);
    expect(people.shown(0.1)).toHaveLength(1);
    people.leave(2);
    expect(people.shown(0.1)).toEqual([]);
  });
});

test("whatever comes, counts and list are what was told, and nobody is counted twice", () => {
  let state = 1;
  const draw = (most: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
  const [people, inCity] = [new People(), new Set<number>()];
  for (let tick = 1; tick <= 2000; tick += 1) {
    const now = tick / 20;
    const id = 2 + draw(30);
    if (draw(3) > 0) inCity.add(id);
    else inCity.delete(id);
    if (inCity.has(id)) people.enter({ ...MINH, person: id });
    else people.leave(id);
    if (draw(200) === 0) {
      people.clear();
      inCity.clear();
    }
    // The server tells of those who are in the city, and of each either near or in the crowd.
    const near = [...inCity].filter((one) => (one * 7 + Math.floor(tick / 50)) % 3 === 0);
    const far = [...inCity].filter((one) => !near.includes(one));
    const packets = near.map((one) => record(one, one));
    people.accept(packet(tick, packets), now);
    people.acceptCrowd(
      far.map((person) => ({ person, x: person, y: 20, z: 0, yaw: 0, at: now })),
      now,
    );
    const shown = people.shown(now).map(({ person }) => person.id);
    expect(new Set(shown)).toEqual(inCity);
    expect(shown).toHaveLength(inCity.size);
    expect(people.counts(now)).toEqual({ city: inCity.size + 1, near: inCity.size });
    expect(people.counts(now, true)).toEqual({ city: inCity.size, near: inCity.size });
    expect(people.everyone()).toHaveLength(inCity.size);
  }
});
