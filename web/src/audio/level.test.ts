import { expect, test } from "vitest";
import { meterShare, rmsDecibels } from "./level";

test("a full-scale sine is 3 dB below full scale", () => {
  const sine = Float32Array.from({ length: 4800 }, (_, index) => Math.sin((index * Math.PI) / 24));
  expect(rmsDecibels(sine)).toBeCloseTo(-3.01, 2);
});

test("halving the amplitude takes 6 dB off", () => {
  const loud = Float32Array.from({ length: 100 }, () => 0.5);
  const soft = loud.map((sample) => sample / 2);
  expect((rmsDecibels(loud) ?? 0) - (rmsDecibels(soft) ?? 0)).toBeCloseTo(6.02, 2);
});

test("silence has no level", () => {
  expect(rmsDecibels(new Float32Array(64))).toBeNull();
  expect(rmsDecibels(new Float32Array(0))).toBeNull();
  expect(meterShare(null)).toBe(0);
});

test("the meter is empty at −60 dB and full at −12 dB", () => {
  expect([-60, -36, -12, 0].map(meterShare)).toEqual([0, 0.5, 1, 1]);
});
