/** A person's state that is written anew in every frame: in a crowd, nothing is made anew sixty times a second. */

import type { Part, PersonState, Quat, Vec3 } from "../render/api";
import { wrapAngle } from "./body";

type Numbers3 = [number, number, number];
type Numbers4 = [number, number, number, number];

/** A part of the body that can be written. */
class PosedPart implements Part {
  readonly position: Numbers3 = [0, 0, 0];
  readonly orientation: Numbers4 = [0, 0, 0, 1];

  copy(part: Part): void {
    copy3(this.position, part.position);
    for (let i = 0; i < 4; i += 1) this.orientation[i] = part.orientation[i] as number;
  }

  mix(a: Part, b: Part, t: number): void {
    mix3(this.position, a.position, b.position, t);
    blend(this.orientation, a.orientation, b.orientation, t);
  }
}

function copy3(into: Numbers3, from: Vec3): void {
  into[0] = from[0];
  into[1] = from[1];
  into[2] = from[2];
}

function mix3(into: Numbers3, a: Vec3, b: Vec3, t: number): void {
  into[0] = a[0] + (b[0] - a[0]) * t;
  into[1] = a[1] + (b[1] - a[1]) * t;
  into[2] = a[2] + (b[2] - a[2]) * t;
}

/** Normalised linear blend along the shorter arc: for steps of a few ticks as good as slerp. */
function blend(into: Numbers4, a: Quat, b: Quat, t: number): void {
  const dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
  const far = dot < 0 ? -t : t;
  const near = 1 - t;
  const x = a[0] * near + b[0] * far;
  const y = a[1] * near + b[1] * far;
  const z = a[2] * near + b[2] * far;
  const w = a[3] * near + b[3] * far;
  const length = Math.sqrt(x * x + y * y + z * z + w * w) || 1;
  into[0] = x / length;
  into[1] = y / length;
  into[2] = z / length;
  into[3] = w / length;
}

export class Posed implements PersonState {
  readonly position: Numbers3 = [0, 0, 0];
  yaw = 0;
  readonly head = new PosedPart();
  left: Part | null = null;
  right: Part | null = null;
  speaking = false;
  waving = false;
  private readonly leftHand = new PosedPart();
  private readonly rightHand = new PosedPart();

  /** Take over a state. */
  copy(state: PersonState): void {
    copy3(this.position, state.position);
    this.yaw = state.yaw;
    this.head.copy(state.head);
    this.left = this.hand(this.leftHand, null, state.left, 1);
    this.right = this.hand(this.rightHand, null, state.right, 1);
    this.speaking = state.speaking;
    this.waving = state.waving;
  }

  /** Become the state at share `t` of the way from a to b; over 1 the place is carried on, and nothing else. */
  mix(a: PersonState, b: PersonState, t: number): void {
    const share = Math.min(t, 1);
    mix3(this.position, a.position, b.position, t);
    this.yaw = wrapAngle(a.yaw + wrapAngle(b.yaw - a.yaw) * share);
    this.head.mix(a.head, b.head, share);
    this.left = this.hand(this.leftHand, a.left, b.left, share);
    this.right = this.hand(this.rightHand, a.right, b.right, share);
    this.speaking = b.speaking;
    this.waving = b.waving;
  }

  /** A hand that was not there before does not fly in: it is where it is now. */
  private hand(into: PosedPart, a: Part | null, b: Part | null, t: number): Part | null {
    if (b === null) return null;
    if (a === null) into.copy(b);
    else into.mix(a, b, t);
    return into;
  }
}
