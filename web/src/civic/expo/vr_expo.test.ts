import { beforeEach, expect, test, vi } from "vitest";
import { ProblemError } from "../../api/problem";
import type { Vec3 } from "../../render/api";
import { Value } from "../../value";
import type { Booth } from "./expo";
import type { Given } from "./grants";
import { HeadsetExpo, lastContact, type VrExpoDesk } from "./vr_expo";

/** Between two presses goes a second, unless a test says otherwise. */
let [moment, passes] = [0, 1000];

beforeEach(() => {
  passes = 1000;
  vi.spyOn(performance, "now").mockImplementation(() => {
    moment += passes;
    return moment;
  });
});

const OWNER = { name_ko: "빛고을 공방", name_en: "Bitgoeul Workshop" };
const CONTACT = { name: "미르", email: "", phone: "010-1234-5678", message: "등을 접고 싶어요" };
const LATER = 2_000_000_000;

const booth = (id: string, state: Booth["state"]): Booth =>
  ({
    id,
    number: id.toUpperCase(),
    state,
    organisation: state === "free" ? null : OWNER,
    title_ko: state === "open" ? `${id} 등` : null,
    title_en: state === "open" ? `${id} lanterns` : null,
    summary_ko: "한지로 접은 등",
    summary_en: "Lanterns from hanji",
    description_ko: "스무 해째 접어요",
    description_en: "For twenty years",
    staff: [7],
  }) as unknown as Booth;

const given = (id: number, where: string, more: Partial<Given> = {}): Given => ({
  id,
  booth: where,
  organisation: { ko: "빛고을 공방", en: "Bitgoeul Workshop" },
  contact: CONTACT,
  withdrawn: false,
  left_at: id,
  expires_at: LATER,
  token: null,
  ...more,
});

interface World {
  at?: Vec3;
  isCitizen?: boolean;
  left?: Given[];
  refusal?: ProblemError;
}

/** An expo of three booths on a line, on a server that remembers what was left. */
function expo({ at = [500, 0, 0], isCitizen = true, left = [], refusal }: World = {}) {
  const slots = ["a1", "a2", "a3"].map((id, i) => ({
    id,
    position: [i * 10, 0, 0],
    corners: square(i * 10),
  }));
  const booths = [booth("a1", "open"), booth("a2", "free"), booth("a3", "open")];
  const people = [{ id: 7, name: "나리" }];
  let kept = [...left];
  const grants = {
    all: async () => kept,
    leave: async ({ id }: Booth, contact: Given["contact"]) => {
      if (refusal !== undefined) throw refusal;
      const made = given(99, id, { contact });
      kept = [...kept, made];
      return made;
    },
    withdraw: async ({ id }: Given) => {
      kept = kept.map((one) => (one.id === id ? { ...one, withdrawn: true, contact: null } : one));
    },
  };
  const desk = {
    city: {
      id: new Value(1),
      pose: () => ({ position: at }),
      self: { position: at },
      people: {
        everyone: () => people,
        shown: () => people.map((person) => ({ person, state: { position: [0.5, 0, 0.5] } })),
      },
    },
    api: { me: new Value({ citizen: isCitizen ? { number: 1 } : null }) },
    expo: {
      halls: new Value([{ slots }]),
      booths: new Value(booths),
      live: new Value(new Set(["a1"])),
      problem: new Value(null),
      refresh: () => undefined,
      booth: (id: string) => booths.find((one) => one.id === id),
      slot: (id: string) => slots.find((one) => one.id === id),
    },
  } as unknown as VrExpoDesk;
  return { view: new HeadsetExpo(desk, grants), kept: () => kept };
}

const square = (x: number) => [
  [x - 3, -3],
  [x + 3, -3],
  [x + 3, 3],
  [x - 3, 3],
];
const settled = () => new Promise((resolve) => setTimeout(resolve));

test("before an open booth its page opens, elsewhere the list of those that are open", () => {
  const here = expo({ at: [0, 0, 4] }).view;
  here.open();
  expect(here.view().lead?.en).toBe("a1 lanterns");
  expect(here.back()).toBe(true);
  const beforeFree = expo({ at: [10, 0, 2] }).view;
  beforeFree.open();
  expect(beforeFree.view().lines.map(({ id }) => id)).toEqual(["a1", "a3"]);
  beforeFree.press("a3");
  expect(beforeFree.view().title.ko).toBe("A3 칸");
});

test("a booth says whose it is, whether it is live, who is there, and what it is, in both languages", async () => {
  const { view } = expo();
  view.openAt("a1");
  await settled();
  const said = view.view().said;
  for (const words of ["빛고을 공방 · 지금 생방송", "한지로", "나리(부스 안에", "스무 해째"]) {
    expect(said?.ko).toContain(words);
  }
  for (const words of ["Bitgoeul Workshop · Live now", "hanji", "나리 (in the booth)", "twenty years"]) {
    expect(said?.en).toContain(words);
  }
  view.openAt("a3");
  expect(view.view().said?.en).toContain("no live video");
  view.openAt("a2");
  expect(view.view().said?.ko).toContain("아직 아무도 맡지 않은");
  expect(view.view().act).toBeNull();
});

test("what was left last is left here after a look and consent, without its message, and is taken back", async () => {
  const { view, kept } = expo({ left: [given(1, "a3"), given(2, "b9", { withdrawn: true, contact: null })] });
  view.openAt("a1");
  await settled();
  view.act();
  expect(view.view().lead?.ko).toBe("미르 · 010-1234-5678");
  expect(view.view().said?.en).toContain("I agree that Bitgoeul Workshop sees it for 90 days");
  expect(kept()).toHaveLength(2);
  view.act();
  await settled();
  expect(kept().at(-1)).toMatchObject({ booth: "a1", contact: { ...CONTACT, message: "" } });
  expect(view.view().said?.ko).toContain("내 연락처를 남겼어요");
  expect(view.view().act?.ko).toBe("연락처 거두기");
  view.act();
  expect(kept().at(-1)?.withdrawn).toBe(false);
  view.act();
  await settled();
  expect(kept().at(-1)?.withdrawn).toBe(true);
  expect(view.view().act?.ko).toBe("지난 연락처 남기기");
});

test("a trigger that bounces agrees to nothing unread, and withdraws nothing", async () => {
  const { view, kept } = expo({ left: [given(1, "a3")] });
  view.openAt("a1");
  await settled();
  passes = 0;
  moment += 1000;
  for (const _ of [1, 2, 3]) view.act();
  await settled();
  expect(view.view().said?.en).toContain("I agree that");
  expect(kept()).toHaveLength(1);
  moment += 1000;
  for (const _ of [1, 2, 3]) view.act();
  await settled();
  expect(kept()).toHaveLength(2);
  view.act();
  expect(view.view().act?.ko).toBe("연락처 거두기");
});

test("who never left one, and who is no citizen, is told where to write it and offered nothing", async () => {
  for (const [world, words] of [
    [{}, "처음에는 화면에서"],
    [{ isCitizen: false }, "화면에서 적어 주세요"],
  ] as const) {
    const { view, kept } = expo(world);
    view.openAt("a1");
    await settled();
    expect(view.view().said?.ko).toContain(words);
    expect(view.view().act).toBeNull();
    view.act();
    expect(kept()).toEqual([]);
  }
});

test("a visitor's key takes back what was left on the page", async () => {
  const { view, kept } = expo({ isCitizen: false, left: [given(4, "a1", { contact: null, token: "key" })] });
  view.openAt("a1");
  await settled();
  view.act();
  view.act();
  await settled();
  expect(kept()[0]?.withdrawn).toBe(true);
  expect(view.view().act).toBeNull();
});

test("a refusal is said, and the contact is not shown as left", async () => {
  const refusal = new ProblemError(403, "forbidden", { ko: "지금은 안 돼요", en: "Not now" });
  const { view, kept } = expo({ left: [given(1, "a3")], refusal });
  view.openAt("a1");
  await settled();
  view.act();
  view.act();
  await settled();
  expect(view.view().said?.en).toBe("Not now");
  expect(kept()).toHaveLength(1);
});

test("the contact that was left last counts", () => {
  expect(lastContact([])).toBeNull();
  const other = { ...CONTACT, phone: "010-0000-0000" };
  expect(lastContact([given(2, "a1", { contact: other }), given(1, "a3")])?.phone).toBe(other.phone);
});
