import { describe, expect, it } from "vitest";
import type { Comfort } from "../render/api";
import { Sticks } from "./sticks";

const GENTLE: Comfort = { turn: "snap", move: "teleport", vignette: true };
const SMOOTH: Comfort = { turn: "smooth", move: "smooth", vignette: true };
const FRAME = 1 / 72;

describe("Sticks", () => {
  it("turns 30° once per push to the side, to the right when pushed right", () => {
    const sticks = new Sticks();
    expect(sticks.read(null, { x: 0.9, y: 0 }, GENTLE, FRAME).turn).toBeCloseTo(-Math.PI / 6, 9);
    expect(sticks.read(null, { x: 0.9, y: 0 }, GENTLE, FRAME).turn).toBe(0);
    sticks.read(null, { x: 0, y: 0 }, GENTLE, FRAME);
    expect(sticks.read(null, { x: -0.9, y: 0 }, GENTLE, FRAME).turn).toBeCloseTo(Math.PI / 6, 9);
  });

  it("aims while the stick is forward and goes once when it is let go", () => {
    const sticks = new Sticks();
    expect(sticks.read({ x: 0, y: -0.9 }, null, GENTLE, FRAME)).toMatchObject({ aiming: true, go: false });
    expect(sticks.read({ x: 0, y: -0.5 }, null, GENTLE, FRAME)).toMatchObject({ aiming: true, go: false });
    expect(sticks.read({ x: 0, y: 0 }, null, GENTLE, FRAME)).toMatchObject({ aiming: false, go: true });
    expect(sticks.read({ x: 0, y: 0 }, null, GENTLE, FRAME)).toMatchObject({ aiming: false, go: false });
  });

  it("walks at 1.4 m/s and never aims in smooth movement", () => {
    const actions = new Sticks().read({ x: 0, y: -1 }, null, SMOOTH, FRAME);
    expect(actions).toMatchObject({ aiming: false, moving: true, right: 0 });
    expect(actions.forward).toBeCloseTo(1.4, 9);
  });

  it("ignores a stick that rests a little off its middle", () => {
    expect(new Sticks().read({ x: 0.1, y: -0.1 }, { x: 0.12, y: 0 }, SMOOTH, FRAME)).toMatchObject({
      right: 0,
      forward: 0,
      turn: 0,
      moving: false,
    });
  });
});
