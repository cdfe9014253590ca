/** What stands where on the VR panel, and what a ray hits. Pixels of the panel's canvas; pure. */

/** 36° wide at 1.2 m: 28 pixels a degree, so that 1.3° of type is 37 px and a 4° target 114 px. */
export const PANEL_WIDTH = 1024;
export const PANEL_HEIGHT = 780;
export const PIXELS_PER_DEGREE = PANEL_WIDTH / 36;
const MARGIN = 40;
const GAP = 28;
const HEADER = 118;
const BUTTON = 170;
const ROW = 116;
/** Places on one page of the list. */
export const PLACES_SHOWN = 4;

export type HomeAction = "microphone" | "wave" | "places" | "language" | "close" | "leave";
export type ListAction = "back" | "previous" | "next";
export type PanelAction = HomeAction | ListAction | { readonly place: string };

export interface Target {
  readonly action: PanelAction;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const HOME: readonly HomeAction[] = ["microphone", "wave", "places", "language", "close", "leave"];

/** Buttons of the first page: three columns, two rows. */
export function homeTargets(): Target[] {
  const width = (PANEL_WIDTH - 2 * MARGIN - 2 * GAP) / 3;
  return HOME.map((action, i) => ({
    action,
    x: MARGIN + (i % 3) * (width + GAP),
    y: HEADER + Math.floor(i / 3) * (BUTTON + GAP),
    width,
    height: BUTTON,
  }));
}

/** The list of places from the `page`-th on: rows, and below them the way back and onwards. */
export function placesTargets(ids: readonly string[], page: number): Target[] {
  const first = page * PLACES_SHOWN;
  const rows: Target[] = ids.slice(first, first + PLACES_SHOWN).map((place, i) => ({
    action: { place },
    x: MARGIN,
    y: HEADER + i * (ROW + 12),
    width: PANEL_WIDTH - 2 * MARGIN,
    height: ROW,
  }));
  const width = (PANEL_WIDTH - 2 * MARGIN - 2 * GAP) / 3;
  const bar: ListAction[] = ["back"];
  if (page > 0) bar.push("previous");
  if (first + PLACES_SHOWN < ids.length) bar.push("next");
  const columns: Record<ListAction, number> = { back: 0, previous: 1, next: 2 };
  for (const action of bar) {
    const x = MARGIN + columns[action] * (width + GAP);
    rows.push({ action, x, y: PANEL_HEIGHT - MARGIN - ROW, width, height: ROW });
  }
  return rows;
}

/** Top of the chat lines on the first page. */
export const CHAT_TOP = HEADER + 2 * (BUTTON + GAP) + 16;
export const PANEL_MARGIN = MARGIN;

export function targetAt(targets: readonly Target[], x: number, y: number): Target | null {
  for (const target of targets) {
    if (x >= target.x && x < target.x + target.width && y >= target.y && y < target.y + target.height)
      return target;
  }
  return null;
}
