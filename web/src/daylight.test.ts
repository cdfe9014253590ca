import { expect, test } from "vitest";
import { atGwangjuMinutes, gwangjuClock, gwangjuMinutes, isNight } from "./daylight";

test("noon is day and midnight is night in Gwangju, whatever the zone of the machine", () => {
  expect(isNight(new Date("2026-10-17T12:00:00+09:00"))).toBe(false);
  expect(isNight(new Date("2026-10-17T00:00:00+09:00"))).toBe(true);
  expect(isNight(new Date("2026-10-17T19:30:00+09:00"))).toBe(true);
});

test("the clock shows Korean time", () => {
  expect(gwangjuClock(new Date("2026-10-17T06:50:00Z"))).toBe("15:50");
  expect(gwangjuClock(new Date("2026-10-16T15:05:00Z"))).toBe("00:05");
});

test("a chosen time stays on the same Korean day", () => {
  const evening = new Date("2026-10-17T23:50:00+09:00");
  expect(atGwangjuMinutes(evening, 90)).toEqual(new Date("2026-10-17T01:30:00+09:00"));
  expect(gwangjuMinutes(evening)).toBe(23 * 60 + 50);
});
