/** Greedy placement of labels on the screen: the first to ask gets the place; the rest are dropped, never clipped. */

import type { ScreenRect } from "./api";

const CAPACITY = 128;
/** Clear space kept round every label, CSS pixels. */
const MARGIN = 4;

export class Declutter {
  private readonly taken = new Float64Array(CAPACITY * 4);
  private count = 0;
  private width = 0;
  private height = 0;

  /** Start anew on a screen of this size. `covered` are panels that labels must not lie under. */
  begin(width: number, height: number, covered: readonly ScreenRect[]): void {
    this.width = width;
    this.height = height;
    this.count = 0;
    for (const rect of covered) this.take(rect.left, rect.top, rect.right, rect.bottom);
  }

  /** Ask for a place; true when it is free, wholly on the screen, and now taken. */
  place(left: number, top: number, right: number, bottom: number): boolean {
    if (left < 0 || top < 0 || right > this.width || bottom > this.height) return false;
    const { taken } = this;
    for (let i = 0; i < this.count; i += 1) {
      const at = i * 4;
      if (
        left - MARGIN < (taken[at + 2] ?? 0) &&
        right + MARGIN > (taken[at] ?? 0) &&
        top - MARGIN < (taken[at + 3] ?? 0) &&
        bottom + MARGIN > (taken[at + 1] ?? 0)
      ) {
        return false;
      }
    }
    return this.take(left, top, right, bottom);
  }

  private take(left: number, top: number, right: number, bottom: number): boolean {
    if (this.count >= CAPACITY) return false;
    const at = this.count * 4;
    this.taken[at] = left;
    this.taken[at + 1] = top;
    this.taken[at + 2] = right;
    this.taken[at + 3] = bottom;
    this.count += 1;
    return true;
  }
}
