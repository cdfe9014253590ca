import { describe, expect, it } from "vitest";
import { Declutter } from "./declutter";

function fresh(covered: Parameters<Declutter["begin"]>[2] = []): Declutter {
  const declutter = new Declutter();
  declutter.begin(800, 600, covered);
  return declutter;
}

describe("Declutter", () => {
  it("gives an overlapping place to the first that asks", () => {
    const declutter = fresh();
    expect(declutter.place(100, 100, 200, 140)).toBe(true);
    expect(declutter.place(150, 120, 260, 160)).toBe(false);
    expect(declutter.place(100, 150, 200, 190)).toBe(true);
  });

  it("drops what would be cut by the edge of the screen", () => {
    const declutter = fresh();
    expect(declutter.place(-1, 10, 50, 30)).toBe(false);
    expect(declutter.place(760, 10, 801, 30)).toBe(false);
    expect(declutter.place(10, 590, 50, 601)).toBe(false);
  });

  it("keeps labels out from under panels", () => {
    const declutter = fresh([{ left: 500, top: 0, right: 800, bottom: 600 }]);
    expect(declutter.place(480, 100, 560, 130)).toBe(false);
    expect(declutter.place(380, 100, 460, 130)).toBe(true);
  });

  it("starts anew with every pass", () => {
    const declutter = fresh();
    declutter.place(0, 0, 800, 600);
    declutter.begin(800, 600, []);
    expect(declutter.place(0, 0, 800, 600)).toBe(true);
  });

  it("stays bounded when a thousand labels ask", () => {
    const declutter = new Declutter();
    declutter.begin(1e6, 100, []);
    let placed = 0;
    for (let i = 0; i < 1000; i += 1) placed += declutter.place(i * 40, 0, i * 40 + 10, 10) ? 1 : 0;
    expect(placed).toBe(128);
  });
});
