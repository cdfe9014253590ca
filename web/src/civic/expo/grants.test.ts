import { expect, test } from "vitest";
import { forgetGrant, keepGrant, keptGrants } from "./grants";

function memory(start: Record<string, string> = {}) {
  const kept = new Map(Object.entries(start));
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

const grant = (id: number, expires = 1000) => ({
  id,
  booth: "kdj_center-a1",
  organisation: { ko: "빛고을", en: "Bitgoeul" },
  left_at: 1,
  expires_at: expires,
  token: `token-${id}`,
});

test("a visitor's keys are kept, the newest first, and forgotten", () => {
  const here = memory();
  keepGrant(here, grant(1), 10);
  keepGrant(here, grant(2), 10);
  keepGrant(here, grant(1), 10);
  expect(keptGrants(here, 10).map(({ id }) => id)).toEqual([1, 2]);
  forgetGrant(here, 1, 10);
  expect(keptGrants(here, 10).map(({ id }) => id)).toEqual([2]);
});

test("what is over, or no key at all, is left out", () => {
  const here = memory();
  keepGrant(here, grant(1, 50), 10);
  expect(keptGrants(here, 60)).toEqual([]);
  for (const broken of ["{", "3", '[{"id": 1}]', "[null]"]) {
    expect(keptGrants(memory({ "meta-gwangju.contacts": broken }), 10)).toEqual([]);
  }
});
