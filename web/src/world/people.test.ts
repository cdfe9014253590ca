import { expect, test } from "vitest";
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
