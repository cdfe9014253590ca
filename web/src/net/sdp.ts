/** What the page changes in its own offer before it is set. */

/**
 * Ask for stereo Opus towards us, and allow it from us (RFC 7587, section 6.1).
 *
 * The offer must say so before `setLocalDescription`: a changed answer alone gives mono.
 */
export function withStereo(sdp: string): string {
  const opus = /^a=rtpmap:(\d+) opus\/48000\/2\r?$/im.exec(sdp);
  if (opus === null) return sdp;
  const format = new RegExp(`^a=fmtp:${opus[1]} (.*?)(\\r?)$`, "m");
  if (!format.test(sdp)) {
    return sdp.replace(opus[0], `${opus[0].trimEnd()}\r\na=fmtp:${opus[1]} stereo=1;sprop-stereo=1\r`);
  }
  return sdp.replace(format, (line, parameters: string, end: string) =>
    /(^|;)\s*stereo=1/.test(parameters)
      ? line
      : `a=fmtp:${opus[1]} ${parameters};stereo=1;sprop-stereo=1${end}`,
  );
}
