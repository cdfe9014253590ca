import { Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { ARC_POINTS, throwArc } from "./arc";

const path = new Float32Array(ARC_POINTS * 3);

describe("throwArc", () => {
  it("lands on the ground before the hand, and the path ends there", () => {
    const landing = throwArc(new Vector3(0, 1.3, 0), new Vector3(0, 0, -1), () => 0, path);
    expect(landing).not.toBeNull();
    // Level throw from 1.3 m at 9 m/s: 9 * sqrt(2 * 1.3 / 9.81) = 4.63 m; the steps of 1/30 s cost up to 0.3 m.
    expect(Math.abs((landing?.position.z ?? 0) + 4.63)).toBeLessThan(0.35);
    expect(landing?.position.y).toBe(0);
    const end = ((landing?.points ?? 0) - 1) * 3;
    expect(path[end + 2]).toBeCloseTo(landing?.position.z ?? 0, 5);
  });

  it("follows a slope", () => {
    const slope = (x: number): number => x * 0.3;
    const landing = throwArc(new Vector3(0, 1.3, 0), new Vector3(1, 0.3, 0), slope, path);
    expect(landing?.position.y).toBeCloseTo((landing?.position.x ?? 0) * 0.3, 5);
  });

  it("refuses walls and the end of the city", () => {
    expect(throwArc(new Vector3(0, 1.3, 0), new Vector3(1, 0, 0), (x) => x * 2, path)).toBeNull();
    expect(throwArc(new Vector3(0, 1.3, 0), new Vector3(0, 0, -1), () => undefined, path)).toBeNull();
  });
});
