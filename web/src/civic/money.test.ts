import { expect, test } from "vitest";
import { language } from "../i18n";
import { amountOf, amountProblem, money, movedMoney } from "./money";

test("amounts are read as people type them", () => {
  expect(["1,250", " 500 ", "１００", "0"].map(amountOf)).toEqual([1250, 500, 100, 0]);
});

test.each(["", "-5", "1.5", "1e3", "빛", "9".repeat(16)])("%s is no amount", (typed) => {
  expect(amountOf(typed)).toBeNull();
});

test("what cannot be paid is told apart", () => {
  expect(amountProblem(null, 100, 1000)).toBe("none");
  expect(amountProblem(0, 100, 1000)).toBe("none");
  expect(amountProblem(1001, 5000, 1000)).toBe("most");
  expect(amountProblem(101, 100, 1000)).toBe("funds");
  expect(amountProblem(100, 100, 1000)).toBeNull();
});

test("money is said in both languages", () => {
  language.set("ko");
  expect([money(10_000), movedMoney(-500)]).toEqual(["10,000빛", "−500빛"]);
  language.set("en");
  expect([money(10_000), movedMoney(500)]).toEqual(["10,000 bit", "+500 bit"]);
});
