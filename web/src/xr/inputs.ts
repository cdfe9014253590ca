/** What the headset's hands do in one frame: places in the room, rays, sticks and buttons. */

import { Quaternion, Vector3 } from "three";
import type { Stick } from "./sticks";

export type Side = "left" | "right";

/** From the wrist joint to the middle of the palm, metres along the fingers (−Z of the joint). */
const PALM = 0.08;
/** Gamepad buttons of the "xr-standard" mapping: thumbstick, then the face buttons (X/A and Y/B). */
const FACE_BUTTONS = [4, 5];

export class HandInput {
  /** Palm in the room; valid while `tracked`. */
  readonly position = new Vector3();
  readonly orientation = new Quaternion();
  tracked = false;
  /** Ray in the room; valid while `pointing`. */
  readonly rayOrigin = new Vector3();
  readonly rayDirection = new Vector3(0, 0, -1);
  pointing = false;
  stick: Stick | null = null;
  /** A face button went down in this frame. */
  menuPressed = false;
  /** Trigger or pinch went down since the last frame. */
  selected = false;
  private menuDown = false;
  private readonly turn = new Quaternion();

  clear(): void {
    this.tracked = false;
    this.pointing = false;
    this.stick = null;
    this.menuPressed = false;
  }

  read(source: XRInputSource, frame: XRFrame, space: XRReferenceSpace): void {
    this.readPalm(source, frame, space);
    const ray = frame.getPose(source.targetRaySpace, space);
    if (ray !== undefined) {
      const { position, orientation } = ray.transform;
      this.pointing = true;
      this.rayOrigin.set(position.x, position.y, position.z);
      this.turn.set(orientation.x, orientation.y, orientation.z, orientation.w);
      this.rayDirection.set(0, 0, -1).applyQuaternion(this.turn);
    }
    this.readGamepad(source.gamepad);
  }

  private readPalm(source: XRInputSource, frame: XRFrame, space: XRReferenceSpace): void {
    const wrist = source.hand?.get("wrist");
    const joint = wrist === undefined ? undefined : frame.getJointPose?.(wrist, space);
    const grip = source.gripSpace == null ? undefined : frame.getPose(source.gripSpace, space);
    const pose = joint ?? grip;
    if (pose == null) return;
    const { position, orientation } = pose.transform;
    this.tracked = true;
    this.orientation.set(orientation.x, orientation.y, orientation.z, orientation.w);
    this.position.set(0, 0, joint == null ? 0 : -PALM).applyQuaternion(this.orientation);
    this.position.x += position.x;
    this.position.y += position.y;
    this.position.z += position.z;
  }

  private readGamepad(gamepad: Gamepad | undefined): void {
    if (gamepad === undefined || gamepad.mapping !== "xr-standard") {
      this.menuDown = false;
      return;
    }
    // xr-standard: axes 0 and 1 are a touchpad, 2 and 3 the thumbstick.
    const first = gamepad.axes.length >= 4 ? 2 : 0;
    this.stick = { x: gamepad.axes[first] ?? 0, y: gamepad.axes[first + 1] ?? 0 };
    const down = FACE_BUTTONS.some((button) => gamepad.buttons[button]?.pressed ?? false);
    this.menuPressed = down && !this.menuDown;
    this.menuDown = down;
  }
}

export class Inputs {
  readonly left = new HandInput();
  readonly right = new HandInput();
  private readonly onSelect = (event: XRInputSourceEvent): void => {
    const { handedness } = event.inputSource;
    (handedness === "left" ? this.left : this.right).selected = true;
  };

  constructor(private readonly session: XRSession) {
    session.addEventListener("selectstart", this.onSelect);
  }

  read(frame: XRFrame, space: XRReferenceSpace): void {
    this.left.clear();
    this.right.clear();
    for (const source of this.session.inputSources) {
      if (source.targetRayMode !== "tracked-pointer") continue;
      (source.handedness === "left" ? this.left : this.right).read(source, frame, space);
    }
  }

  /** Presses count once. */
  endFrame(): void {
    this.left.selected = false;
    this.right.selected = false;
  }

  dispose(): void {
    this.session.removeEventListener("selectstart", this.onSelect);
  }
}
