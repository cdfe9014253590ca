/** What the thumbsticks mean: teleporting, walking and turning, as the person's comfort wants it. Pure. */

import type { Comfort } from "../render/api";

const SNAP = Math.PI / 6;
const SMOOTH_TURN = (75 * Math.PI) / 180;
/** Metres per second of smooth walking (LOOK: 1.4). */
const WALK = 1.4;
const DEAD = 0.18;
const PUSHED = 0.65;
const LET_GO = 0.3;

/** Axes of a stick: x to the right, y towards the person (so −1 is forward). */
export interface Stick {
  readonly x: number;
  readonly y: number;
}

export interface StickActions {
  /** Radians to turn in this frame, positive to the left. */
  turn: number;
  /** Metres per second to the right of and before the heading. */
  right: number;
  forward: number;
  /** The teleport arc is being aimed. */
  aiming: boolean;
  /** The stick was let go over an aim: go there now. */
  go: boolean;
  /** The view is moving by itself: vignette. */
  moving: boolean;
}

export class Sticks {
  private readonly actions: StickActions = {
    turn: 0,
    right: 0,
    forward: 0,
    aiming: false,
    go: false,
    moving: false,
  };
  private turnArmed = true;

  /** Read both sticks for one frame. The result is reused by the next call. */
  read(left: Stick | null, right: Stick | null, comfort: Comfort, seconds: number): StickActions {
    const { actions } = this;
    const wasAiming = actions.aiming;
    actions.right = 0;
    actions.forward = 0;
    actions.go = false;
    actions.aiming = false;
    if (comfort.move === "teleport") {
      const y = left?.y ?? 0;
      actions.aiming = wasAiming ? y < -LET_GO : y < -PUSHED;
      actions.go = wasAiming && !actions.aiming;
    } else if (left !== null) {
      actions.right = beyondDead(left.x) * WALK;
      actions.forward = beyondDead(-left.y) * WALK;
    }
    actions.turn = this.turn(right?.x ?? 0, comfort, seconds);
    actions.moving =
      actions.right !== 0 || actions.forward !== 0 || (comfort.turn === "smooth" && actions.turn !== 0);
    return actions;
  }

  private turn(x: number, comfort: Comfort, seconds: number): number {
    if (comfort.turn === "smooth") return beyondDead(-x) * SMOOTH_TURN * seconds;
    if (Math.abs(x) < LET_GO) this.turnArmed = true;
    if (!this.turnArmed || Math.abs(x) < PUSHED) return 0;
    this.turnArmed = false;
    return -Math.sign(x) * SNAP;
  }
}

function beyondDead(value: number): number {
  const beyond = Math.max(0, Math.abs(value) - DEAD) / (1 - DEAD);
  return beyond === 0 ? 0 : Math.sign(value) * beyond;
}
