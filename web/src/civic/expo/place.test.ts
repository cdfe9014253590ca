import { expect, test } from "vitest";
import type { Slot } from "./expo";
import { before, isIn, planOf, slotBefore } from "./place";

const slot = (id: string, x: number, z: number): Slot =>
  ({ id, position: [x, 0, z], yaw: 0 }) as unknown as Slot;

test("one stands before the nearest booth within reach", () => {
  const slots = [slot("a", 0, 0), slot("b", 8, 0)];
  expect(slotBefore(slots, [1, 0, 4], null)?.id).toBe("a");
  expect(slotBefore(slots, [6, 0, 1], null)?.id).toBe("b");
  expect(slotBefore(slots, [0, 0, 9], null)).toBeNull();
});

test("whoever came to a booth stays with it for a step more", () => {
  const slots = [slot("a", 0, 0), slot("b", 9, 0)];
  expect(slotBefore(slots, [0, 0, 6], null)).toBeNull();
  expect(slotBefore(slots, [0, 0, 6], "a")?.id).toBe("a");
  expect(slotBefore(slots, [0, 0, 7], "a")).toBeNull();
  expect(slotBefore(slots, [4.9, 0, 0], "a")?.id).toBe("a");
  expect(slotBefore(slots, [4.9, 0, 0], null)?.id).toBe("b");
});

test("a point is in a turned slot or not, whichever way its corners go", () => {
  const diamond = [
    [0, -3],
    [3, 0],
    [0, 3],
    [-3, 0],
  ];
  for (const corners of [diamond, [...diamond].reverse()]) {
    expect(isIn(corners, [1, 1])).toBe(true);
    expect(isIn(corners, [2.5, 2.5])).toBe(false);
  }
});

test("before a booth that looks north one stands north of it and looks south", () => {
  const { position, yaw } = before({ position: [10, 2, 20], yaw: 0 }, 4);
  expect(position).toEqual([10, 2, 16]);
  expect(yaw).toBe(Math.PI);
});

test("the plan has the way in at its lower edge, whichever way the hall lies", () => {
  for (const yaw of [0, Math.PI / 2, 0.5236]) {
    const [sin, cos] = [Math.sin(yaw), Math.cos(yaw)];
    // A floor of 40 m across and 30 m deep round the origin, entered along `yaw`.
    const at = (right: number, ahead: number): [number, number] => [
      right * cos - ahead * sin,
      -right * sin - ahead * cos,
    ];
    const corners = [at(-20, -15), at(20, -15), at(20, 15), at(-20, 15)];
    const hall = { floor: { corners, y: 0 }, arrival: { position: [0, 0, 0] as const, yaw } };
    const plan = planOf(hall);
    expect(plan.shape).toBeCloseTo(4 / 3);
    const [x, y] = plan.place(at(10, -15));
    expect(x).toBeCloseTo(0.75);
    expect(y).toBeCloseTo(1);
  }
});
