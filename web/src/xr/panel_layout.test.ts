import { describe, expect, it } from "vitest";
import {
  homeTargets,
  LINES_ABOVE,
  PANEL_HEIGHT,
  PANEL_WIDTH,
  PIXELS_PER_DEGREE,
  pageTargets,
  placesTargets,
  rowsBelow,
  type Target,
  TEXT_LINES,
  targetAt,
  WORDS_LINE,
  WORDS_TOP,
  walletTargets,
} from "./panel_layout";

const IDS = Array.from({ length: 10 }, (_, i) => `place_${i}`);

function expectReachable(targets: readonly Target[]): void {
  for (const target of targets) {
    expect(target.height / PIXELS_PER_DEGREE).toBeGreaterThanOrEqual(4);
    expect(target.width / PIXELS_PER_DEGREE).toBeGreaterThanOrEqual(4);
    expect(target.x).toBeGreaterThanOrEqual(0);
    expect(target.x + target.width).toBeLessThanOrEqual(PANEL_WIDTH);
    expect(target.y + target.height).toBeLessThanOrEqual(PANEL_HEIGHT);
    for (const other of targets) {
      if (other === target) continue;
      const apart =
        other.x >= target.x + target.width ||
        target.x >= other.x + other.width ||
        other.y >= target.y + target.height ||
        target.y >= other.y + other.height;
      expect(apart).toBe(true);
    }
  }
}

describe("panel targets", () => {
  it("are at least 4° large, on the panel, and apart", () => {
    expectReachable(homeTargets());
    for (const page of [0, 1, 2]) expectReachable(placesTargets(IDS, page));
  });

  it("of the wallet are as large, and lead back from every step but paying itself", () => {
    const people = [7, 8, 9, 10, 11];
    for (const step of ["none", "asking", "amount", "confirm", "paid", "refused"] as const) {
      const targets = walletTargets(step, people);
      expectReachable(targets);
      expect(targets.map(({ action }) => action)).toContain("back");
    }
    expect(walletTargets("paying", people)).toEqual([]);
    expect(walletTargets("confirm", people).map(({ action }) => action)).toContain("pay");
  });

  it("of a page are as large, however many words stand above them", () => {
    for (let words = 0; words <= LINES_ABOVE; words += 1) {
      const lines = IDS.slice(0, rowsBelow(words));
      expect(lines.length).toBeGreaterThanOrEqual(2);
      for (const hasNext of [true, false]) {
        const targets = pageTargets(lines, words, { hasNext, hasAct: true });
        expectReachable(targets);
        const [row] = targets;
        expect(row?.y).toBeGreaterThanOrEqual(WORDS_TOP + words * WORDS_LINE);
      }
    }
  });

  it("of a page act and lead on only where there is something", () => {
    const actions = (hasNext: boolean, hasAct: boolean) =>
      pageTargets([], 0, { hasNext, hasAct }).map(({ action }) => action);
    expect(actions(false, false)).toEqual(["back"]);
    expect(actions(true, false)).toEqual(["back", "next"]);
    expect(actions(false, true)).toEqual(["back", "act"]);
    expect(actions(true, true)).toEqual(["back", "next", "act"]);
    const [bar] = pageTargets([], 0, { hasNext: false, hasAct: false });
    expect(WORDS_TOP + TEXT_LINES * WORDS_LINE).toBeLessThanOrEqual(bar?.y ?? 0);
  });

  it("offer a way back on every page, and onwards only where there is more", () => {
    const actions = (page: number): unknown[] => placesTargets(IDS, page).map((target) => target.action);
    expect(actions(0)).toContain("next");
    expect(actions(0)).not.toContain("previous");
    expect(actions(1)).toContain("previous");
    expect(actions(2)).not.toContain("next");
    for (const page of [0, 1, 2]) expect(actions(page)).toContain("back");
  });

  it("reach every place through the pages", () => {
    const places = [0, 1, 2].flatMap((page) =>
      placesTargets(IDS, page).flatMap(({ action }) =>
        typeof action === "object" && "place" in action ? [action.place] : [],
      ),
    );
    expect(places).toEqual(IDS);
  });

  it("are hit inside and missed between", () => {
    const [first, second] = homeTargets();
    expect(targetAt(homeTargets(), first.x + 1, first.y + 1)?.action).toBe("microphone");
    expect(targetAt(homeTargets(), (first.x + first.width + second.x) / 2, first.y + 5)).toBeNull();
  });
});
