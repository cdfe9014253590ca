import { expect, test } from "vitest";
import { type Projection, panned, toPixel, toWorld, visibleBox, zoomed } from "./projection";

const MAP: Projection = { centre: [100, -50], metresPerPixel: 2, width: 200, height: 100 };

test("the centre is in the middle, east to the right, south below", () => {
  expect(toPixel(MAP, [100, -50])).toEqual([100, 50]);
  expect(toPixel(MAP, [120, -50])).toEqual([110, 50]);
  expect(toPixel(MAP, [100, -30])).toEqual([100, 60]);
});

test("pixels and world are inverse to each other", () => {
  expect(toWorld(MAP, toPixel(MAP, [37, 12]))).toEqual([37, 12]);
});

test("dragging to the right shows what lies west", () => {
  expect(panned(MAP, 10, 0).centre).toEqual([80, -50]);
});

test("zooming keeps the point under the finger", () => {
  const anchor = [30, 80] as const;
  const closer = zoomed(MAP, 2, anchor);
  expect(closer.metresPerPixel).toBe(1);
  expect(toWorld(closer, anchor)).toEqual(toWorld(MAP, anchor));
});

test("zooming ends at the whole city and at a square", () => {
  expect(zoomed(MAP, 1e-6, [0, 0]).metresPerPixel).toBe(90);
  expect(zoomed(MAP, 1e6, [0, 0]).metresPerPixel).toBe(0.5);
});

test("the visible box covers the picture", () => {
  expect(visibleBox(MAP)).toEqual({ left: -100, right: 300, top: -150, bottom: 50 });
});
