import { expect, test } from "vitest";
import type { Vec3 } from "../render/api";
import { personBefore } from "./nearest";
import type { Shown } from "./people";

const HEAD = { position: [0, 1.6, 0], orientation: [0, 0, 0, 1] } as const;

function shown(id: number, position: Vec3): Shown {
  const person = { id, name: `${id}`, colour: 0, kind: "browser", microphone: false } as const;
  const state = { position, yaw: 0, head: HEAD, left: null, right: null, speaking: false, waving: false };
  return { person, state, inCrowd: false };
}

test("whoever stands ahead comes before somebody nearer behind", () => {
  const people = [shown(1, [0, 0, 3]), shown(2, [1, 0, -8]), shown(3, [0, 0, -5])];
  expect(personBefore(people, [0, 0, 0], 0)).toBe(3);
  // Turned round: positive yaw turns left, half a turn looks south.
  expect(personBefore(people, [0, 0, 0], Math.PI)).toBe(1);
});

test("with nobody ahead the nearest counts, and further than twenty metres nobody", () => {
  expect(personBefore([shown(1, [0, 0, 6]), shown(2, [0, 0, 3])], [0, 0, 0], 0)).toBe(2);
  expect(personBefore([shown(1, [0, 0, -25])], [0, 0, 0], 0)).toBeNull();
});
