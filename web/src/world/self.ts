/** Me, walking: where I stand, where I look, and what a moment of walking changes. */

import type { BodyPose, Vec3 } from "../render/api";
import { EYE_HEIGHT, pitchRotation, wrapAngle } from "./body";

/** Metres a second. The server grants 6 at most. */
export const WALK_SPEED = 2.0;
export const RUN_SPEED = 4.0;
/** How far up and down the head turns, radians. */
const MOST_PITCH = 1.35;
/** Walking speed follows the keys with this time constant, seconds. */
const INERTIA = 0.09;

/** What the controls ask for. `forward` and `right` are −1 … 1; `turn` and `pitch` radians since the last step. */
export interface Intent {
  readonly forward: number;
  readonly right: number;
  readonly run: boolean;
  readonly turn: number;
  readonly pitch: number;
}

export type GroundHeight = (x: number, z: number) => number | undefined;

export class Self {
  position: Vec3 = [0, 0, 0];
  yaw = 0;
  private pitch = 0;
  private speed: readonly [number, number] = [0, 0];

  /** Stand here, at rest. */
  place(position: Vec3, yaw: number): void {
    this.position = position;
    this.yaw = wrapAngle(yaw);
    this.speed = [0, 0];
  }

  /** Shift without a change of direction: a correction by the server. */
  shift([dx, dy, dz]: Vec3): void {
    const [x, y, z] = this.position;
    this.position = [x + dx, y + dy, z + dz];
  }

  /** Walk for `seconds`. Where the ground is not known yet, height stays. */
  step(seconds: number, intent: Intent, ground: GroundHeight): void {
    this.yaw = wrapAngle(this.yaw + intent.turn);
    this.pitch = Math.min(Math.max(this.pitch + intent.pitch, -MOST_PITCH), MOST_PITCH);
    const length = Math.max(Math.hypot(intent.forward, intent.right), 1);
    const most = (intent.run ? RUN_SPEED : WALK_SPEED) / length;
    const follow = 1 - Math.exp(-seconds / INERTIA);
    const forward = this.speed[0] + (intent.forward * most - this.speed[0]) * follow;
    const right = this.speed[1] + (intent.right * most - this.speed[1]) * follow;
    this.speed = Math.hypot(forward, right) < 0.01 ? [0, 0] : [forward, right];
    const [sine, cosine] = [Math.sin(this.yaw), Math.cos(this.yaw)];
    const x = this.position[0] + (-sine * this.speed[0] + cosine * this.speed[1]) * seconds;
    const z = this.position[2] + (-cosine * this.speed[0] - sine * this.speed[1]) * seconds;
    this.position = [x, ground(x, z) ?? this.position[1], z];
  }

  /** The pose of somebody at a desk: head up, hands at the sides and not tracked. */
  pose(): BodyPose {
    return {
      position: this.position,
      yaw: this.yaw,
      head: { position: [0, EYE_HEIGHT, 0], orientation: pitchRotation(this.pitch) },
      left: null,
      right: null,
    };
  }
}
