import { expect, test } from "vitest";
import { advance, OutOfOrderError, SIGNAL_TABLE, type SignalInput, type SignalState } from "./signalling";

function walk(inputs: readonly SignalInput[]): SignalState[] {
  const states: SignalState[] = [];
  let state: SignalState = "opening";
  for (const input of inputs) {
    state = advance(state, input);
    states.push(state);
  }
  return states;
}

test("a good visit walks through the states in order", () => {
  expect(walk(["opened", "welcome", "offer", "answer", "channels", "closed"])).toEqual([
    "greeting",
    "greeted",
    "offering",
    "joining",
    "joined",
    "over",
  ]);
});

test("without a peer connection the socket carries, and one that comes up later takes over", () => {
  const inputs: SignalInput[] = ["opened", "welcome", "fallback", "carried", "offer", "answer", "channels"];
  expect(walk(inputs).slice(2)).toEqual(["asking", "carried", "renewing", "renewing", "joined"]);
});

test("a slow peer connection may come up before the socket's word, or after it", () => {
  const begun: SignalInput[] = ["opened", "welcome", "offer", "answer", "fallback"];
  expect(walk([...begun, "channels", "carried"]).at(-1)).toBe("joined");
  expect(walk([...begun, "carried", "channels"]).at(-1)).toBe("joined");
});

test("who waits is told again and again, and welcomed in turn", () => {
  const inputs: SignalInput[] = ["opened", "waiting", "waiting", "welcome", "offer"];
  expect(walk(inputs).slice(1)).toEqual(["waiting", "waiting", "greeted", "offering"]);
});

test("a renewed peer connection that is given up leaves the socket carrying", () => {
  const inputs: SignalInput[] = ["opened", "welcome", "fallback", "carried", "offer", "fallback"];
  expect(walk(inputs).at(-1)).toBe("carried");
});

test("an answer before the welcome is out of order", () => {
  expect(() => advance("greeting", "answer")).toThrow(OutOfOrderError);
});

test("a second welcome is out of order in every state", () => {
  for (const [state, inputs] of Object.entries(SIGNAL_TABLE)) {
    const awaited = state === "greeting" || state === "waiting";
    expect(inputs.welcome).toBe(awaited ? "greeted" : undefined);
  }
});

test("every state but the last can end when the socket closes", () => {
  for (const [state, inputs] of Object.entries(SIGNAL_TABLE)) {
    expect(inputs.closed).toBe(state === "over" ? undefined : "over");
  }
});
