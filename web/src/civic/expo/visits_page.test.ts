import { expect, test } from "vitest";
import { lastDay } from "./visits_page";

const HOUR = 3600;

test("a day has 24 hours, the newest last, and hours without visits count as none", () => {
  const now = 1000 * HOUR + 1200;
  const day = lastDay(
    [
      { at: 1000 * HOUR, visits: 3 },
      { at: 990 * HOUR, visits: 2 },
      { at: 900 * HOUR, visits: 7 },
    ],
    now,
  );
  expect(day).toHaveLength(24);
  expect(day.at(-1)).toEqual({ at: 1000 * HOUR, visits: 3 });
  expect(day.at(13)).toEqual({ at: 990 * HOUR, visits: 2 });
  expect(day.reduce((sum, { visits }) => sum + visits, 0)).toBe(5);
});
