/**
 * How a slow machine shares its time while the first view of the city loads, and while somebody reads a panel.
 *
 * Tiles are fetched, unpacked and shown between two pictures. Where a picture takes a second (software rendering, an
 * old phone), drawing at every turn makes the city take many times longer. So until the view is complete, drawing
 * rests after each picture for as long as that picture took, and more. The same keeps a panel quick to the touch.
 */

/** A picture made in this time keeps nobody waiting, ms. */
const QUICK = 34;
/** Rest after a slow picture, in times of what it took; but nobody looks at a still for longer than MOST, ms. */
const REST = 3;
const MOST = 1500;

export class Pace {
  private beganAt: number | null = null;
  private readyAt = Number.NEGATIVE_INFINITY;

  /** A picture goes to the graphics card at `now` (ms). */
  began(now: number): void {
    this.beganAt = now;
  }

  /** The picture stands on the screen at `now` (ms). */
  finished(now: number): void {
    if (this.beganAt === null) return;
    const took = now - this.beganAt;
    this.beganAt = null;
    this.readyAt = took <= QUICK ? now : now + Math.min(took * REST, MOST);
  }

  /** Whether the next picture may be drawn at `now` (ms). `due`: it shows the whole view, and waits for no rest. */
  isReady(now: number, due = false): boolean {
    return this.beganAt === null && (due || now >= this.readyAt);
  }
}
