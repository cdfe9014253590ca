import { Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { CityCamera } from "./camera";

describe("CityCamera", () => {
  it("looks through the eyes of the pose it is given", () => {
    const view = new CityCamera();
    view.resize(1440, 900);
    view.mode = {
      kind: "self",
      pose: {
        position: [10, 60, -20],
        yaw: Math.PI / 2,
        head: { position: [0, 1.6, 0], orientation: [0, 0, 0, 1] },
        left: null,
        right: null,
      },
    };
    view.update(0.016);
    expect(view.eye.distanceTo(new Vector3(10, 61.6, -20))).toBeLessThan(1e-6);
    expect(view.forward.distanceTo(new Vector3(-1, 0, 0))).toBeLessThan(1e-6);
  });

  it("shows the square right of the middle on a desktop, and above it on a phone", () => {
    const square = new Vector3(6000, 70, 1500);
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ]) {
      const view = new CityCamera();
      view.resize(width, height);
      view.target.copy(square);
      view.update(0);
      const seen = square.clone().project(view.camera);
      if (width > 700) expect(seen.x).toBeGreaterThan(0.2);
      else expect(seen.y).toBeGreaterThan(-0.1);
      expect(Math.abs(seen.x)).toBeLessThan(0.5);
    }
  });

  it("stands still when motion is reduced", () => {
    const view = new CityCamera();
    view.resize(800, 600);
    view.reducedMotion = true;
    view.update(10);
    const before = view.eye.clone();
    view.update(20);
    expect(view.eye.distanceTo(before)).toBe(0);
  });
});
