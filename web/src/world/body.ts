/** Turning poses: body frame to world frame, and the little algebra it needs. Quaternions are (x, y, z, w). */

import type { BodyPose, Part, Quat, Vec3 } from "../render/api";

/** Eyes above the ground of somebody who stands at a desk or holds a phone, metres. */
export const EYE_HEIGHT = 1.6;

export function multiply(a: Quat, b: Quat): Quat {
  const [ax, ay, az, aw] = a;
  const [bx, by, bz, bw] = b;
  return [
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz,
  ];
}

/** Rotation about +Y. */
export function yawRotation(yaw: number): Quat {
  return [0, Math.sin(yaw / 2), 0, Math.cos(yaw / 2)];
}

/** Rotation about +X: positive looks up. */
export function pitchRotation(pitch: number): Quat {
  return [Math.sin(pitch / 2), 0, 0, Math.cos(pitch / 2)];
}

/** Bring an angle into (−π, π]. */
export function wrapAngle(angle: number): number {
  const turns = angle - 2 * Math.PI * Math.floor((angle + Math.PI) / (2 * Math.PI));
  return turns === -Math.PI ? Math.PI : turns;
}

/** Turn a vector about +Y. */
export function turned([x, y, z]: Vec3, yaw: number): Vec3 {
  const [sine, cosine] = [Math.sin(yaw), Math.cos(yaw)];
  return [cosine * x + sine * z, y, -sine * x + cosine * z];
}

export function added(a: Vec3, b: Vec3): Vec3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

/** Distance over the ground, metres. */
export function groundDistance(a: Vec3, b: Vec3): number {
  return Math.hypot(a[0] - b[0], a[2] - b[2]);
}

/** world_from_body applied to one part. */
export function partInWorld(pose: BodyPose, part: Part): Part {
  return {
    position: added(pose.position, turned(part.position, pose.yaw)),
    orientation: multiply(yawRotation(pose.yaw), part.orientation),
  };
}

/** Whether every number of a pose is finite: a tracker that loses sight may say otherwise. */
export function isFinitePose(pose: BodyPose): boolean {
  const parts = [pose.head, pose.left, pose.right].filter((part) => part !== null);
  const numbers = parts.flatMap((part) => [...part.position, ...part.orientation]);
  return [...pose.position, pose.yaw, ...numbers].every(Number.isFinite);
}
