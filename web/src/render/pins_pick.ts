/** Which pin a press on the picture means; pure. */

export type Pixel = readonly [number, number];

/** A pin as it is seen: its foot and its top in CSS pixels, and how far away it is, metres. */
export interface SeenPin {
  readonly id: string;
  readonly foot: Pixel;
  readonly top: Pixel;
  readonly distance: number;
}

/** A press may miss a pin by this much, CSS pixels; a near pin is broader itself. */
const MISS = 22;
/** Breadth of a pin's head to either side against its height. */
const BREADTH = 0.36;

/** The pin at a point of the picture: of several, the one in front. */
export function pinAt(pins: readonly SeenPin[], point: Pixel): string | null {
  let best: SeenPin | null = null;
  for (const pin of pins) {
    const height = Math.hypot(pin.top[0] - pin.foot[0], pin.top[1] - pin.foot[1]);
    const isHit = distanceToSegment(point, pin.foot, pin.top) <= Math.max(MISS, height * BREADTH);
    if (isHit && (best === null || pin.distance < best.distance)) best = pin;
  }
  return best?.id ?? null;
}

export function distanceToSegment(point: Pixel, a: Pixel, b: Pixel): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length;
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(point[0] - a[0] - share * dx, point[1] - a[1] - share * dy);
}
