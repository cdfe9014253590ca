import { expect, test } from "vitest";
import { withStereo } from "./sdp";

const OFFER = [
  "m=audio 9 UDP/TLS/RTP/SAVPF 111 63",
  "a=rtpmap:111 opus/48000/2",
  "a=fmtp:111 minptime=10;useinbandfec=1",
  "a=rtpmap:63 red/48000/2",
  "a=fmtp:63 111/111",
  "",
].join("\r\n");

test("stereo is asked for on the opus line and nowhere else", () => {
  const lines = withStereo(OFFER).split("\r\n");
  expect(lines[2]).toBe("a=fmtp:111 minptime=10;useinbandfec=1;stereo=1;sprop-stereo=1");
  expect(lines.filter((line) => line.includes("stereo"))).toHaveLength(1);
  expect(lines).toHaveLength(OFFER.split("\r\n").length);
});

test("an opus without parameters gets a line of its own", () => {
  const bare = OFFER.replace("a=fmtp:111 minptime=10;useinbandfec=1\r\n", "");
  const lines = withStereo(bare).split("\r\n");
  expect(lines[1]).toBe("a=rtpmap:111 opus/48000/2");
  expect(lines[2]).toBe("a=fmtp:111 stereo=1;sprop-stereo=1");
});

test("an offer that already says so is left alone", () => {
  expect(withStereo(withStereo(OFFER))).toBe(withStereo(OFFER));
});

test("an offer without opus is left alone", () => {
  expect(withStereo("m=video 9 UDP/TLS/RTP/SAVPF 96\r\n")).toBe("m=video 9 UDP/TLS/RTP/SAVPF 96\r\n");
});
