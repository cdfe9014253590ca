/** Keyboard, mouse and touch, gathered into what the next step of walking should do. */

import type { Intent } from "./self";

/** Physical keys, so that they work with the Korean layout on. */
const FORWARD = ["KeyW", "ArrowUp"];
const BACK = ["KeyS", "ArrowDown"];
const LEFT = ["KeyA"];
const RIGHT = ["KeyD"];
const TURN_LEFT = ["KeyQ", "ArrowLeft"];
const TURN_RIGHT = ["KeyE", "ArrowRight"];
const RUN = ["ShiftLeft", "ShiftRight"];
const HELD = new Set([FORWARD, BACK, LEFT, RIGHT, TURN_LEFT, TURN_RIGHT, RUN].flat());

/** Radians a second while a turning key is held. */
const KEY_TURN = 1.9;
/** Radians per CSS pixel: a drag across a phone turns half round, the mouse is finer. */
const TOUCH_LOOK = 0.0075;
const MOUSE_LOOK = 0.0032;
/** Pushed further than this, the stick runs. */
export const STICK_RUN = 0.92;

/** True when keys belong to what has the focus: a field, a list of choices, an open dialog's tabs. */
export function takesKeys(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [role=tab], dialog") !== null;
}

export class Controls {
  private readonly down = new Set<string>();
  private turn = 0;
  private pitch = 0;
  private stick: readonly [number, number] = [0, 0];
  private dragging: number | null = null;
  private at: readonly [number, number] = [0, 0];
  /** Physical keys that mean something else for now. */
  readonly reserved = new Set<string>();
  /** Called when the person begins to move by themselves. */
  onMove: (() => void) | null = null;
  /** Asked before the pointer is locked: a second press on somebody is no wish for that. */
  mayLock: (() => boolean) | null = null;

  constructor(private readonly surface: HTMLElement) {
    addEventListener("keydown", (event) => this.press(event));
    addEventListener("keyup", (event) => this.down.delete(event.code));
    addEventListener("blur", () => this.down.clear());
    surface.addEventListener("pointerdown", (event) => this.grab(event));
    surface.addEventListener("pointermove", (event) => this.drag(event));
    for (const type of ["pointerup", "pointercancel"] as const) {
      surface.addEventListener(type, (event) => this.release(event));
    }
    surface.addEventListener("dblclick", () => this.lock());
  }

  /** The on-screen stick: right and forward, −1 … 1. */
  setStick(right: number, forward: number): void {
    this.stick = [right, forward];
    if (right !== 0 || forward !== 0) this.onMove?.();
  }

  /** What was asked for since the last call; `seconds` have passed. */
  take(seconds: number): Intent {
    const axis = (plus: string[], minus: string[]) => Number(this.held(plus)) - Number(this.held(minus));
    const [right, forward] = this.stick;
    const intent: Intent = {
      forward: axis(FORWARD, BACK) + forward,
      right: axis(RIGHT, LEFT) + right,
      run: this.held(RUN) || Math.hypot(right, forward) > STICK_RUN,
      turn: this.turn + axis(TURN_LEFT, TURN_RIGHT) * KEY_TURN * seconds,
      pitch: this.pitch,
    };
    this.turn = 0;
    this.pitch = 0;
    return intent;
  }

  private held(keys: readonly string[]): boolean {
    return keys.some((key) => this.down.has(key));
  }

  private press(event: KeyboardEvent): void {
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    if (!HELD.has(event.code) || this.reserved.has(event.code) || modified || takesKeys(event.target)) return;
    const onControl =
      event.target instanceof Element && event.target.closest("button, a, [role=dialog]") !== null;
    // With a sheet or a button in focus, arrows may scroll or move between buttons: only letters walk then.
    if (onControl && event.code.startsWith("Arrow")) return;
    if (event.code.startsWith("Arrow")) event.preventDefault();
    this.down.add(event.code);
    if (!RUN.includes(event.code)) this.onMove?.();
  }

  private grab(event: PointerEvent): void {
    if (this.dragging !== null || document.pointerLockElement === this.surface) return;
    this.dragging = event.pointerId;
    this.at = [event.clientX, event.clientY];
    this.surface.setPointerCapture(event.pointerId);
  }

  private drag(event: PointerEvent): void {
    if (document.pointerLockElement === this.surface) {
      this.look(event.movementX * -MOUSE_LOOK, event.movementY * -MOUSE_LOOK);
      return;
    }
    if (event.pointerId !== this.dragging) return;
    const scale = event.pointerType === "mouse" ? MOUSE_LOOK : TOUCH_LOOK;
    // Dragging pulls the picture along, so the head turns the other way.
    this.look((event.clientX - this.at[0]) * scale, (event.clientY - this.at[1]) * scale);
    this.at = [event.clientX, event.clientY];
  }

  private look(turn: number, pitch: number): void {
    this.turn += turn;
    this.pitch += pitch;
  }

  private release(event: PointerEvent): void {
    if (event.pointerId === this.dragging) this.dragging = null;
  }

  private lock(): void {
    if (!matchMedia("(pointer: fine)").matches || this.mayLock?.() === false) return;
    // Safari returns undefined instead of a promise; a refusal means: keep dragging.
    void Promise.resolve(this.surface.requestPointerLock?.()).catch(() => undefined);
  }
}
