import { expect, test } from "vitest";
import type { Me } from "../../api/client";
import { Value } from "../../value";
import { type Desk, mayDo } from "./desk";

const desk = (me: Me | null): Pick<Desk, "api"> => ({ api: { me: new Value(me) } }) as unknown as Desk;
const told = (may: string[], may_at: Record<string, string[]>): Me =>
  ({ citizen: null, roles: [], may, may_at, organisations: [], csrf: null }) as Me;

test("an officer of City Hall alone acts there", () => {
  const officer = told(["vote"], { city: ["vote"], "city/city_hall": ["vote", "open_vote"] });
  expect(mayDo(desk(officer), "open_vote")).toBe(true);
});

test("an officer of the whole city acts at City Hall as well", () => {
  expect(mayDo(desk(told(["open_vote"], { city: ["open_vote"] })), "open_vote")).toBe(true);
});

test("what is denied at City Hall alone is not offered", () => {
  const officer = told(["open_vote"], { city: ["open_vote"], "city/city_hall": [] });
  expect(mayDo(desk(officer), "open_vote")).toBe(false);
});

test("an officer of another place, a citizen and nobody yet do not", () => {
  const elsewhere = told([], { city: [], "city/kdj_center": ["open_vote"] });
  expect(mayDo(desk(elsewhere), "open_vote")).toBe(false);
  expect(mayDo(desk(told(["vote"], {})), "open_vote")).toBe(false);
  expect(mayDo(desk(null), "open_vote")).toBe(false);
});
