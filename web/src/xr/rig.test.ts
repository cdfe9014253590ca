import { Euler, Group, Quaternion, Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { headingOf } from "../render/body";
import { Rig } from "./rig";

const head = {
  position: new Vector3(0.7, 1.62, -0.4),
  orientation: new Quaternion().setFromEuler(new Euler(-0.2, 0.9, 0.1, "YXZ")),
};

function seen(rig: Rig): { place: Vector3; heading: number } {
  const orientation = new Quaternion()
    .setFromRotationMatrix(rig.group.matrixWorld)
    .multiply(head.orientation);
  return {
    place: head.position.clone().applyMatrix4(rig.group.matrixWorld),
    heading: headingOf(orientation),
  };
}

describe("Rig", () => {
  it("puts the person, not the room, on the place asked for", () => {
    const rig = new Rig(new Group());
    rig.place([6100, 71.5, 1400], -2.1, head);
    const { place, heading } = seen(rig);
    expect(place.distanceTo(new Vector3(6100, 71.5 + 1.62, 1400))).toBeLessThan(1e-6);
    expect(heading).toBeCloseTo(-2.1, 6);
  });

  it("turns about the head", () => {
    const rig = new Rig(new Group());
    rig.place([10, 0, 20], 0.5, head);
    rig.turn(Math.PI / 6, head);
    const { place, heading } = seen(rig);
    expect(place.distanceTo(new Vector3(10, 1.62, 20))).toBeLessThan(1e-6);
    expect(heading).toBeCloseTo(0.5 + Math.PI / 6, 6);
  });

  it("gives the world back as it was", () => {
    const rig = new Rig(new Group());
    rig.place([10, 3, 20], 0.5, head);
    rig.reset();
    expect(rig.group.matrixWorld.equals(new Group().matrixWorld)).toBe(true);
  });
});
