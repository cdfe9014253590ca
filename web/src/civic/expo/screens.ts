/** Keeps the nearest live screens in sight lit: one WHEP connection each, and no more than the picture needs. */

import type { City } from "../../city";
import type { Quality } from "../../render/api";
import { ScreenViewer, type ViewerState } from "../../screen/viewer";
import { Value } from "../../value";
import type { Expo, Slot } from "./expo";

/** A screen is in sight within this distance (docs/protocol.md: as far as people are shown), metres. */
export const SIGHT = 60;
/** One that is watched stays watched this much longer than another is begun, metres. */
const LINGERS = 4;
const LOOK_EVERY = 700;
/** How many are watched at once. */
export const MOST: Readonly<Record<Quality, number>> = { low: 1, medium: 2, high: 3 };
/** A screen that refused is left alone for this long, ms: somebody may only just have come into sight. */
const AGAIN_AFTER = 5000;

export interface ScreenWish {
  readonly id: string;
  readonly distance: number;
}

/** Choose which screens are watched: the nearest in sight, those that are watched already a little rather. */
export function chooseScreens(
  wishes: readonly ScreenWish[],
  watched: ReadonlySet<string>,
  most: number,
): string[] {
  const counted = ({ id, distance }: ScreenWish) => distance - (watched.has(id) ? LINGERS : 0);
  return wishes
    .filter(({ distance }) => distance <= SIGHT)
    .sort((a, b) => counted(a) - counted(b))
    .slice(0, most)
    .map(({ id }) => id);
}

export class Screens {
  /** Booths whose live picture I see. */
  readonly seen = new Value<ReadonlySet<string>>(new Set());
  private readonly viewers = new Map<string, ScreenViewer>();
  private readonly refused = new Map<string, number>();

  constructor(
    private readonly city: City,
    private readonly expo: Expo,
  ) {
    expo.live.watch(() => this.look());
    city.view.watch((view) => {
      for (const id of this.seen.get()) view?.booths.show(id, this.viewers.get(id)?.video ?? null);
    });
    setInterval(() => this.look(), LOOK_EVERY);
  }

  /** The picture of a booth's screen, for those who want to see it closer. */
  picture(id: string): HTMLVideoElement | null {
    return this.seen.get().has(id) ? (this.viewers.get(id)?.video ?? null) : null;
  }

  private look(): void {
    const wanted = this.wanted();
    for (const [id, viewer] of this.viewers) {
      if (wanted.includes(id)) continue;
      this.viewers.delete(id);
      viewer.close();
      this.changed(id, "closed");
    }
    for (const id of wanted) if (!this.viewers.has(id)) this.begin(id);
  }

  private wanted(): string[] {
    const { city, expo } = this;
    if (!city.inside.get() || !city.isConnected() || city.id.get() === 0) return [];
    const live = expo.live.get();
    if (live.size === 0) return [];
    const [x, , z] = city.pose().position;
    const now = performance.now();
    const wishes = expo.halls
      .get()
      .flatMap(({ slots }) => slots)
      .filter(({ id }) => live.has(id) && now - (this.refused.get(id) ?? -AGAIN_AFTER) >= AGAIN_AFTER)
      .map(({ id, screen }: Slot) => ({
        id,
        distance: Math.hypot(screen.position[0] - x, screen.position[2] - z),
      }));
    return chooseScreens(wishes, new Set(this.viewers.keys()), MOST[city.settings.quality.get()]);
  }

  private begin(id: string): void {
    const viewer = new ScreenViewer({
      url: `/api/v1/booths/${encodeURIComponent(id)}/whep`,
      token: () => this.city.connection.status.get().session || null,
      changed: (state) => this.changed(id, state),
    });
    this.viewers.set(id, viewer);
  }

  private changed(id: string, state: ViewerState): void {
    const viewer = this.viewers.get(id);
    if (state === "refused" && viewer !== undefined) {
      this.refused.set(id, performance.now());
      this.viewers.delete(id);
      viewer.close();
    }
    const isLive = state === "live" && viewer !== undefined;
    if (isLive === this.seen.get().has(id)) return;
    this.city.view.get()?.booths.show(id, isLive ? viewer.video : null);
    const seen = new Set(this.seen.get());
    if (isLive) seen.add(id);
    else seen.delete(id);
    this.seen.set(seen);
  }
}
