import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ServerEvent } from "../protocol/messages";
import type { LinkListener } from "./link";
import { Renewal } from "./retry";
import { type Carrier, SocketLink } from "./socket_link";

class Wire implements Carrier {
  readyState: Carrier["readyState"] = 1;
  bufferedAmount = 0;
  readonly sent: unknown[] = [];

  send(data: unknown): void {
    this.sent.push(data);
  }
}

class Heard implements LinkListener {
  readonly events: ServerEvent[] = [];
  nonsense = 0;
  onPeople(): void {}
  onEvent(event: ServerEvent): void {
    this.events.push(event);
  }
  onNonsense(): void {
    this.nonsense++;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("an event goes word for word into an envelope, and comes out of one", () => {
  const [wire, heard] = [new Wire(), new Heard()];
  const link = new SocketLink(wire, heard);
  expect(link.sendEvent({ type: "say", text: '"안녕"' })).toBe(true);
  expect(JSON.parse(JSON.parse(String(wire.sent[0])).text)).toEqual({ type: "say", text: '"안녕"' });
  link.takeEvent('{"type":"waved","person":7}');
  expect(heard.events).toEqual([{ type: "waved", person: 7 }]);
});

test("state is dropped while anything waits, so nothing piles up in the stream", () => {
  const wire = new Wire();
  const link = new SocketLink(wire, new Heard());
  wire.bufferedAmount = 1;
  expect(link.sendState(new ArrayBuffer(57))).toBe(false);
  wire.bufferedAmount = 0;
  expect(link.sendState(new ArrayBuffer(57))).toBe(true);
  expect(wire.sent).toHaveLength(1);
});

test("once another link took over, state that was on its way is dropped and events still count", () => {
  const heard = new Heard();
  const link = new SocketLink(new Wire(), heard);
  link.close();
  link.takeState(new ArrayBuffer(3));
  link.takeEvent('{"type":"waved","person":7}');
  expect([heard.nonsense, heard.events.length]).toEqual([0, 1]);
  expect(link.sendEvent({ type: "wave" })).toBe(false);
});

test("what is not in the protocol is told to the owner", () => {
  const heard = new Heard();
  const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const link = new SocketLink(new Wire(), heard);
  link.takeState(new ArrayBuffer(3));
  link.takeEvent('{"type":"sudo"}');
  expect(heard.nonsense).toBe(2);
  warned.mockRestore();
});

test("a closed socket takes nothing", () => {
  const wire = new Wire();
  wire.readyState = 3;
  const link = new SocketLink(wire, new Heard());
  expect([link.sendEvent({ type: "wave" }), link.sendState(new ArrayBuffer(57))]).toEqual([false, false]);
});

test("a peer connection is tried again later and later, and soon again after one came up", () => {
  let tried = 0;
  const renewal = new Renewal(() => tried++);
  renewal.later();
  vi.advanceTimersByTime(8000);
  expect(tried).toBe(1);
  renewal.later();
  vi.advanceTimersByTime(8000);
  expect(tried).toBe(1);
  vi.advanceTimersByTime(8000);
  expect(tried).toBe(2);
  for (let time = 0; time < 10; time++) {
    renewal.later();
    vi.advanceTimersByTime(120_000);
  }
  expect(tried).toBe(12);
  renewal.succeeded();
  renewal.later();
  vi.advanceTimersByTime(8000);
  expect(tried).toBe(13);
  renewal.later();
  renewal.stop();
  vi.advanceTimersByTime(500_000);
  expect(tried).toBe(13);
});
