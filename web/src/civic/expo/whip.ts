/** One WHIP connection (RFC 9725): camera and sound of this browser, to a booth's screen. */

import { ownProblem, readProblem } from "../../api/problem";
import { fragmentOf, type Origin, originOf } from "../../screen/fragment";

/** As much as a screen is made for: 720p at 30 frames a second. */
const MOST_BITRATE = 1_800_000;
const MOST_SOUND_BITRATE = 64_000;
const CONNECT_WITHIN = 20_000;

export interface WhipEvents {
  live(): void;
  /** The connection ended by itself. */
  lost(): void;
}

export class Whip {
  private readonly peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  private readonly candidates: string[] = [];
  private origin: Origin | null = null;
  private location: string | null = null;
  private tag = "";
  private gathered = false;
  private over = false;
  private readonly deadline: ReturnType<typeof setTimeout>;

  constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly stream: MediaStream,
    private readonly events: WhipEvents,
  ) {
    this.deadline = setTimeout(() => this.lose(), CONNECT_WITHIN);
    this.peer.onconnectionstatechange = () => {
      const state = this.peer.connectionState;
      if (state === "connected") {
        clearTimeout(this.deadline);
        if (!this.over) this.events.live();
      } else if (state === "failed" || state === "closed") this.lose();
    };
    this.peer.onicecandidate = ({ candidate }) => {
      if (candidate === null) this.gathered = true;
      else if (candidate.candidate !== "") this.candidates.push(candidate.candidate);
      if (this.location !== null) this.trickle().catch(() => undefined); // checks reach the server without it
    };
  }

  /** Begin. Throws ProblemError where the server refuses. */
  async open(): Promise<void> {
    for (const track of this.stream.getTracks()) {
      const { sender } = this.peer.addTransceiver(track, { direction: "sendonly", streams: [this.stream] });
      await bound(sender, track.kind === "video" ? MOST_BITRATE : MOST_SOUND_BITRATE);
    }
    await this.peer.setLocalDescription();
    const offer = this.peer.localDescription?.sdp ?? "";
    this.origin = originOf(offer);
    const answer = await this.ask("POST", this.url, { "Content-Type": "application/sdp" }, offer).catch(
      () => {
        throw ownProblem("offline", "problem.offline");
      },
    );
    if (!answer.ok) throw readProblem(answer.status, await answer.json().catch(() => null));
    const location = answer.headers.get("Location");
    if (location !== null) this.location = new URL(location, new URL(this.url, document.baseURI)).href;
    if (this.over) {
      // It was stopped while the server answered: what the server made just now goes, too.
      this.over = false;
      this.end();
      return;
    }
    this.tag = answer.headers.get("ETag") ?? "";
    await this.peer.setRemoteDescription({ type: "answer", sdp: await answer.text() });
    await this.trickle();
  }

  /** Frames sent so far, and the picture's size. */
  async figures(): Promise<{ readonly frames: number; readonly width: number; readonly height: number }> {
    for (const report of (await this.peer.getStats()).values()) {
      if (report.type === "outbound-rtp" && report.kind === "video") {
        const { framesSent, frameWidth, frameHeight } = report;
        return { frames: framesSent ?? 0, width: frameWidth ?? 0, height: frameHeight ?? 0 };
      }
    }
    return { frames: 0, width: 0, height: 0 };
  }

  /** End the connection, here and on the server. */
  end(): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.deadline);
    const close = () => this.peer.close();
    if (this.location === null) close();
    // The server is told first: it would otherwise notice by itself, and know of no session to end.
    else this.ask("DELETE", this.location, {}, undefined).then(close, close);
  }

  private lose(): void {
    if (this.over) return;
    this.end();
    this.events.lost();
  }

  private ask(
    method: string,
    url: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<Response> {
    return fetch(url, {
      method,
      headers: { ...headers, Authorization: `Bearer ${this.token}` },
      body,
      credentials: "omit",
      keepalive: method === "DELETE",
    });
  }

  private async trickle(): Promise<void> {
    if (this.location === null || this.origin === null || this.over) return;
    const candidates = this.candidates.splice(0);
    if (candidates.length === 0) return;
    const headers = { "Content-Type": "application/trickle-ice-sdpfrag", "If-Match": this.tag };
    await this.ask("PATCH", this.location, headers, fragmentOf(this.origin, candidates, this.gathered));
  }
}

async function bound(sender: RTCRtpSender, bitrate: number): Promise<void> {
  const parameters = sender.getParameters();
  for (const encoding of parameters.encodings) encoding.maxBitrate = bitrate;
  await sender.setParameters(parameters);
}
