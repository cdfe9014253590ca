/** What stands where on the VR panel, and what a ray hits. Pixels of the panel's canvas; pure. */

import type { VrPayment } from "../render/api";

/** 36° wide at 1.2 m: 28 pixels a degree, so that 1.3° of type is 37 px and a 4° target 114 px. */
export const PANEL_WIDTH = 1024;
export const PANEL_HEIGHT = 780;
export const PIXELS_PER_DEGREE = PANEL_WIDTH / 36;
const MARGIN = 40;
const GAP = 28;
const HEADER = 118;
const BUTTON = 140;
const ROW = 116;
/** Places on one page of the list. */
export const PLACES_SHOWN = 4;

export type HomeAction =
  | "microphone"
  | "wave"
  | "places"
  | "hall"
  | "wallet"
  | "language"
  | "close"
  | "leave";
export type ListAction = "back" | "previous" | "next";
/** One of a list: where to go, whom to pay, how much, a line of City Hall. */
export type Choice =
  | { readonly place: string }
  | { readonly person: number }
  | { readonly amount: number }
  | { readonly line: string };
export type PanelAction = HomeAction | ListAction | "pay" | "act" | Choice;

export interface Target {
  readonly action: PanelAction;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const HOME: readonly HomeAction[] = [
  "microphone",
  "wave",
  "places",
  "hall",
  "wallet",
  "language",
  "close",
  "leave",
];

/** Buttons of the first page: three columns, three rows. */
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

/** What can be paid at once with a press. */
export const AMOUNTS: readonly number[] = [100, 500, 1000, 5000];
/** Height of the words above the buttons of a payment. */
export const WORDS_HEIGHT = 150;

/** Paying: whom, then how much, then whether; each with a way back. */
export function walletTargets(step: VrPayment["step"], people: readonly number[]): Target[] {
  if (step === "paying") return [];
  const width = PANEL_WIDTH - 2 * MARGIN;
  const half = (width - GAP) / 2;
  const top = HEADER + WORDS_HEIGHT;
  const bar = { x: MARGIN, y: PANEL_HEIGHT - MARGIN - ROW, width: half, height: ROW };
  const back: Target = { action: "back", ...bar };
  if (step === "confirm") return [back, { action: "pay", ...bar, x: MARGIN + half + GAP }];
  if (step === "amount") {
    const amounts = AMOUNTS.map((amount, i): Target => {
      const [x, y] = [MARGIN + (i % 2) * (half + GAP), top + Math.floor(i / 2) * (ROW + GAP)];
      return { action: { amount }, x, y, width: half, height: ROW };
    });
    return [...amounts, back];
  }
  if (step !== "none") return [back];
  const rows = people.slice(0, PLACES_SHOWN).map((person, i): Target => {
    return { action: { person }, x: MARGIN, y: HEADER + i * (ROW + 12), width, height: ROW };
  });
  return [...rows, back];
}

/** Lines of City Hall on one page, and the room above them for its words. */
export const LINES_SHOWN = 3;
export const HALL_WORDS = 104;

/** City Hall: some lines, and below them the way back, onwards, and what can be done. */
export function hallTargets(ids: readonly string[], page: number, hasAct: boolean): Target[] {
  const first = page * LINES_SHOWN;
  const width = PANEL_WIDTH - 2 * MARGIN;
  const rows = ids.slice(first, first + LINES_SHOWN).map((line, i): Target => {
    return { action: { line }, x: MARGIN, y: HEADER + HALL_WORDS + i * (ROW + 12), width, height: ROW };
  });
  const third = (width - 2 * GAP) / 3;
  const bar = { y: PANEL_HEIGHT - MARGIN - ROW, width: third, height: ROW };
  const column = (i: number) => MARGIN + i * (third + GAP);
  rows.push({ action: "back", x: column(0), ...bar });
  if (ids.length > LINES_SHOWN) rows.push({ action: "next", x: column(1), ...bar });
  if (hasAct) rows.push({ action: "act", x: column(2), ...bar });
  return rows;
}

export function sameAction(a: PanelAction | undefined, b: PanelAction): boolean {
  return a === b || (typeof a === "object" && JSON.stringify(a) === JSON.stringify(b));
}

/** Top of the chat lines on the first page. */
export const CHAT_TOP = HEADER + 3 * (BUTTON + GAP);
export const PANEL_MARGIN = MARGIN;

export function targetAt(targets: readonly Target[], x: number, y: number): Target | null {
  for (const target of targets) {
    if (x >= target.x && x < target.x + target.width && y >= target.y && y < target.y + target.height)
      return target;
  }
  return null;
}
