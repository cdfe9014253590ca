/**
 * Watches one booth's screen over a WHEP connection of its own, and shows it in a `<video>`.
 *
 * The picture only: a screen's sound comes in the listener's spatial mix. What the video is drawn on is for
 * others; the element is never put into the page here.
 */

import { retryWait } from "../net/retry";
import { judge, retryAfter } from "./answers";
import { fragmentOf, type Origin, originOf } from "./fragment";

export type ViewerState = "connecting" | "dark" | "live" | "lost" | "refused" | "closed";

export interface ViewerOptions {
  /** The screen's WHEP address, such as `/api/v1/booths/a1/whep`. */
  url: string;
  /** The session token that signalling gave; asked for at each attempt. */
  token: () => string | null;
  /** Told of each change. */
  changed?: (state: ViewerState) => void;
}

/** A picture that does not come within this time after the connection stands is a dark screen, ms. */
const DARK_AFTER = 1500;
/** A live picture without a new frame for this long is a dark one, ms. */
const FROZEN_AFTER = 4000;
const LOOK_EVERY = 500;
/** How long a connection may take, ms. */
const CONNECT_WITHIN = 15_000;

export class ScreenViewer {
  /** Plays as soon as there is something to see: `muted` and `playsInline`, so that no browser asks. */
  readonly video: HTMLVideoElement;
  private now: ViewerState = "connecting";
  private attempt: Attempt | null = null;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: ViewerOptions) {
    this.video = document.createElement("video");
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.autoplay = true;
    this.video.disablePictureInPicture = true;
    addEventListener("pagehide", this.leave);
    this.begin();
  }

  get state(): ViewerState {
    return this.now;
  }

  private readonly leave = (): void => this.close();

  /** Stop watching for good. */
  close(): void {
    removeEventListener("pagehide", this.leave);
    clearTimeout(this.timer);
    this.attempt?.end();
    this.attempt = null;
    this.video.srcObject = null;
    this.become("closed");
  }

  private begin(): void {
    const token = this.options.token();
    if (token === null) {
      this.again(0);
      return;
    }
    this.become("connecting");
    this.attempt = new Attempt(this.options.url, token, this.video, {
      shows: (live) => {
        if (live) this.failures = 0;
        this.become(live ? "live" : "dark");
      },
      failed: (wait) => this.again(wait),
      refused: () => {
        this.attempt = null;
        this.become("refused");
      },
    });
  }

  private again(wait: number): void {
    if (this.now === "closed") return;
    this.attempt?.end();
    this.attempt = null;
    this.failures += 1;
    this.become("lost");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.begin(), Math.max(wait, retryWait(this.failures)));
  }

  private become(state: ViewerState): void {
    if (state === this.now || this.now === "closed") return;
    this.now = state;
    this.options.changed?.(state);
  }
}

interface AttemptEvents {
  shows(live: boolean): void;
  failed(wait: number): void;
  refused(): void;
}

/** One connection, from its offer to its end. */
class Attempt {
  private readonly peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  private readonly candidates: string[] = [];
  private readonly timers: ReturnType<typeof setTimeout>[] = [];
  private origin: Origin | null = null;
  private location: string | null = null;
  private tag = "";
  private gathered = false;
  private over = false;
  private frames = 0;
  private lastFrame = 0;
  private since = 0;

  constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly video: HTMLVideoElement,
    private readonly events: AttemptEvents,
  ) {
    this.peer.addTransceiver("video", { direction: "recvonly" });
    this.peer.ontrack = (event) => {
      this.video.srcObject = new MediaStream([event.track]);
      this.video.play().catch(() => undefined); // a hidden page plays when it is seen
    };
    this.peer.onicecandidate = (event) => this.gather(event.candidate);
    this.peer.onconnectionstatechange = () => this.follow();
    this.timers.push(setTimeout(() => this.fail(0), CONNECT_WITHIN));
    this.open().catch(() => this.fail(0));
  }

  /** End the connection, here and on the server. */
  end(): void {
    if (this.over) return;
    this.over = true;
    for (const timer of this.timers) clearInterval(timer);
    this.peer.close();
    if (this.location !== null) {
      this.ask("DELETE", this.location, {}, undefined).catch(() => undefined); // the server notices by itself
    }
  }

  private async open(): Promise<void> {
    await this.peer.setLocalDescription();
    const offer = this.peer.localDescription?.sdp ?? "";
    this.origin = originOf(offer);
    const answer = await this.ask("POST", this.url, { "Content-Type": "application/sdp" }, offer);
    const verdict = judge(answer.status);
    const location = answer.headers.get("Location");
    if (verdict === "go" && location !== null) {
      this.location = new URL(location, new URL(this.url, document.baseURI)).href;
    }
    if (this.over) {
      // It was closed while the server answered: what the server made just now goes, too.
      this.over = false;
      this.end();
      return;
    }
    if (verdict === "go") {
      this.tag = answer.headers.get("ETag") ?? "";
      await this.peer.setRemoteDescription({ type: "answer", sdp: await answer.text() });
      await this.trickle();
    } else if (verdict === "again") {
      this.fail(retryAfter(answer.headers.get("Retry-After")));
    } else {
      this.end();
      this.events.refused();
    }
  }

  private ask(
    method: string,
    url: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<Response> {
    const withToken = { ...headers, Authorization: `Bearer ${this.token}` };
    // Without cookies: the token says who watches.
    return fetch(url, {
      method,
      headers: withToken,
      body,
      credentials: "omit",
      keepalive: method === "DELETE",
    });
  }

  private gather(candidate: RTCIceCandidate | null): void {
    if (candidate === null) this.gathered = true;
    else if (candidate.candidate !== "") this.candidates.push(candidate.candidate);
    if (this.location !== null) this.trickle().catch(() => undefined); // checks reach the server without it
  }

  private async trickle(): Promise<void> {
    if (this.location === null || this.origin === null || this.over) return;
    const candidates = this.candidates.splice(0);
    if (candidates.length === 0) return;
    const headers = { "Content-Type": "application/trickle-ice-sdpfrag", "If-Match": this.tag };
    await this.ask("PATCH", this.location, headers, fragmentOf(this.origin, candidates, this.gathered));
  }

  private follow(): void {
    const state = this.peer.connectionState;
    if (state === "failed" || state === "closed") this.fail(0);
    else if (state === "connected" && this.since === 0) {
      clearTimeout(this.timers[0]);
      this.since = this.lastFrame = performance.now();
      this.timers.push(setInterval(() => this.look(), LOOK_EVERY));
    }
  }

  /** See whether the picture moves; decoded frames count, so that a hidden page sees it as well. */
  private async look(): Promise<void> {
    let frames = 0;
    for (const report of (await this.peer.getStats()).values()) {
      if (report.type === "inbound-rtp" && report.kind === "video") frames = report.framesDecoded ?? 0;
    }
    if (this.over) return;
    const now = performance.now();
    if (frames > this.frames) {
      this.frames = frames;
      this.lastFrame = now;
      this.events.shows(true);
    } else if (now - this.lastFrame > (this.frames === 0 ? DARK_AFTER : FROZEN_AFTER)) {
      this.events.shows(false);
    }
  }

  private fail(wait: number): void {
    if (this.over) return;
    this.end();
    this.events.failed(wait);
  }
}
