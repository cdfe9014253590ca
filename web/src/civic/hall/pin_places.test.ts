import { expect, test } from "vitest";
import { boardPlace, spread } from "./pin_places";

const distance = (a: { x: number; z: number }, b: { x: number; z: number }) =>
  Math.hypot(a.x - b.x, a.z - b.z);

test("a pin alone stands exactly where it belongs", () => {
  expect(spread([{ x: 10, z: -4 }], [{ point: [100, 100], yaw: 0 }])).toEqual([{ x: 10, z: -4 }]);
});

test("twenty pins of one point do not stand in one another, and stay near it", () => {
  const pins = spread(
    Array.from({ length: 20 }, () => ({ x: 10, z: 20 })),
    [],
  );
  for (const [i, a] of pins.entries()) {
    for (const b of pins.slice(i + 1)) expect(distance(a, b)).toBeGreaterThan(1.5);
    expect(distance(a, { x: 10, z: 20 })).toBeLessThan(12);
  }
});

test("nobody arrives inside a pin", () => {
  const arrival = { x: 40, z: 66 };
  const pins = spread(
    Array.from({ length: 16 }, () => ({ ...arrival })),
    [{ point: [arrival.x, arrival.z], yaw: 0 }],
  );
  for (const [i, pin] of pins.entries()) {
    expect(distance(pin, arrival)).toBeGreaterThan(8);
    // Ahead of whoever arrives looking north, so that they see it.
    expect(pin.z).toBeLessThan(arrival.z);
    for (const other of pins.slice(i + 1)) expect(distance(pin, other)).toBeGreaterThan(2);
  }
});

test("a pin that comes later moves none that stood before", () => {
  const three = Array.from({ length: 3 }, (_, id) => ({ id, x: 0, z: 0 }));
  const four = [...three, { id: 3, x: 0, z: 0 }];
  expect(spread(four, []).slice(0, 3)).toEqual(spread(three, []));
});

test("boards stand before whoever arrives, in a row, and look back at them", () => {
  const north = boardPlace({ point: [0, 0], yaw: 0 }, 0, 1);
  expect(north.x).toBeCloseTo(0);
  expect(north.z).toBeCloseTo(-7);
  // Yaw positive turns left: at a quarter turn people look west.
  const west = boardPlace({ point: [0, 0], yaw: Math.PI / 2 }, 0, 1);
  expect(west.x).toBeCloseTo(-7);
  expect(west.z).toBeCloseTo(0);
  const row = [0, 1, 2].map((index) => boardPlace({ point: [0, 0], yaw: 0 }, index, 3));
  expect(row.map(({ x }) => Math.round(x * 10) / 10)).toEqual([-2.6, 0, 2.6]);
});
