import { expect, test } from "vitest";
import { Pace } from "./pace";

test("a fast machine draws every picture", () => {
  const pace = new Pace();
  for (let now = 0; now < 160; now += 16) {
    expect(pace.isReady(now)).toBe(true);
    pace.began(now);
    pace.finished(now + 15);
  }
});

test("after a slow picture drawing rests three times as long as it took", () => {
  const pace = new Pace();
  pace.began(0);
  pace.finished(300);
  expect(pace.isReady(1199)).toBe(false);
  expect(pace.isReady(1200)).toBe(true);
});

test("no picture is begun while another is being made", () => {
  const pace = new Pace();
  pace.began(0);
  expect(pace.isReady(10_000)).toBe(false);
});

test("the picture of the whole view waits for no rest, but for the picture before it", () => {
  const pace = new Pace();
  pace.began(0);
  expect(pace.isReady(300, true)).toBe(false);
  pace.finished(300);
  expect(pace.isReady(301, true)).toBe(true);
});

test("a still stands for a second and a half at most", () => {
  const pace = new Pace();
  pace.began(0);
  pace.finished(4000);
  expect(pace.isReady(5500)).toBe(true);
});
