import { describe, expect, it } from "vitest";
import { ringDashes } from "./accuracy";

describe("ringDashes", () => {
  it("lies on the stated radius and on the ground", () => {
    const dashes = ringDashes(100, -50, 30, (x) => x / 10) ?? [];
    expect(dashes.length).toBeGreaterThanOrEqual(8);
    for (const dash of dashes) {
      for (let i = 0; i < 9; i += 3) {
        expect(Math.hypot(dash[i] - 100, dash[i + 2] + 50)).toBeCloseTo(30, 3);
        expect(dash[i + 1] - dash[i] / 10).toBeCloseTo(0.35, 3);
      }
    }
  });

  it("leaves gaps as long as its dashes", () => {
    const [first, second] = ringDashes(0, 0, 120, () => 0) ?? [];
    const dash = Math.hypot(first[6] - first[0], first[8] - first[2]);
    const gap = Math.hypot(second[0] - first[6], second[2] - first[8]);
    expect(Math.abs(dash - gap)).toBeLessThan(0.05);
  });

  it("waits for the ground", () => {
    expect(ringDashes(0, 0, 30, (x) => (x < 0 ? undefined : 1))).toBeNull();
  });
});
