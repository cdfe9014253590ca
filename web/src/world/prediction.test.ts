/** Myself, walking over a scripted link: what I predict and what the server holds are brought together unseen. */

import { describe, expect, it } from "vitest";
import type { Vec3 } from "../render/api";
import { groundDistance } from "./body";
import { SentPositions } from "./reconcile";
import { Self, WALK_SPEED } from "./self";

const FRAME = 1 / 60;
const TICK = 3;
/** Frames that a packet is under way: 80 ms there and back. */
const DELAY = Math.round(0.04 / FRAME);
const AHEAD = { forward: 1, right: 0, run: false, turn: 0, pitch: 0 };

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Sent {
  readonly at: number;
  readonly sequence: number;
  readonly position: Vec3;
}

interface Step {
  /** Metres by which a correction moved me in this frame. */
  readonly corrected: number;
  /** Metres that I went in this frame, corrections included. */
  readonly went: number;
}

/**
 * Walk straight on for some seconds; the server holds what it got, rounded to the wire's steps.
 *
 * @param hold What the server makes of a place that I sent.
 */
function walk(seconds: number, loss: number, seed: number, hold = (place: Vec3): Vec3 => place): Step[] {
  const [self, sent, chance] = [new Self(), new SentPositions(), dice(seed)];
  const [up, down]: Sent[][] = [[], []];
  const steps: Step[] = [];
  let held: Sent = { at: 0, sequence: -1, position: [0, 0, 0] };
  for (let frame = 0; frame < seconds / FRAME; frame += 1) {
    const before = self.position;
    let corrected = 0;
    self.step(FRAME, AHEAD, () => 0);
    while ((up[0]?.at ?? Number.POSITIVE_INFINITY) <= frame) held = up.shift() as Sent;
    if (frame % TICK === 0) {
      const sample = { at: frame + DELAY, sequence: frame / TICK, position: self.position };
      sent.remember(sample.sequence, sample.position);
      if (chance() >= loss) up.push({ ...sample, position: rounded(hold(sample.position)) });
      if (chance() >= loss && held.sequence >= 0) down.push({ ...held, at: frame + DELAY });
    }
    while ((down[0]?.at ?? Number.POSITIVE_INFINITY) <= frame) {
      const { sequence, position } = down.shift() as Sent;
      const correction = sent.correct(sequence, position);
      if (correction === null) continue;
      corrected += Math.hypot(...correction.shift);
      self.shift(correction.shift);
    }
    steps.push({ corrected, went: groundDistance(before, self.position) });
  }
  return steps;
}

function rounded([x, y, z]: Vec3): Vec3 {
  const step = (value: number) => Math.round(value * 128) / 128;
  return [step(x), step(y), step(z)];
}

describe.each([1, 2, 3, 4, 5])("walking straight on, 10 %% loss, 80 ms round trip (seed %d)", (seed) => {
  it("nothing is corrected where the server agrees", () => {
    const steps = walk(20, 0.1, seed);
    expect(Math.max(...steps.map(({ corrected }) => corrected))).toBe(0);
    expect(Math.max(...steps.map(({ went }) => went))).toBeLessThan(WALK_SPEED * FRAME + 1e-9);
  });

  it("where the server holds me 20 cm aside, I come there without a step of 5 cm", () => {
    let left = 4;
    const steps = walk(20, 0.1, seed, ([x, y, z]) => {
      // Once, for some ticks, the server holds me aside; what I send after that is believed.
      const isAside = z < -10 && left > 0;
      if (isAside) left -= 1;
      return [isAside ? x + 0.2 : x, y, z];
    });
    const most = Math.max(...steps.map(({ corrected }) => corrected));
    expect(most).toBeGreaterThan(0.01);
    expect(most).toBeLessThan(0.05);
  });

  it("a place far away is taken at once", () => {
    const steps = walk(20, 0.1, seed, ([x, y, z]) => [z < -10 ? Math.max(x, 2) : x, y, z]);
    expect(steps.filter(({ corrected }) => corrected > 1)).toHaveLength(1);
  });
});
