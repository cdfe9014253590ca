/** Presses on the city that are no drags: short, and where they began. */

/** A finger or mouse that moved further, or stayed longer, looked around, CSS pixels and ms. */
const STILL = 8;
const SHORT = 600;

export class Taps {
  private at: { readonly id: number; readonly x: number; readonly y: number; readonly since: number } | null =
    null;
  private hovered = false;

  /**
   * @param isTarget Tells whether something is there to be pressed: the cursor says so.
   * @param onTap Called with a point of the surface, CSS pixels.
   */
  constructor(
    private readonly surface: HTMLElement,
    private readonly isTarget: (x: number, y: number) => boolean,
    private readonly onTap: (x: number, y: number) => void,
  ) {
    surface.addEventListener("pointerdown", (event) => this.down(event));
    surface.addEventListener("pointerup", (event) => this.up(event));
    surface.addEventListener("pointercancel", () => {
      this.at = null;
    });
    surface.addEventListener("pointermove", (event) => this.hover(event));
  }

  /** Whether the mouse is over something to press. */
  get isOver(): boolean {
    return this.hovered;
  }

  private down(event: PointerEvent): void {
    const { x, y } = this.point(event);
    this.at = event.isPrimary ? { id: event.pointerId, x, y, since: event.timeStamp } : null;
  }

  private up(event: PointerEvent): void {
    const began = this.at;
    this.at = null;
    if (began === null || began.id !== event.pointerId || event.timeStamp - began.since > SHORT) return;
    const { x, y } = this.point(event);
    if (Math.hypot(x - began.x, y - began.y) <= STILL) this.onTap(x, y);
  }

  private hover(event: PointerEvent): void {
    if (event.pointerType !== "mouse" || event.buttons !== 0) return;
    const { x, y } = this.point(event);
    const hovered = this.isTarget(x, y);
    if (hovered === this.hovered) return;
    this.hovered = hovered;
    this.surface.style.cursor = hovered ? "pointer" : "";
  }

  /** With the pointer locked there is no cursor: what is looked at is meant. */
  private point(event: PointerEvent): { readonly x: number; readonly y: number } {
    const { left, top, width, height } = this.surface.getBoundingClientRect();
    if (document.pointerLockElement === this.surface) return { x: width / 2, y: height / 2 };
    return { x: event.clientX - left, y: event.clientY - top };
  }
}
