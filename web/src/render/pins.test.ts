import { expect, test } from "vitest";
import { distanceToSegment, pinAt, type SeenPin } from "./pins_pick";
import { PIN_HEIGHT, pinShape } from "./pins_shape";

const pin = (id: string, x: number, distance: number, height = 100): SeenPin => ({
  id,
  foot: [x, 500],
  top: [x, 500 - height],
  distance,
});

test("a press on a pin means that pin, and a press beside all of them means none", () => {
  const pins = [pin("a", 200, 10), pin("b", 400, 20)];
  expect(pinAt(pins, [205, 450])).toBe("a");
  expect(pinAt(pins, [390, 410])).toBe("b");
  expect(pinAt(pins, [300, 450])).toBeNull();
  expect(pinAt([], [0, 0])).toBeNull();
});

test("of two pins behind each other the nearer one is meant, whatever their order", () => {
  const [near, far] = [pin("near", 200, 4), pin("far", 204, 40)];
  expect(pinAt([near, far], [203, 480])).toBe("near");
  expect(pinAt([far, near], [203, 480])).toBe("near");
});

test("a far pin is still large enough for a finger", () => {
  expect(pinAt([pin("far", 200, 70, 12)], [218, 496])).toBe("far");
  expect(pinAt([pin("far", 200, 70, 12)], [224, 496])).toBeNull();
});

test("distance to a segment is measured to its ends, too", () => {
  expect(distanceToSegment([3, 4], [0, 0], [0, 0])).toBe(5);
  expect(distanceToSegment([0, -7], [0, 0], [0, 10])).toBe(7);
  expect(distanceToSegment([2, 5], [0, 0], [0, 10])).toBe(2);
});

test.each(["proposal", "report", "vote"] as const)(
  "a %s stands on the ground and is as high as said",
  (kind) => {
    const shape = pinShape(kind);
    shape.computeBoundingBox();
    expect(shape.boundingBox?.min.y).toBeCloseTo(0, 2);
    expect(shape.boundingBox?.max.y).toBeCloseTo(PIN_HEIGHT[kind], 0);
    expect(shape.index?.count ?? 0).toBeLessThan(3 * 260);
  },
);

test("the three kinds differ in their outline, not by colour alone", () => {
  const widths = (["proposal", "report", "vote"] as const).map((kind) => {
    const shape = pinShape(kind);
    shape.computeBoundingBox();
    const { min, max } = shape.boundingBox ?? { min: { x: 0 }, max: { x: 0 } };
    return Math.round((max.x - min.x) * 100);
  });
  expect(new Set(widths).size).toBe(3);
});
