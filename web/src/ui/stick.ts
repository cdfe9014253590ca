/** The walking stick for thumbs. */

import type { Controls } from "../world/controls";
import { el } from "./dom";

/** How far the knob travels, CSS pixels, and the part of it that does nothing. */
const TRAVEL = 30;
const DEAD = 0.12;

/** Where a thumb at (dx, dy) from the middle puts the stick: right and forward, −1 … 1. */
export function stickAxes(dx: number, dy: number): readonly [number, number] {
  const length = Math.hypot(dx, dy);
  if (length / TRAVEL < DEAD) return [0, 0];
  const scale = Math.min(length, TRAVEL) / TRAVEL / length;
  return [dx * scale, -dy * scale];
}

export function stick(controls: Controls): HTMLElement {
  const knob = el("i");
  const pad = el("div", { class: "stick", attributes: { "aria-hidden": "true" } }, knob);
  let finger: number | null = null;
  const put = (right: number, forward: number) => {
    controls.setStick(right, forward);
    knob.style.transform = `translate(${right * TRAVEL}px, ${-forward * TRAVEL}px)`;
  };
  const follow = (event: PointerEvent) => {
    if (event.pointerId !== finger) return;
    const box = pad.getBoundingClientRect();
    const [right, forward] = stickAxes(
      event.clientX - box.x - box.width / 2,
      event.clientY - box.y - box.height / 2,
    );
    put(right, forward);
  };
  pad.addEventListener("pointerdown", (event) => {
    finger = event.pointerId;
    pad.setPointerCapture(event.pointerId);
    follow(event);
  });
  pad.addEventListener("pointermove", follow);
  for (const type of ["pointerup", "pointercancel"] as const) {
    pad.addEventListener(type, (event) => {
      if (event.pointerId !== finger) return;
      finger = null;
      put(0, 0);
    });
  }
  return pad;
}
