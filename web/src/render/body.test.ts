import { Euler, Quaternion, Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { bodyFromWorldParts, headingOf, partInWorld, worldFromBody } from "./body";

function turned(x: number, y: number, z: number): Quaternion {
  return new Quaternion().setFromEuler(new Euler(x, y, z, "YXZ"));
}

describe("headingOf", () => {
  it("is 0 to the north, and turns left with yaw", () => {
    expect(headingOf(turned(0, 0, 0))).toBeCloseTo(0, 9);
    expect(headingOf(turned(0, Math.PI / 2, 0))).toBeCloseTo(Math.PI / 2, 9);
    expect(headingOf(turned(0.4, -2.5, 0.2))).toBeCloseTo(-2.5, 9);
  });

  it("stays with the body when the head looks straight down or up", () => {
    expect(headingOf(turned(-Math.PI / 2, 0.7, 0))).toBeCloseTo(0.7, 6);
    expect(headingOf(turned(Math.PI / 2, 0.7, 0))).toBeCloseTo(0.7, 6);
  });
});

describe("bodyFromWorldParts", () => {
  it("comes back to the same world places", () => {
    const head = { position: new Vector3(12, 31.6, -4), orientation: turned(-0.3, 1.1, 0.1) };
    const right = { position: new Vector3(12.4, 31.1, -4.3), orientation: turned(0.2, 0.4, -1) };
    const pose = bodyFromWorldParts(head, null, right, 30);
    expect(pose.position).toEqual([12, 30, -4]);
    expect(pose.yaw).toBeCloseTo(1.1, 9);
    expect(pose.left).toBeNull();
    expect(pose.head.position[0]).toBeCloseTo(0, 9);
    expect(pose.head.position[1]).toBeCloseTo(1.6, 9);
    const position = new Vector3();
    const orientation = new Quaternion();
    if (pose.right === null) throw new Error("the right hand was tracked");
    partInWorld(pose, pose.right, position, orientation);
    expect(position.distanceTo(right.position)).toBeLessThan(1e-9);
    expect(orientation.angleTo(right.orientation)).toBeLessThan(1e-6);
  });

  it("agrees with the matrix of the body frame", () => {
    const pose = bodyFromWorldParts(
      { position: new Vector3(1, 2, 3), orientation: turned(0, 2, 0) },
      { position: new Vector3(1.3, 1, 2.8), orientation: turned(0, 0, 0) },
      null,
      0.4,
    );
    const back = new Vector3(...(pose.left?.position ?? [0, 0, 0])).applyMatrix4(
      worldFromBody(pose.position, pose.yaw),
    );
    expect(back.distanceTo(new Vector3(1.3, 1, 2.8))).toBeLessThan(1e-9);
  });
});
