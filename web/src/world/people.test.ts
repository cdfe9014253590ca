import { expect, test } from "vitest";
import { Body, type PeopleRecord } from "../protocol/messages";
import { People } from "./people";

const MINH = {
  type: "entered",
  person: 2,
  name: "Minh",
  colour: 3,
  kind: "browser",
  microphone: false,
} as const;

function record(person: number, x: number, body = 0): PeopleRecord {
  const part = { position: [0, 0, 0], orientation: [0, 0, 0, 1] } as const;
  return {
    person,
    body,
    offset: [x, 0, 0],
    yaw: 0,
    headPosition: [0, 1.6, 0],
    headOrientation: [0, 0, 0, 1],
    leftPosition: part.position,
    leftOrientation: part.orientation,
    rightPosition: part.position,
    rightOrientation: part.orientation,
  };
}

function packet(tick: number, people: PeopleRecord[]) {
  return { acknowledged: 0, tick, position: [100, 20, 0], yaw: 0, people } as const;
}

test("somebody is shown where the packet puts them relative to me", () => {
  const people = new People();
  people.enter(MINH);
  for (let tick = 0; tick < 10; tick += 1) people.accept(packet(tick, [record(2, -5)]), tick / 20);
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

test("whoever is not named for a second is out of sight, but still in the city", () => {
  const people = new People();
  people.enter(MINH);
  people.accept(packet(0, [record(2, 1)]), 0);
  for (let tick = 1; tick <= 25; tick += 1) people.accept(packet(tick, []), tick / 20);
  expect(people.shown(1.3)).toEqual([]);
  expect(people.everyone()).toHaveLength(1);
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
