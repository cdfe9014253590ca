import { describe, expect, it } from "vitest";
import type { SpotInfo } from "./api";
import {
  dongLabel,
  labelSpec,
  liftedStand,
  liftsOf,
  personLabel,
  reachOf,
  spotLabel,
  standOf,
} from "./label_list";

const SQUARE: SpotInfo = {
  id: "may18_square",
  kind: "landmark",
  category: "memory",
  name: { ko: "5·18민주광장", en: "May 18 Democracy Square / former Provincial Office" },
  position: [5973, 75, 1245],
  arrival: { position: [5946, 75, 1223], yaw: -2.2 },
  accuracy_m: 120,
  height_m: 17,
};
const MOUNTAIN: SpotInfo = { ...SQUARE, id: "mudeungsan_summit", category: "nature" };

describe("labelSpec", () => {
  it("puts the chosen language first and the other below", () => {
    const korean = labelSpec(spotLabel(SQUARE), "ko", 100, false, 16, false);
    expect([korean.first, korean.second]).toEqual(["5·18민주광장", "May 18 Democracy Square"]);
    const english = labelSpec(spotLabel(SQUARE), "en", 100, false, 16, false);
    expect([english.first, english.second]).toEqual(["May 18 Democracy Square", "5·18민주광장"]);
  });

  it("says how far a far landmark is", () => {
    expect(labelSpec(spotLabel(MOUNTAIN), "ko", 8740, false, 16, false).second).toMatch(/ · 8\.7 km$/);
  });

  it("turns a speaker's tag blue, with a dot", () => {
    const label = personLabel(7, "나은");
    expect(labelSpec(label, "ko", 5, false, 12, false)).toMatchObject({ style: "tag", mark: "" });
    label.speaking = true;
    expect(labelSpec(label, "ko", 5, false, 12, false)).toMatchObject({ style: "speaker", mark: "#9ed2fa" });
  });
});

describe("reachOf", () => {
  it("names people within 14 m, and speakers farther off", () => {
    const label = personLabel(7, "나은");
    expect(reachOf(label, false)).toBe(14);
    label.speaking = true;
    expect(reachOf(label, false)).toBeGreaterThan(14);
  });

  it("shows neighbourhoods from the sky only, and the mountain from everywhere", () => {
    const dong = dongLabel({ id: "1", name: { ko: "충장동", en: "Chungjang-dong" }, label: [0, 0] });
    expect(reachOf(dong, false)).toBe(0);
    expect(reachOf(dong, true)).toBeGreaterThan(1000);
    expect(reachOf(spotLabel(MOUNTAIN), false)).toBeGreaterThan(10_000);
  });
});

describe("standOf", () => {
  it("brings a plate down for who stands close, and lifts it for who looks from above", () => {
    const label = spotLabel(SQUARE);
    expect(standOf(label, 30, false)).toBeCloseTo(75 + 11, 9);
    expect(standOf(label, 500, false)).toBe(75 + 17);
    expect(standOf(label, 500, true)).toBeGreaterThan(75 + 17);
  });
});

describe("liftsOf", () => {
  it("lets a landmark's plate come down its pin, but never to the ground", () => {
    const label = spotLabel(SQUARE);
    const stands = liftsOf(label).map((lift) => liftedStand(label, 60, false, lift));
    expect(stands[0]).toBe(standOf(label, 60, false));
    expect([...stands].sort((a, b) => b - a)).toEqual(stands);
    expect(Math.min(...stands)).toBeGreaterThan(label.foot + 4);
  });

  it("keeps everything else at its one height", () => {
    expect(liftsOf(personLabel(7, "나은"))).toEqual([1]);
  });
});
