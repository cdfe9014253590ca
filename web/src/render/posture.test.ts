import { Quaternion, Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { type Bearing, restHand, strideAfter } from "./posture";

const STILL: Bearing = { eye: 1.6, speed: 0, stride: 1, time: 0, waving: false };

function handAt(hand: "left" | "right", bearing: Bearing): Vector3 {
  const position = new Vector3();
  restHand(hand, bearing, position, new Quaternion());
  return position;
}

describe("restHand", () => {
  it("hangs on its own side, below the chest", () => {
    const left = handAt("left", STILL);
    const right = handAt("right", STILL);
    expect(left.x).toBeCloseTo(-right.x, 9);
    expect(right.x).toBeGreaterThan(0.2);
    expect(right.y).toBeLessThan(1.1);
  });

  it("swings against the other hand while walking", () => {
    const walking = { ...STILL, speed: 1.4, stride: Math.PI / 2 };
    expect(handAt("left", walking).z).toBeLessThan(handAt("left", STILL).z);
    expect(handAt("right", walking).z).toBeGreaterThan(handAt("right", STILL).z);
  });

  it("waves with the right hand beside the head, and moves it", () => {
    const wave = { ...STILL, waving: true };
    expect(handAt("right", wave).y).toBeGreaterThan(1.4);
    expect(handAt("left", wave).y).toBeLessThan(1.1);
    const later = handAt("right", { ...wave, time: 0.19 });
    expect(later.x).not.toBeCloseTo(handAt("right", wave).x, 2);
  });
});

describe("strideAfter", () => {
  it("comes round every 1.4 m", () => {
    expect(strideAfter(0.5, 1.4)).toBeCloseTo(0.5, 9);
    expect(strideAfter(0, 0.7)).toBeCloseTo(Math.PI, 9);
  });
});
