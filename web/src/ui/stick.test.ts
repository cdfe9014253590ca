import { expect, test } from "vitest";
import { stickAxes } from "./stick";

test("a resting thumb does nothing, pushing up walks forward", () => {
  expect(stickAxes(1, -2)).toEqual([0, 0]);
  const [right, forward] = stickAxes(0, -15);
  expect(right).toBeCloseTo(0);
  expect(forward).toBeCloseTo(0.5);
});

test("pushed past the rim the stick stays at one", () => {
  const [right, forward] = stickAxes(300, 300);
  expect(Math.hypot(right, forward)).toBeCloseTo(1);
});
