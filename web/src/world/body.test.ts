import { expect, test } from "vitest";
import type { BodyPose } from "../render/api";
import { isFinitePose, partInWorld, wrapAngle } from "./body";

const POSE: BodyPose = {
  position: [10, 20, 30],
  yaw: Math.PI / 2,
  head: { position: [0, 1.6, 0], orientation: [0, 0, 0, 1] },
  left: { position: [-0.3, 1, -0.4], orientation: [0, 0, 0, 1] },
  right: null,
};

test("a hand ahead of somebody who looks west is west of them", () => {
  if (POSE.left === null) throw new Error("the pose has a left hand");
  const { position, orientation } = partInWorld(POSE, POSE.left);
  expect(position[0]).toBeCloseTo(9.6);
  expect(position[1]).toBeCloseTo(21);
  expect(position[2]).toBeCloseTo(30.3);
  expect(orientation[1]).toBeCloseTo(Math.SQRT1_2);
});

test("angles come into one turn", () => {
  expect(wrapAngle(3 * Math.PI)).toBeCloseTo(Math.PI);
  expect(wrapAngle(-3.5)).toBeCloseTo(2 * Math.PI - 3.5);
});

test("a pose with a hole in it is noticed", () => {
  expect(isFinitePose(POSE)).toBe(true);
  expect(isFinitePose({ ...POSE, yaw: Number.NaN })).toBe(false);
  expect(isFinitePose({ ...POSE, right: { position: [0, Infinity, 0], orientation: [0, 0, 0, 1] } })).toBe(
    false,
  );
});
