/** Fingers, mouse, wheel and keys on the large map. */

import type { Point } from "../world/districts";

export interface MapGestures {
  pan(dx: number, dy: number): void;
  zoom(factor: number, anchor: Point): void;
  /** A short press. */
  tap(at: Point): void;
  /** A press that stayed in place. */
  hold(at: Point): void;
  hover(at: Point | null): void;
}

const HOLD_AFTER = 450;
/** A press may tremble this far, CSS pixels. */
const TREMBLE = 7;
const KEY_STEP = 60;
const KEY_ZOOM = 1.4;

interface Finger {
  readonly start: Point;
  at: Point;
  moved: boolean;
}

function middle(a: Point, b: Point): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

function apart(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

class Fingers {
  private readonly down = new Map<number, Finger>();
  private holding: ReturnType<typeof setTimeout> | undefined;
  private held = false;

  constructor(
    private readonly surface: HTMLElement,
    private readonly act: MapGestures,
  ) {}

  point(event: PointerEvent | WheelEvent): Point {
    const box = this.surface.getBoundingClientRect();
    return [event.clientX - box.x, event.clientY - box.y];
  }

  press(event: PointerEvent): void {
    const at = this.point(event);
    this.surface.setPointerCapture(event.pointerId);
    this.down.set(event.pointerId, { start: at, at, moved: false });
    clearTimeout(this.holding);
    this.held = false;
    if (this.down.size !== 1) return;
    this.holding = setTimeout(() => {
      this.held = true;
      this.act.hold(at);
    }, HOLD_AFTER);
  }

  move(event: PointerEvent): void {
    const at = this.point(event);
    const finger = this.down.get(event.pointerId);
    if (finger === undefined) {
      if (event.pointerType === "mouse") this.act.hover(at);
      return;
    }
    const before = finger.at;
    const other = [...this.down.values()].find((one) => one !== finger);
    finger.at = at;
    if (!finger.moved && apart(at, finger.start) < TREMBLE) return;
    finger.moved = true;
    clearTimeout(this.holding);
    if (other !== undefined) {
      this.act.zoom(apart(at, other.at) / Math.max(apart(before, other.at), 1), middle(at, other.at));
    } else this.act.pan(at[0] - before[0], at[1] - before[1]);
  }

  lift(event: PointerEvent): void {
    const finger = this.down.get(event.pointerId);
    this.down.delete(event.pointerId);
    clearTimeout(this.holding);
    const isTap = finger !== undefined && !finger.moved && !this.held && this.down.size === 0;
    if (isTap && event.type === "pointerup") this.act.tap(finger.at);
  }
}

/** Let gestures on `surface` act. */
export function followGestures(surface: HTMLElement, act: MapGestures): void {
  const fingers = new Fingers(surface, act);
  surface.addEventListener("pointerdown", (event) => fingers.press(event));
  surface.addEventListener("pointermove", (event) => fingers.move(event));
  surface.addEventListener("pointerup", (event) => fingers.lift(event));
  surface.addEventListener("pointercancel", (event) => fingers.lift(event));
  surface.addEventListener("pointerleave", () => act.hover(null));
  surface.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      act.zoom(Math.exp(-event.deltaY * 0.0016), fingers.point(event));
    },
    { passive: false },
  );
  surface.addEventListener("keydown", (event) => {
    const centre: Point = [surface.clientWidth / 2, surface.clientHeight / 2];
    const steps: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => act.pan(KEY_STEP, 0),
      ArrowRight: () => act.pan(-KEY_STEP, 0),
      ArrowUp: () => act.pan(0, KEY_STEP),
      ArrowDown: () => act.pan(0, -KEY_STEP),
      "+": () => act.zoom(KEY_ZOOM, centre),
      "=": () => act.zoom(KEY_ZOOM, centre),
      "-": () => act.zoom(1 / KEY_ZOOM, centre),
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    step();
  });
}
