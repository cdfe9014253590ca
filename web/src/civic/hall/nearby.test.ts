import { expect, test } from "vitest";
import type { CityPin } from "../../render/api";
import { bearingTo, nearestPin } from "./nearby";

const pin = (id: string, x: number, z: number): CityPin => ({
  id,
  kind: "proposal",
  tone: "fresh",
  x,
  z,
  yaw: null,
  title: { ko: id, en: id },
  detail: { ko: "", en: "" },
});

test("the nearest pin within reach is read, and none beyond it", () => {
  const pins = [pin("a", 3, 0), pin("b", 0, 2), pin("c", 40, 0)];
  expect(nearestPin(pins, [0, 0], 5)?.id).toBe("b");
  expect(nearestPin(pins, [20, 0], 5)).toBeNull();
  expect(nearestPin([], [0, 0], 5)).toBeNull();
});

test("the arrow points ahead, to the right, to the left and back", () => {
  // Yaw 0 looks north, which is −z; east is +x.
  expect(bearingTo([0, 0], 0, [0, -10])).toBeCloseTo(0);
  expect(bearingTo([0, 0], 0, [10, 0])).toBeCloseTo(Math.PI / 2);
  expect(bearingTo([0, 0], 0, [-10, 0])).toBeCloseTo(-Math.PI / 2);
  expect(Math.abs(bearingTo([0, 0], 0, [0, 10]))).toBeCloseTo(Math.PI);
  // Turned left by a quarter, west is ahead.
  expect(bearingTo([0, 0], Math.PI / 2, [-10, 0])).toBeCloseTo(0);
});
