import { expect, test } from "vitest";
import { SentPositions } from "./reconcile";

test("where the server agrees nothing changes, however far I walked since", () => {
  const sent = new SentPositions();
  sent.remember(1, [0, 0, 0]);
  sent.remember(2, [3, 0, 0]);
  expect(sent.correct(1, [0, 5, 0])).toBeNull();
});

test("more than half a metre off snaps by exactly the error", () => {
  const sent = new SentPositions();
  sent.remember(7, [10, 0, 4]);
  expect(sent.correct(7, [9, 0, 4])).toEqual({ kind: "snap", shift: [-1, 0, 0] });
});

test("a snap is not repeated for samples that were sent before it", () => {
  const sent = new SentPositions();
  sent.remember(1, [10, 0, 0]);
  sent.remember(2, [10.2, 0, 0]);
  sent.correct(1, [8, 0, 0]);
  expect(sent.correct(2, [8.2, 0, 0])).toBeNull();
});

test("a small error fades and never overshoots", () => {
  const sent = new SentPositions();
  let [mine, kind] = [0.4, ""];
  for (let sequence = 0; sequence < 60; sequence += 1) {
    sent.remember(sequence, [mine, 0, 0]);
    const correction = sent.correct(sequence, [0, 0, 0]);
    if (correction === null) continue;
    kind = correction.kind;
    mine += correction.shift[0];
    expect(mine).toBeGreaterThanOrEqual(0);
  }
  expect(kind).toBe("blend");
  expect(mine).toBeLessThan(0.021);
});

test("an acknowledgement of something forgotten says nothing", () => {
  const sent = new SentPositions();
  sent.remember(1, [0, 0, 0]);
  sent.clear();
  expect(sent.correct(1, [50, 0, 0])).toBeNull();
});
