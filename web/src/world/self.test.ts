import { expect, test } from "vitest";
import { RUN_SPEED, Self, WALK_SPEED } from "./self";

const STILL = { forward: 0, right: 0, run: false, turn: 0, pitch: 0 };
const FLAT = () => 0;

function walk(seconds: number, intent: Partial<typeof STILL>, yaw = 0): Self {
  const self = new Self();
  self.place([0, 0, 0], yaw);
  for (let at = 0; at < seconds; at += 1 / 60) self.step(1 / 60, { ...STILL, ...intent }, FLAT);
  return self;
}

test("forward at yaw 0 is north, which is −z", () => {
  const [x, , z] = walk(1, { forward: 1 }).position;
  expect(x).toBeCloseTo(0);
  expect(z).toBeLessThan(-1.5);
});

test("a quarter turn to the left makes forward west", () => {
  const [x, , z] = walk(1, { forward: 1 }, Math.PI / 2).position;
  expect(x).toBeLessThan(-1.5);
  expect(z).toBeCloseTo(0);
});

test("right at yaw 0 is east", () => {
  expect(walk(1, { right: 1 }).position[0]).toBeGreaterThan(1.5);
});

test("walking sideways and forward at once is no faster", () => {
  const self = walk(2, { forward: 1, right: 1 });
  expect(Math.hypot(self.position[0], self.position[2])).toBeLessThanOrEqual(WALK_SPEED * 2.05);
});

test("running stays below what the server grants", () => {
  const self = walk(2, { forward: 1, run: true });
  expect(Math.hypot(self.position[0], self.position[2])).toBeLessThanOrEqual(RUN_SPEED * 2.05);
  expect(RUN_SPEED).toBeLessThan(6);
});

test("feet follow the ground, and keep their height where it is not known yet", () => {
  const self = new Self();
  self.place([0, 7, 0], 0);
  self.step(0.1, { ...STILL, forward: 1 }, () => undefined);
  expect(self.position[1]).toBe(7);
  self.step(0.1, { ...STILL, forward: 1 }, () => 9.5);
  expect(self.position[1]).toBe(9.5);
});

test("the head does not turn over", () => {
  const self = walk(1, { pitch: 0.2 });
  const [x, , , w] = self.pose().head.orientation;
  expect(2 * Math.atan2(x, w)).toBeLessThan(Math.PI / 2);
});
