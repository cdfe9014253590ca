/** How often the city is drawn for somebody who saves power: in a still view seldom, in a moving one less often. */

/** Between two pictures while the camera moves, and while it stands, ms. */
const MOVING = 100;
const STILL = 1000;
/** The camera stands where no number of its matrix changed by more: 5 mm, or 0.3 degrees. */
const SAME = 0.005;

export class Saving {
  on = false;
  private drawnAt = Number.NEGATIVE_INFINITY;
  private readonly drawn: number[] = [];

  /** Whether a picture is due at `now` (ms), seen by the camera with this matrix (4 × 4). */
  isDue(now: number, camera: readonly number[]): boolean {
    if (!this.on) return true;
    const { drawn } = this;
    const moved = camera.some((value, at) => !(Math.abs(value - (drawn[at] ?? Number.NaN)) <= SAME));
    return now - this.drawnAt >= (moved ? MOVING : STILL);
  }

  /** A picture was drawn at `now` (ms). */
  drew(now: number, camera: readonly number[]): void {
    this.drawnAt = now;
    this.drawn.splice(0, this.drawn.length, ...camera);
  }

  /** The picture that stands is not good any more: the next is due at once. */
  forget(): void {
    this.drawnAt = Number.NEGATIVE_INFINITY;
  }
}
