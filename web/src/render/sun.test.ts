import { describe, expect, it } from "vitest";
import { KEYS, keysAt, skyDirection, sunAt } from "./sun";

const DEGREE = 180 / Math.PI;

describe("sunAt", () => {
  it("stands due south at local noon of the equinox, at the co-latitude", () => {
    // Solar noon at 126.92° E on 2026-03-20: 12:00 - (126.92 - 135) * 4 min + 7.5 min (equation of time) KST.
    const sun = sunAt(new Date("2026-03-20T12:39:45+09:00"));
    expect(sun.azimuth * DEGREE).toBeCloseTo(180, 0);
    expect(Math.abs(sun.altitude * DEGREE - (90 - 35.1468))).toBeLessThan(0.3);
  });

  it("rises in the north-east in June and the south-east in December", () => {
    expect(sunAt(new Date("2026-06-21T05:20:00+09:00")).azimuth * DEGREE).toBeLessThan(70);
    expect(sunAt(new Date("2026-12-21T07:40:00+09:00")).azimuth * DEGREE).toBeGreaterThan(110);
  });

  it("is at the horizon at the published sunset of Gwangju (KASI: 17:54 on 2026-10-17)", () => {
    // Published sunset is the upper limb with refraction: the centre is 0.83° down.
    const sun = sunAt(new Date("2026-10-17T17:54:00+09:00"));
    expect(Math.abs(sun.altitude * DEGREE + 0.83)).toBeLessThan(0.5);
  });

  it("points west and up in the afternoon", () => {
    const [x, y, z] = skyDirection(sunAt(new Date("2026-10-17T15:50:00+09:00")));
    expect(x).toBeLessThan(0);
    expect(y).toBeGreaterThan(0);
    expect(z).toBeGreaterThan(0);
    expect(Math.hypot(x, y, z)).toBeCloseTo(1, 9);
  });
});

describe("keysAt", () => {
  it("holds the first key below and the last above", () => {
    expect(keysAt(-60)).toEqual({ from: KEYS[0]?.[1], to: KEYS[1]?.[1], fraction: 0 });
    expect(keysAt(80).fraction).toBe(1);
    expect(keysAt(80).to.night).toBe(0);
  });

  it("blends between neighbours", () => {
    const { from, to, fraction } = keysAt(-1);
    expect(from.night).toBe(0.7);
    expect(to.night).toBe(0.25);
    expect(fraction).toBeCloseTo(0.5, 9);
  });
});
