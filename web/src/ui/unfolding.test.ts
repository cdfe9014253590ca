import { expect, test } from "vitest";
import type { ViewStats } from "../render/api";
import { unfoldedShare } from "./unfolding";

function stats(tilesLoaded: number, tilesAwaited: number, complete = false): ViewStats {
  return {
    framesPerSecond: 10,
    drawCalls: 0,
    triangles: 0,
    tilesLoaded,
    tilesVisible: tilesLoaded,
    tilesAwaited,
    bytes: 0,
    complete,
  };
}

test("nothing stands before the renderer is there", () => {
  expect(unfoldedShare(null, 0)).toBe(0);
});

test("the bar never goes back, though the view finds more tiles to want", () => {
  const half = unfoldedShare(stats(10, 10), 0);
  expect(half).toBeGreaterThan(0.4);
  expect(unfoldedShare(stats(11, 40), half)).toBe(half);
});

test("the bar is full only when the whole view has been drawn", () => {
  expect(unfoldedShare(stats(40, 0), 0)).toBeLessThan(1);
  expect(unfoldedShare(stats(40, 3, true), 0)).toBe(1);
});
