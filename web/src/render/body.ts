/** The body frame: its origin is the ground point below a person, turned by their yaw (0 looks north, −Z). */

import { Matrix4, Quaternion, Vector3 } from "three";
import type { BodyPose, Part, Vec3 } from "./api";

const UP = new Vector3(0, 1, 0);

/** Yaw of something that looks along its own −Z with this world orientation; positive turns left. */
export function headingOf(orientation: Quaternion, scratch = new Vector3()): number {
  scratch.set(0, 0, -1).applyQuaternion(orientation);
  if (Math.hypot(scratch.x, scratch.z) < 0.2) {
    // Looking straight down or up: the crown of the head points where the face would, or the other way.
    const down = scratch.y < 0;
    scratch.set(0, down ? 1 : -1, 0).applyQuaternion(orientation);
  }
  return Math.atan2(-scratch.x, -scratch.z);
}

/** `world_from_body` of a pose. */
export function worldFromBody(position: Vec3, yaw: number, target = new Matrix4()): Matrix4 {
  return target.makeRotationY(yaw).setPosition(position[0], position[1], position[2]);
}

/** A part of the body frame, given where it is in the world. */
export function partOf(bodyPosition: Vector3, yaw: number, position: Vector3, orientation: Quaternion): Part {
  const bodyFromWorld = new Quaternion().setFromAxisAngle(UP, -yaw);
  const offset = position.clone().sub(bodyPosition).applyQuaternion(bodyFromWorld);
  const turned = bodyFromWorld.multiply(orientation);
  return {
    position: [offset.x, offset.y, offset.z],
    orientation: [turned.x, turned.y, turned.z, turned.w],
  };
}

export interface WorldPart {
  readonly position: Vector3;
  readonly orientation: Quaternion;
}

/**
 * A body pose from tracked parts in the world.
 *
 * Args: `ground` is the world height below the head.
 */
export function bodyFromWorldParts(
  head: WorldPart,
  left: WorldPart | null,
  right: WorldPart | null,
  ground: number,
): BodyPose {
  const yaw = headingOf(head.orientation);
  const origin = new Vector3(head.position.x, ground, head.position.z);
  const part = (tracked: WorldPart | null): Part | null =>
    tracked === null ? null : partOf(origin, yaw, tracked.position, tracked.orientation);
  return {
    position: [origin.x, origin.y, origin.z],
    yaw,
    head: partOf(origin, yaw, head.position, head.orientation),
    left: part(left),
    right: part(right),
  };
}

/** World position and orientation of a part, written into the targets. */
export function partInWorld(
  pose: { readonly position: Vec3; readonly yaw: number },
  part: Part,
  position: Vector3,
  orientation: Quaternion,
): void {
  position.fromArray(part.position);
  orientation.fromArray(part.orientation);
  toWorld(pose, position, orientation);
}

/** Take a position and an orientation from the body frame to the world, in place. */
export function toWorld(
  pose: { readonly position: Vec3; readonly yaw: number },
  position: Vector3,
  orientation: Quaternion,
): void {
  YAW.setFromAxisAngle(UP, pose.yaw);
  position.applyQuaternion(YAW);
  position.x += pose.position[0];
  position.y += pose.position[1];
  position.z += pose.position[2];
  orientation.premultiply(YAW);
}

const YAW = new Quaternion();
