import { expect, test } from "vitest";
import { actsAt, WORDS } from "./acts";

test("City Hall holds the three counters, the convention centre the expo", () => {
  expect(actsAt("city_hall")).toEqual(["proposals", "votes", "reports"]);
  expect(actsAt("kdj_center")[0]).toBe("expo");
});

test("at every other place one can propose and report", () => {
  for (const spot of ["may18_square", "station_104", "no_such_place"]) {
    expect(actsAt(spot)).toContain("propose");
    expect(actsAt(spot)).toContain("report");
  }
});

test("every act says in words what it is", () => {
  for (const act of [...actsAt("city_hall"), ...actsAt("kdj_center"), ...actsAt("acc")]) {
    expect(WORDS[act].title).toMatch(/^act\./);
  }
});
