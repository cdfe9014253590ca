import { expect, test } from "vitest";
import { Drafts } from "./drafts";

function memory(refuses = false) {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    removeItem: (key: string) => void kept.delete(key),
    setItem: (key: string, value: string) => {
      if (refuses) throw new DOMException("full", "QuotaExceededError");
      kept.set(key, value);
    },
  };
}

test("what was written is there again after a reload, and gone once it was sent", () => {
  const device = memory();
  new Drafts(device, () => 7).put("proposal", { title: "벤치", text: "그늘에 벤치를" });
  const again = new Drafts(device, () => 7);
  expect(again.get("proposal")).toEqual({ title: "벤치", text: "그늘에 벤치를" });
  again.drop("proposal");
  expect(again.get("proposal")).toEqual({});
  expect(device.kept.size).toBe(0);
});

test("what a visitor wrote is theirs once they have signed in", () => {
  let me: number | null = null;
  const drafts = new Drafts(memory(), () => me);
  drafts.put("report", { description: "포트홀" });
  me = 3;
  expect(drafts.get("report")).toEqual({ description: "포트홀" });
});

test("another citizen on the same device reads nothing of it, nor does whoever looks after a sign-out", () => {
  let me: number | null = 3;
  const drafts = new Drafts(memory(), () => me);
  drafts.put("report", { description: "비밀" });
  me = 4;
  expect(drafts.get("report")).toEqual({});
  me = null;
  expect(drafts.get("report")).toEqual({});
  me = 3;
  expect(drafts.get("report")).toEqual({ description: "비밀" });
});

test("empty fields are no draft", () => {
  const device = memory();
  const drafts = new Drafts(device, () => null);
  drafts.put("proposal", { title: "가" });
  drafts.put("proposal", { title: "  ", text: "" });
  expect(device.kept.size).toBe(0);
});

test("where the device keeps nothing, the page does while it stands", () => {
  const drafts = new Drafts(memory(true), () => null);
  drafts.put("proposal", { title: "가" });
  expect(drafts.get("proposal")).toEqual({ title: "가" });
});

test("what is no draft is none", () => {
  const device = memory();
  device.kept.set("meta-gwangju.draft.a", "{");
  device.kept.set("meta-gwangju.draft.b", '{"owner":null,"fields":{"title":3}}');
  device.kept.set("meta-gwangju.draft.c", "null");
  const drafts = new Drafts(device, () => null);
  for (const name of ["a", "b", "c"]) expect(drafts.get(name)).toEqual({});
});

test("what was changed while the rest was on its way stays a draft", () => {
  const drafts = new Drafts(memory(), () => 3);
  const sent = { ko: "메웠어요.", en: "", step: "note" };
  drafts.put("step-1", { ...sent, step: "answer" });
  drafts.sent("step-1", sent);
  expect(drafts.get("step-1")).toEqual({ step: "answer" });
  drafts.sent("step-1", { step: "answer" });
  expect(drafts.get("step-1")).toEqual({});
});
