import { expect, test } from "vitest";
import type { PersonState } from "../render/api";
import { CARRY_ON, SlowlyFalling, StateBuffer, TickClock } from "./interpolation";

function state(x: number, yaw = 0): PersonState {
  return {
    position: [x, 0, 0],
    yaw,
    head: { position: [0, 1.6, 0], orientation: [0, 0, 0, 1] },
    left: null,
    right: null,
    speaking: false,
    waving: false,
  };
}

test("between two states people are in between", () => {
  const buffer = new StateBuffer();
  buffer.push(1.0, state(0));
  buffer.push(1.05, state(0.1));
  expect(buffer.at(1.025)?.position[0]).toBeCloseTo(0.05);
});

test("what is not newer than the newest changes nothing", () => {
  const buffer = new StateBuffer();
  buffer.push(1.0, state(0));
  buffer.push(1.1, state(0.2));
  buffer.push(1.05, state(9));
  buffer.push(1.1, state(9));
  expect(buffer.at(1.05)?.position[0]).toBeCloseTo(0.1);
  expect([buffer.newest(), buffer.size]).toEqual([1.1, 2]);
});

test("after the newest state people carry on a little, then stand", () => {
  const buffer = new StateBuffer();
  buffer.push(1.0, state(0));
  buffer.push(1.05, state(0.1));
  expect(buffer.at(1.1)?.position[0]).toBeCloseTo(0.2);
  expect(buffer.at(9)?.position[0]).toBeCloseTo(0.1 + 2 * CARRY_ON);
});

test("a teleport is a jump, not a flight", () => {
  const buffer = new StateBuffer();
  buffer.push(1.0, state(0));
  buffer.push(1.05, state(100));
  expect(buffer.at(1.01)?.position[0]).toBe(100);
});

test("turning takes the short way through south", () => {
  const buffer = new StateBuffer();
  buffer.push(1.0, state(0, 3.1));
  buffer.push(1.1, state(0, -3.1));
  const yaw = buffer.at(1.05)?.yaw ?? 0;
  expect(Math.abs(yaw)).toBeCloseTo(Math.PI, 1);
});

test("the tick clock follows the packets that came with the least delay", () => {
  const clock = new TickClock(0.05);
  const delays = [0.03, 0.08, 0.03, 0.2, 0.05, 0.03];
  for (let tick = 100; tick < 400; tick += 1) clock.hear(tick, tick * 0.05 + delays[tick % delays.length]);
  expect(clock.at(20 + 0.03)).toBeCloseTo(20, 2);
});

test("the tick clock never runs backwards while it settles", () => {
  const clock = new TickClock(0.05);
  let last = Number.NEGATIVE_INFINITY;
  for (let tick = 0; tick < 100; tick += 1) {
    const now = tick * 0.05 + (tick < 50 ? 0.02 : 0.06);
    clock.hear(tick, now);
    const time = clock.at(now) ?? 0;
    expect(time).toBeGreaterThanOrEqual(last);
    last = time;
  }
});

test("jitter is the latest packet at once, and is forgotten slowly", () => {
  const clock = new TickClock(0.05);
  const hear = (tick: number, late: number) => clock.hear(tick, tick * 0.05 + 0.03 + late);
  for (let tick = 0; tick < 40; tick += 1) hear(tick, 0);
  expect(clock.jitter()).toBeCloseTo(0);
  hear(40, 0.08);
  expect(clock.jitter()).toBeCloseTo(0.08);
  for (let tick = 41; tick <= 60; tick += 1) hear(tick, 0);
  expect(clock.jitter()).toBeGreaterThan(0.06);
  for (let tick = 61; tick <= 500; tick += 1) hear(tick, 0);
  expect(clock.jitter()).toBeLessThan(0.005);
  clock.reset();
  expect([clock.at(1), clock.jitter()]).toEqual([null, 0]);
});

test("what falls slowly never falls below what it hears", () => {
  const measure = new SlowlyFalling(1, 0.2);
  measure.hear(0.1, 0);
  expect(measure.value).toBeCloseTo(0.2);
  measure.hear(0.1, 1);
  expect(measure.value).toBeCloseTo(0.1 + 0.1 / Math.E);
  measure.hear(0.5, 1.1);
  expect(measure.value).toBe(0.5);
  measure.hear(0.3, 100);
  expect(measure.value).toBeCloseTo(0.3);
});
