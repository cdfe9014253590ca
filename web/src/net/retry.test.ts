import { expect, test } from "vitest";
import { Close } from "../protocol/messages";
import { isFinal, retryWait, SilenceWatch } from "./retry";

test("waits double up to eight seconds", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7].map((failures) => retryWait(failures, () => 0));
  expect(waits).toEqual([400, 800, 1600, 3200, 6400, 8000, 8000]);
});

test("scatter shortens a wait by a quarter at most", () => {
  expect(retryWait(3, () => 1)).toBe(1200);
});

test("two seconds without a packet are silence", () => {
  const watch = new SilenceWatch(250, 0);
  const looks = Array.from({ length: 9 }, (_, index) => watch.look((index + 1) * 250));
  expect(looks).toEqual([...Array(8).fill(false), true]);
});

test("a packet begins the silence anew", () => {
  const watch = new SilenceWatch(250, 0);
  for (let now = 250; now <= 1750; now += 250) watch.look(now);
  watch.heard();
  expect(watch.look(2000)).toBe(false);
  expect(watch.look(2250)).toBe(false);
});

test("a page that stood still for five seconds does not take its own sleep for silence", () => {
  const watch = new SilenceWatch(250, 0);
  expect(watch.look(5000)).toBe(false);
  watch.heard();
  expect(watch.look(5250)).toBe(false);
});

test("what would be refused again is not tried again, what may heal is", () => {
  expect([Close.REPLACED, Close.FULL, Close.BAD_NAME, Close.REMOVED].every(isFinal)).toBe(true);
  expect([1006, 1001, Close.GOING_DOWN, Close.TIMED_OUT, 0].some(isFinal)).toBe(false);
});
