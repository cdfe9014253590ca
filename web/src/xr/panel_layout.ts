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
  | "expo"
  | "wallet"
  | "language"
  | "close"
  | "leave";
export type ListAction = "back" | "previous" | "next";
/** One of a list: where to go, whom to pay, how much, a line of a page. */
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
  "expo",
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

/** Lines of words on a page, from their top down. */
export const WORDS_TOP = 118;
export const WORDS_LINE = 46;
/** Below the words, before the first row. */
const WORDS_END = 14;
const PAGE_END = PANEL_HEIGHT - MARGIN - ROW - 12;
/** Lines of words that fit where there are no rows, and above rows. */
export const TEXT_LINES = Math.floor((PAGE_END - WORDS_TOP) / WORDS_LINE);
export const LINES_ABOVE = 4;

function rowsTop(words: number): number {
  return WORDS_TOP + words * WORDS_LINE + WORDS_END;
}

/** Rows that fit below so many lines of words. */
export function rowsBelow(words: number): number {
  return Math.max(1, Math.floor((PAGE_END - rowsTop(words) + 12) / (ROW + 12)));
}

/** City Hall, the expo: rows below words, and below them the way back, onwards, and what can be done. */
export function pageTargets(
  lines: readonly string[],
  words: number,
  bar: { readonly hasNext: boolean; readonly hasAct: boolean },
): Target[] {
  const width = PANEL_WIDTH - 2 * MARGIN;
  const top = rowsTop(words);
  const rows = lines.map((line, i): Target => {
    return { action: { line }, x: MARGIN, y: top + i * (ROW + 12), width, height: ROW };
  });
  const third = (width - 2 * GAP) / 3;
  const level = { y: PANEL_HEIGHT - MARGIN - ROW, height: ROW };
  const column = (i: number) => MARGIN + i * (third + GAP);
  rows.push({ action: "back", x: column(0), width: third, ...level });
  if (bar.hasNext) rows.push({ action: "next", x: column(1), width: third, ...level });
  const from = bar.hasNext ? 2 : 1;
  if (bar.hasAct) {
    rows.push({ action: "act", x: column(from), width: MARGIN + width - column(from), ...level });
  }
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
