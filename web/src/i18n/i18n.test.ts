import { expect, test } from "vitest";
import { distance, language, text } from ".";
import { en } from "./en";
import { type Key, ko } from "./ko";

const KEYS = Object.keys(ko) as Key[];
const holes = (value: string) => [...value.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test("both languages hold the same keys", () => {
  expect(Object.keys(en).sort()).toEqual([...KEYS].sort());
});

test.each(KEYS)("%s says something in both languages, with the same fill-ins", (key) => {
  expect(ko[key].trim()).not.toBe("");
  expect(en[key].trim()).not.toBe("");
  expect(holes(en[key])).toEqual(holes(ko[key]));
});

test("no Korean is left in the English texts", () => {
  expect(Object.values(en).filter((value) => /[가-힣]/.test(value))).toEqual([]);
});

test("texts follow the language and fill their holes", () => {
  language.set("ko");
  expect(text("people.entered", { name: "민" })).toBe("민님이 들어왔어요.");
  language.set("en");
  expect(text("people.entered", { name: "Minh" })).toBe("Minh came in.");
});

test("distances are said as people say them", () => {
  expect([59.7, 184, 999, 1240, 23_400].map(distance)).toEqual([
    "60 m",
    "180 m",
    "1.0 km",
    "1.2 km",
    "23 km",
  ]);
});
