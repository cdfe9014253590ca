import { expect, test } from "vitest";
import { advance, OutOfOrderError, SIGNAL_TABLE, type SignalInput, type SignalState } from "./signalling";

test("a good visit walks through the states in order", () => {
  const inputs: SignalInput[] = ["opened", "welcome", "answer", "channels", "closed"];
  const states: SignalState[] = [];
  let state: SignalState = "opening";
  for (const input of inputs) {
    state = advance(state, input);
    states.push(state);
  }
  expect(states).toEqual(["greeting", "offering", "joining", "joined", "over"]);
});

test("an answer before the welcome is out of order", () => {
  expect(() => advance("greeting", "answer")).toThrow(OutOfOrderError);
});

test("a second welcome is out of order in every state", () => {
  for (const state of ["offering", "joining", "joined", "over"] as const) {
    expect(() => advance(state, "welcome")).toThrow(OutOfOrderError);
  }
});

test("every state but the last can end when the socket closes", () => {
  for (const [state, inputs] of Object.entries(SIGNAL_TABLE)) {
    expect(inputs.closed).toBe(state === "over" ? undefined : "over");
  }
});
