"""What pages do: publish by WHIP with nothing but the browser's own API, and watch with the page's viewer."""

PUBLISH = """
async ({ url, token, codec, sound }) => {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { width: 640, height: 360, frameRate: 30 },
    audio: sound ? { echoCancellation: false, noiseSuppression: false, autoGainControl: false } : false,
  });
  const peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  window.publisher = peer;
  const sending = { direction: "sendonly", streams: [stream] };
  for (const track of stream.getTracks()) peer.addTransceiver(track, sending);
  const [video] = peer.getTransceivers().filter((one) => one.sender.track.kind === "video");
  const codecs = RTCRtpSender.getCapabilities("video").codecs;
  const wanted = codecs.filter((one) => one.mimeType === `video/${codec}`);
  video.setCodecPreferences?.([...wanted, ...codecs.filter((one) => !wanted.includes(one))]);
  await peer.setLocalDescription();
  const headers = { "Content-Type": "application/sdp", Authorization: `Bearer ${token}` };
  const answer = await fetch(url, { method: "POST", headers, body: peer.localDescription.sdp });
  if (answer.status !== 201) return { status: answer.status, problem: await answer.json() };
  window.session = { url: answer.headers.get("Location"), tag: answer.headers.get("ETag"), token };
  await peer.setRemoteDescription({ type: "answer", sdp: await answer.text() });
  return { status: 201, codecs: wanted.length };
}
"""

UNPUBLISH = """
async () => {
  const { url, token } = window.session;
  const answer = await fetch(url, { method: "DELETE", headers: { Authorization: `Bearer ${token}` } });
  window.publisher.close();
  return answer.status;
}
"""

WATCH = """
async ({ url, token }) => {
  const { ScreenViewer } = await import("/viewer.js");
  window.states = [];
  const changed = (state) => window.states.push(state);
  window.viewer = new ScreenViewer({ url, token: () => token, changed });
  document.body.append(window.viewer.video);
}
"""

#: A fingerprint of the picture: mean brightness of 8 × 8 fields, 0 … 255; null while there is none.
LOOK = """
() => {
  const { video } = window.viewer;
  if (video.readyState < 2 || video.videoWidth === 0) return null;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 8;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(video, 0, 0, 8, 8);
  const { data } = context.getImageData(0, 0, 8, 8);
  const fields = [];
  for (let at = 0; at < data.length; at += 4) fields.push((data[at] + data[at + 1] + data[at + 2]) / 3);
  return { fields, width: video.videoWidth, height: video.videoHeight };
}
"""

STATS = """
async () => {
  for (const report of (await window.viewer.attempt.peer.getStats()).values())
    if (report.type === "inbound-rtp")
      return { frames: report.framesDecoded, lost: report.packetsLost, asked: report.nackCount };
  return null;
}
"""
