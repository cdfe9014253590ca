/** Where hands are when nothing tracks them: hanging, swinging along, or waving. Body frame, metres. */

import { Euler, Quaternion, type Vector3 } from "three";

/** Waves per second. */
const WAVE_RATE = 1.3;
const SIDE = { left: -1, right: 1 } as const;
const TURN = new Euler();

export type Hand = keyof typeof SIDE;

/** What a resting hand depends on. */
export interface Bearing {
  /** Height of the eyes above the ground. */
  eye: number;
  /** Metres per second over the ground. */
  speed: number;
  /** Phase of the walk, radians. */
  stride: number;
  /** Seconds of some clock, for waving. */
  time: number;
  waving: boolean;
}

/** Place an untracked hand. */
export function restHand(hand: Hand, bearing: Bearing, position: Vector3, orientation: Quaternion): void {
  const side = SIDE[hand];
  const scale = bearing.eye / 1.545;
  if (bearing.waving && hand === "right") {
    const swing = Math.sin(2 * Math.PI * WAVE_RATE * bearing.time);
    position.set(0.36 + 0.07 * swing, 1.56 * scale, -0.12);
    orientation.setFromEuler(TURN.set(-Math.PI / 2, 0, 0.28 * swing, "YXZ"));
    orientation.premultiply(PALM_FORWARD);
    return;
  }
  const swing = Math.min(1, bearing.speed / 1.4) * Math.sin(bearing.stride) * side;
  position.set(side * 0.31, (0.84 + 0.02 * Math.abs(swing)) * scale, -0.05 + 0.16 * swing);
  // Hanging: the cuff is up, the thumb to the front.
  orientation.setFromEuler(TURN.set(-Math.PI / 2 + 0.35 * swing, 0, side * -0.12, "XYZ"));
}

const PALM_FORWARD = new Quaternion().setFromEuler(new Euler(Math.PI, 0, 0));

/** Phase of the walk after `metres` more; a stride of two steps is about 1.4 m. */
export function strideAfter(stride: number, metres: number): number {
  return (stride + (metres * 2 * Math.PI) / 1.4) % (2 * Math.PI);
}
