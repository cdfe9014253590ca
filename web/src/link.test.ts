import { expect, test } from "vitest";
import { parseLink } from "./link";

test("a full link is read", () => {
  const link = parseLink(
    "?enter=1&name=%EB%82%98%EC%9D%80&lang=en&spot=may18_square&colour=3&mic=0&quality=low&save=1&view=sky&time=2026-10-17T15:50:00%2B09:00&invitation=Zm9vYmFyLWJheg_x-1&link=socket",
  );
  expect(link).toEqual({
    enter: true,
    look: false,
    name: "나은",
    language: "en",
    spot: "may18_square",
    colour: 3,
    microphone: false,
    time: new Date("2026-10-17T06:50:00Z"),
    sky: true,
    quality: "low",
    saving: true,
    invitation: "Zm9vYmFyLWJheg_x-1",
    carrier: "socket",
  });
});

test("a plus that was not encoded still means the time zone", () => {
  expect(parseLink("?time=2026-10-17T15:50:00+09:00").time).toEqual(new Date("2026-10-17T06:50:00Z"));
});

test("an empty link waits on the landing card, with microphone", () => {
  expect(parseLink("")).toEqual({
    enter: false,
    look: false,
    name: null,
    language: null,
    spot: null,
    colour: null,
    microphone: true,
    time: null,
    sky: false,
    quality: null,
    saving: false,
    invitation: null,
    carrier: null,
  });
});

test.each([
  ["name", "?name=%E2%80%AEabc"],
  ["language", "?lang=fr"],
  ["spot", "?spot=../etc"],
  ["colour", "?colour=12"],
  ["time", "?time=yesterday"],
  ["quality", "?quality=ultra"],
  ["carrier", "?link=pigeon"],
  ["invitation", "?invitation=%3Cscript%3Ealert(1)"],
] as const)("an unusable %s is left out", (field, search) => {
  expect(parseLink(search)[field]).toBeNull();
});

test("a link to look walks in, and only looks", () => {
  expect(parseLink("?look=1&spot=acc")).toMatchObject({ enter: true, look: true, spot: "acc" });
});
