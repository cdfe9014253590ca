/** One person as they are drawn: what they wear, how they walk, and how far they have unfolded. */

import { Color } from "three";
import type { PersonLook, PersonState } from "./api";
import { COATS } from "./avatar_shape";
import { type Bearing, strideAfter } from "./posture";

/** Time constant of the measured walking speed, seconds. */
const SPEED_LAG = 0.15;
/** Walking at this speed, metres a second, arms and body swing fully. */
const FULL_STEP = 1.4;
/** Somebody of the crowd unfolds within this time, and folds up when they go, seconds. */
const UNFOLD = 0.35;
/** A moment at which a waving hand is up, seconds. */
const STILL = 0.19;

export class Avatar {
  state: PersonState | null = null;
  inCrowd = false;
  /** Whether they were drawn in one piece, as the crowd is. */
  isDrawnWhole = false;
  /** From 0 to 1; who comes near enough to be told of in full is there at once. */
  grown = 1;
  /** They are out of sight, and fold up. */
  isGoing = false;
  /** Of their heading. */
  sine = 0;
  cosine = 1;
  /** Height of the eyes above the ground, metres. */
  eyes = 0;
  readonly bearing: Bearing;
  readonly coat: Color;
  private lastX = Number.NaN;
  private lastZ = Number.NaN;

  constructor(readonly look: PersonLook) {
    this.coat = new Color(COATS[look.colour % COATS.length]);
    // People do not walk in step: the golden ratio spreads any ids over the whole stride.
    const stride = ((look.id * 0.618034) % 1) * 2 * Math.PI;
    this.bearing = { eye: 1.6, speed: 0, stride, time: 0, waving: false };
  }

  take(state: PersonState, inCrowd: boolean): void {
    if (this.state === null && inCrowd) this.grown = 0;
    this.state = state;
    this.inCrowd = inCrowd;
  }

  /** How much of a full step they take, 0 to 1. */
  get stepping(): number {
    return Math.min(1, this.bearing.speed / FULL_STEP);
  }

  /**
   * Go on by so many seconds: speed and stride follow from how their place changes.
   *
   * Args: `time` is some clock's, for waving; null: nothing is to move that need not.
   */
  walk(seconds: number, time: number | null): void {
    const { bearing, state } = this;
    if (state === null) return;
    const [x, , z] = state.position;
    const east = x - this.lastX;
    const south = z - this.lastZ;
    const moved = Math.sqrt(east * east + south * south);
    // A jump of metres in one frame is a teleport, not a stride.
    const metres = Number.isNaN(moved) || moved > 2 ? 0 : moved;
    this.lastX = x;
    this.lastZ = z;
    if (seconds > 0) {
      bearing.speed += (metres / seconds - bearing.speed) * Math.min(1, seconds / SPEED_LAG);
      bearing.stride = strideAfter(bearing.stride, metres);
    }
    const eyes = state.head.position[1];
    if (this.eyes === 0 || !this.inCrowd) this.eyes = eyes;
    bearing.eye = eyes;
    // Where nothing is to move, a raised hand is held still.
    bearing.time = time ?? STILL;
    bearing.waving = state.waving;
    this.unfold(time === null ? 1 : seconds / UNFOLD);
  }

  private unfold(share: number): void {
    this.grown = this.isGoing ? Math.max(0, this.grown - share) : Math.min(1, this.grown + share);
  }
}
