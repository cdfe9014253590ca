/** What went wrong in the page itself: errors nobody caught, and a graphics card that gave up. */

import { Value } from "./value";

export type Fault = "none" | "error" | "graphics";

/** What a window and a canvas say; the real ones in the page. */
type Speaker = Pick<EventTarget, "addEventListener">;

/**
 * Watch for faults. An error is told once: when it was dismissed, only another kind comes back.
 *
 * The browser's console keeps the error itself; a person needs to know that a reload helps.
 */
export function followFaults(window: Speaker, canvas: Speaker): Value<Fault> {
  const fault = new Value<Fault>("none");
  let told = false;
  const failed = (event: Event) => {
    // Browsers report a layout that took another round as an error; nothing is wrong then.
    const isLayout = (event as Partial<ErrorEvent>).message?.startsWith("ResizeObserver") ?? false;
    if (told || isLayout) return;
    told = true;
    if (fault.get() === "none") fault.set("error");
  };
  window.addEventListener("error", failed);
  window.addEventListener("unhandledrejection", failed);
  canvas.addEventListener("webglcontextlost", () => fault.set("graphics"));
  canvas.addEventListener("webglcontextrestored", () => fault.set("none"));
  return fault;
}
