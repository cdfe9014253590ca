/** Turning my pose into POSE_SAMPLE packets: at most 20 a second, fewer while nothing moves. */

import { Body, encodePoseSample, POSE_OFFSET, type PoseSample, REACH, TICK_HZ } from "../protocol/messages";
import type { BodyPose, Part, Quat, Vec3 } from "../render/api";

/** Milliseconds between samples while moving, and while standing still (lost samples heal, packets are acknowledged). */
export const SAMPLE_EVERY = 1000 / TICK_HZ;
export const IDLE_EVERY = 250;
/** Timers fire a little early or late; a sample counts as due from here. */
const SLACK = 4;

const NOWHERE: Vec3 = [0, 0, 0];
const UPRIGHT: Quat = [0, 0, 0, 1];

/** Keep a part within the reach that the server allows. */
function reached(position: Vec3): Vec3 {
  const length = Math.hypot(...position);
  if (length <= REACH) return position;
  const scale = REACH / length;
  return [position[0] * scale, position[1] * scale, position[2] * scale];
}

function part(side: Part | null): { position: Vec3; orientation: Quat } {
  if (side === null) return { position: NOWHERE, orientation: UPRIGHT };
  return { position: reached(side.position), orientation: side.orientation };
}

/** Which state packets I have, as a sample says it. */
type Received = Pick<PoseSample, "seen" | "seenBefore">;

export function poseSample(pose: BodyPose, sequence: number, { seen, seenBefore }: Received): PoseSample {
  const [left, right] = [part(pose.left), part(pose.right)];
  return {
    sequence,
    seen,
    seenBefore,
    body: (pose.left === null ? 0 : Body.LEFT_HAND) | (pose.right === null ? 0 : Body.RIGHT_HAND),
    position: pose.position,
    yaw: pose.yaw,
    headPosition: reached(pose.head.position),
    headOrientation: pose.head.orientation,
    leftPosition: left.position,
    leftOrientation: left.orientation,
    rightPosition: right.position,
    rightOrientation: right.orientation,
  };
}

export interface Sample {
  readonly sequence: number;
  readonly packet: ArrayBuffer;
}

function samePose(a: ArrayBuffer, b: ArrayBuffer): boolean {
  const [one, two] = [new Uint8Array(a), new Uint8Array(b)];
  return one.every((byte, index) => index < POSE_OFFSET || byte === two[index]);
}

export class Sampler {
  private sequence = 0;
  private last: { at: number; packet: ArrayBuffer } | null = null;

  /** The packet to send at `now` (ms), or null when none is due. What I have is said, and is no reason to speak. */
  sample(pose: BodyPose, now: number, received: Received): Sample | null {
    const since = this.last === null ? Number.POSITIVE_INFINITY : now - this.last.at;
    if (since < SAMPLE_EVERY - SLACK) return null;
    const packet = encodePoseSample(poseSample(pose, this.sequence, received));
    if (this.last !== null && since < IDLE_EVERY - SLACK && samePose(packet, this.last.packet)) return null;
    const sample = { sequence: this.sequence, packet };
    this.last = { at: now, packet };
    this.sequence = (this.sequence + 1) & 0xffff;
    return sample;
  }
}
