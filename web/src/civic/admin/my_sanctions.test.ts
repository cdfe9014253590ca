import { expect, test } from "vitest";
import { namedIn } from "./my_sanctions";

const told = (end: string) => ({
  ko: "",
  en: `For insulting or harassing others: You cannot speak or write until 2026-05-18 12:00 KST. You may appeal with the number of this act ${end}.`,
});

test("an act is known by its number, and a visitor's by its code as well", () => {
  expect(namedIn(told("(12)"))).toEqual({ number: 12, code: null });
  expect(namedIn(told("(7, ABCDE-12345)"))).toEqual({ number: 7, code: "ABCDE-12345" });
});

test("other notices name no act", () => {
  expect(namedIn({ ko: "", en: "The city closes (in a moment)." })).toBeNull();
  expect(namedIn({ ko: "", en: "" })).toBeNull();
});
