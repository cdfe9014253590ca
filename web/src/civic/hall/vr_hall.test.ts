import { beforeEach, expect, test, vi } from "vitest";
import { ProblemError } from "../../api/problem";
import { Topics } from "../../net/topics";
import type { CityPin } from "../../render/api";
import { Value } from "../../value";
import type { Desk } from "./desk";
import { HeadsetHall } from "./vr_hall";

const VOTE = {
  id: 3,
  title: { ko: "무엇을 먼저?", en: "What first?" },
  options: [
    { ko: "벤치", en: "Benches" },
    { ko: "무대", en: "A stage" },
    { ko: "지도", en: "A map" },
    { ko: "나무", en: "Trees" },
  ],
  closes: 2_000_000_000,
  has_voted: false,
  may_vote: true,
};
const PROPOSAL = { id: 8, title: "그늘", text: "그늘이 없어요", supports: 1, needed: 20, supported: false };

const pin = (id: string, x: number): CityPin => ({
  id,
  kind: id.startsWith("report") ? "report" : "proposal",
  tone: "fresh",
  x,
  z: 0,
  yaw: null,
  title: { ko: id, en: id },
  detail: { ko: "", en: "" },
});

/** City Hall on a server that remembers what was cast and supported. */
function hall(isCitizen = true) {
  const cast: { choices: number[]; key: string }[] = [];
  const broken: { once: ProblemError | null } = { once: null };
  let supported = false;
  const answer = (value: unknown) => async () => {
    const error = broken.once;
    broken.once = null;
    if (error !== null) throw error;
    return value;
  };
  const proposal = () => ({
    ...PROPOSAL,
    supported,
    supports: supported ? 2 : 1,
    acts: isCitizen ? [supported ? "take_support_back" : "support"] : [],
  });
  const http = {
    GET: (path: string) => {
      if (path === "/api/v1/votes") return answer([VOTE]);
      return path.includes("votes") ? answer({ ...VOTE, may_vote: isCitizen }) : async () => proposal();
    },
    PUT: () => async () => {
      supported = true;
    },
    DELETE: () => async () => {
      supported = false;
    },
    POST: (
      _: string,
      { params, body }: { params: { header: Record<string, string> }; body: { choices: number[] } },
    ) => {
      cast.push({ choices: body.choices, key: params.header["Idempotency-Key"] ?? "" });
      return answer({ vote: 3, choices: body.choices });
    },
  };
  const me = new Value(
    isCitizen ? { citizen: { number: 7 }, may: [], may_at: {} } : { citizen: null, may: [], may_at: {} },
  );
  const desk = {
    api: { me, http, take: (asked: () => Promise<unknown>) => asked() },
    city: {
      topics: new Topics(),
      self: { position: [0, 0, 0] },
      pins: new Value([pin("proposal 9", 50), pin("report 1", 1), pin("proposal 8", 4)]),
    },
  } as unknown as Desk;
  const receipts: string[] = [];
  const view = new HeadsetHall(desk, { received: (_, receipt) => receipts.push(receipt) });
  return { view, cast, receipts, broken };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));
const ids = (view: HeadsetHall) => view.view().lines.map(({ id }) => id);

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
});

test("the list holds open votes first, then proposals, the nearest first", async () => {
  const { view } = hall();
  view.open();
  await settled();
  expect(ids(view)).toEqual(["vote 3", "proposal 8", "proposal 9"]);
  expect(view.back()).toBe(false);
});

test("a ballot is marked, looked over, cast once, and its receipt handed to the page", async () => {
  const { view, cast, receipts } = hall();
  view.open();
  await settled();
  view.press("vote 3");
  await settled();
  for (const line of ["0", "2", "1", "1"]) view.press(line);
  expect(view.view().lines.map(({ on }) => on)).toEqual([true, false, true, false]);
  view.act();
  expect(ids(view)).toEqual(["0", "2"]);
  expect(cast).toEqual([]);
  view.act();
  await settled();
  expect(cast.map(({ choices }) => choices)).toEqual([[0, 2]]);
  expect(receipts.map((text) => JSON.parse(text))).toEqual([{ vote: 3, choices: [0, 2] }]);
  expect(view.view().act).toBeNull();
});

test("where the answer is lost, the same ballot is sent again under the same key", async () => {
  const { view, cast, receipts, broken } = hall();
  view.open();
  await settled();
  view.press("vote 3");
  await settled();
  view.press("3");
  view.act();
  broken.once = new ProblemError(0, "offline", { ko: "닿지 않아요", en: "unreachable" });
  view.act();
  await settled();
  expect(view.view().said?.en).toBe("unreachable");
  expect(receipts).toEqual([]);
  view.act();
  await settled();
  expect(cast).toHaveLength(2);
  expect(cast[0]).toEqual(cast[1]);
  expect(receipts).toHaveLength(1);
});

test("every step leads back, and going back casts nothing", async () => {
  const { view, cast } = hall();
  view.open();
  await settled();
  view.press("vote 3");
  await settled();
  view.act();
  expect(view.back()).toBe(true);
  expect(view.back()).toBe(true);
  expect(ids(view)[0]).toBe("vote 3");
  expect(view.back()).toBe(false);
  expect(cast).toEqual([]);
});

test("a proposal is supported, and support is taken back", async () => {
  const { view } = hall();
  view.open();
  await settled();
  view.press("proposal 8");
  await settled();
  expect(view.view().said?.ko).toContain("그늘이 없어요");
  const before = view.view().act?.en;
  view.act();
  await settled();
  expect(view.view().act?.en).not.toBe(before);
  view.act();
  await settled();
  expect(view.view().act?.en).toBe(before);
});

test("a visitor is told where to sign in, and offered nothing that would be refused", async () => {
  const { view, cast } = hall(false);
  view.open();
  await settled();
  for (const line of ["vote 3", "proposal 8"]) {
    view.press(line);
    await settled();
    expect(view.view().act).toBeNull();
    expect(view.view().said?.en).toContain("sign in");
    view.act();
    view.back();
  }
  expect(cast).toEqual([]);
});
