import { expect, test } from "vitest";
import { judge, retryAfter } from "./answers";
import { fragmentOf, originOf } from "./fragment";

const OFFER = [
  "v=0",
  "a=group:BUNDLE 0",
  "m=video 9 UDP/TLS/RTP/SAVPF 96 97",
  "a=ice-ufrag:abcd",
  "a=ice-pwd:0123456789abcdef012345",
  "a=mid:0",
  "",
].join("\r\n");

test("a fragment names the session, the first section and each candidate", () => {
  const origin = originOf(OFFER);
  expect(origin).not.toBeNull();
  if (origin === null) return;
  const lines = fragmentOf(origin, ["candidate:1 1 udp 1 10.0.0.1 9 typ host", "a=candidate:2"], true).split(
    "\r\n",
  );
  expect(lines).toEqual([
    "a=ice-ufrag:abcd",
    "a=ice-pwd:0123456789abcdef012345",
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97",
    "a=mid:0",
    "a=candidate:1 1 udp 1 10.0.0.1 9 typ host",
    "a=candidate:2",
    "a=end-of-candidates",
    "",
  ]);
});

test("candidates that are not the last do not end the gathering", () => {
  const origin = originOf(OFFER);
  expect(origin && fragmentOf(origin, ["candidate:1"], false)).not.toContain("end-of-candidates");
});

test("an offer without credentials gives no fragment", () => {
  expect(originOf("v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n")).toBeNull();
});

test("a screen out of sight is not asked for again, a full one is", () => {
  expect([201, 204].map(judge)).toEqual(["go", "go"]);
  expect([400, 401, 403, 404, 406].map(judge)).toEqual(["never", "never", "never", "never", "never"]);
  expect([429, 500, 503].map(judge)).toEqual(["again", "again", "again"]);
});

test("a wait that the server asks for is bounded", () => {
  expect([null, "5", "soon", "-1", "9999"].map(retryAfter)).toEqual([0, 5000, 0, 0, 60_000]);
});
