import { describe, expect, it } from "vitest";
import {
  hallTargets,
  homeTargets,
  PANEL_HEIGHT,
  PANEL_WIDTH,
  PIXELS_PER_DEGREE,
  placesTargets,
  type Target,
  targetAt,
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

  it("of City Hall are as large, show every line, and act only where there is something to do", () => {
    const shown = [0, 1, 2, 3].flatMap((page) => {
      const targets = hallTargets(IDS, page, true);
      expectReachable(targets);
      const actions = targets.map(({ action }) => action);
      for (const one of ["back", "next", "act"]) expect(actions).toContain(one);
      return actions.flatMap((action) =>
        typeof action === "object" && "line" in action ? [action.line] : [],
      );
    });
    expect(shown).toEqual(IDS);
    expect(
      hallTargets(IDS.slice(0, 3), 0, false)
        .map(({ action }) => action)
        .slice(3),
    ).toEqual(["back"]);
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
