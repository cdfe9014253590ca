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
  state: "open",
  about: { ko: "광장의 봄", en: "Spring in the square" },
  may_vote: true,
};
const PROPOSAL = {
  id: 8,
  title: "그늘",
  text: "그늘이 없어요",
  state: "open",
  hidden: null,
  answers: [{ text: "놓을게요" }],
  needed: 20,
};
const REPORT = {
  id: 1,
  service: "road",
  status: "acknowledged",
  submitted_at: 1_780_000_000,
  description: "차도에 구멍이 나 있어요",
  redactions: [],
  acts: [],
  steps: [
    { step: "submit", at: 1_780_000_000, by_reporter: true, note_ko: null, note_en: null },
    { step: "acknowledge", at: 1_780_100_000, by_reporter: false, note_ko: "보러 가요", note_en: null },
  ],
};

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
      if (path.includes("reports")) return answer(REPORT);
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
    names: {
      services: async () => [],
      of: () => ({ ko: "도로 파손", en: "Broken road" }),
    },
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
  // Between two presses goes a second.
  let moment = 0;
  vi.spyOn(performance, "now").mockImplementation(() => {
    moment += 1000;
    return moment;
  });
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

test("a line that is no longer there marks nothing", async () => {
  const { view } = hall();
  view.open();
  await settled();
  view.press("vote 3");
  await settled();
  view.press("vote 3");
  view.act();
  expect(ids(view)).toEqual([]);
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

test("a pin leads to what it stands for, and from there back to the list", async () => {
  const { view } = hall();
  view.openAt("proposal 8");
  await settled();
  expect(view.view().lead?.ko).toBe("그늘");
  expect(view.view().said?.ko).toContain("놓을게요");
  expect(view.view().act?.ko).toBe("공감하기");
  expect(view.back()).toBe(true);
  expect(ids(view)).toEqual(["vote 3", "proposal 8", "proposal 9"]);
  expect(view.back()).toBe(false);
});

test("a pin of a report says how far it has come and each step, and offers nothing", async () => {
  const { view } = hall();
  view.openAt("report 1");
  await settled();
  expect(view.view().lead).toEqual({ ko: "도로 파손", en: "Broken road" });
  const said = view.view().said?.ko ?? "";
  for (const words of ["접수됨", "차도에 구멍이 나 있어요", "보러 가요"]) expect(said).toContain(words);
  expect(view.view().said?.en).toContain("Acknowledged");
  expect(view.view().act).toBeNull();
});

test("a notice board leads to the ballot; a visitor reads the question, its options, and where to vote", async () => {
  const { view } = hall();
  view.openAt("vote 3");
  await settled();
  expect(view.view().lead).toEqual(VOTE.title);
  expect(ids(view)).toEqual(["0", "1", "2", "3"]);
  const visitor = hall(false).view;
  visitor.openAt("vote 3");
  await settled();
  expect(visitor.view().act).toBeNull();
  for (const words of ["투표 중", "벤치", "나무", "화면에서"])
    expect(visitor.view().said?.ko).toContain(words);
});

test("an answer that comes after another pin was pressed is not shown", async () => {
  const { view } = hall();
  view.openAt("report 1");
  view.openAt("proposal 8");
  await settled();
  expect(view.view().lead?.ko).toBe("그늘");
});
