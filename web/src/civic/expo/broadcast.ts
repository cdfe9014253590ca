/** Publishing to a booth's screen from this browser: it goes on while its panel is closed. */

import { ownProblem, ProblemError } from "../../api/problem";
import { retryWait } from "../../net/retry";
import { Value } from "../../value";
import { Whip } from "./whip";

export type Source = "camera" | "screen";
export type BroadcastState = "idle" | "asking" | "connecting" | "live" | "lost";

const PICTURE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } };
/** Attempts to come back after the connection was lost. */
const MOST_TRIES = 8;

export class Broadcast {
  readonly state = new Value<BroadcastState>("idle");
  readonly stream = new Value<MediaStream | null>(null);
  readonly muted = new Value(false);
  /** Why it ended by itself. */
  readonly problem = new Value<ProblemError | null>(null);
  /** Which screen. */
  booth: string | null = null;
  private token = "";
  private whip: Whip | null = null;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    addEventListener("pagehide", () => this.stop());
  }

  get isOn(): boolean {
    return this.state.get() !== "idle";
  }

  /**
   * Ask for the camera or a window, and publish it.
   *
   * @param token Gives the booth's publishing token; asked once the picture is there.
   */
  async start(booth: string, source: Source, token: () => Promise<string>): Promise<void> {
    this.stop();
    this.problem.set(null);
    this.state.set("asking");
    this.booth = booth;
    try {
      const stream = await picture(source);
      if (this.state.get() !== "asking") {
        end(stream);
        return;
      }
      for (const track of stream.getVideoTracks()) track.addEventListener("ended", () => this.stop());
      this.take(stream);
      this.token = await token();
      await this.connect();
    } catch (error) {
      this.stop();
      if (!(error instanceof ProblemError)) throw error;
      this.problem.set(error);
    }
  }

  setMuted(on: boolean): void {
    this.muted.set(on);
    for (const track of this.stream.get()?.getAudioTracks() ?? []) track.enabled = !on;
  }

  stop(): void {
    clearTimeout(this.timer);
    this.whip?.end();
    this.whip = null;
    end(this.stream.get());
    this.stream.set(null);
    this.booth = null;
    this.failures = 0;
    this.muted.set(false);
    this.state.set("idle");
  }

  /** Frames sent, and the picture's size; null while nothing is sent. */
  async figures(): Promise<Awaited<ReturnType<Whip["figures"]>> | null> {
    return this.whip?.figures() ?? null;
  }

  private take(stream: MediaStream): void {
    this.stream.set(stream);
    this.muted.set(false);
  }

  private async connect(): Promise<void> {
    const [stream, { booth }] = [this.stream.get(), this];
    if (stream === null || booth === null) return;
    this.state.set(this.failures === 0 ? "connecting" : "lost");
    const whip = new Whip(`/api/v1/booths/${encodeURIComponent(booth)}/whip`, this.token, stream, {
      live: () => {
        this.failures = 0;
        this.state.set("live");
      },
      lost: () => this.again(),
    });
    this.whip = whip;
    try {
      await whip.open();
    } catch (error) {
      whip.end();
      if (this.whip !== whip) return;
      // At the first attempt, and where waiting would not help, whoever publishes is told.
      if (!(error instanceof ProblemError) || !error.passes || this.failures === 0) throw error;
      this.again();
    }
  }

  private again(): void {
    if (this.stream.get() === null) return;
    this.whip = null;
    this.failures += 1;
    this.state.set("lost");
    if (this.failures > MOST_TRIES) {
      this.stop();
      this.problem.set(ownProblem("offline", "broadcast.gone"));
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.connect().catch((error: unknown) => {
        this.stop();
        if (!(error instanceof ProblemError)) throw error;
        this.problem.set(error);
      });
    }, retryWait(this.failures));
  }
}

function end(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** Why a picture cannot be had, in words. */
function refusal(error: unknown, source: Source): unknown {
  if (!(error instanceof DOMException)) return error;
  if (error.name === "NotAllowedError") {
    return ownProblem("denied", source === "camera" ? "broadcast.denied" : "broadcast.no_window");
  }
  return ownProblem("no_camera", "broadcast.no_camera");
}

async function picture(source: Source): Promise<MediaStream> {
  const devices = navigator.mediaDevices;
  if (!devices) throw ownProblem("insecure", "broadcast.insecure");
  try {
    if (source === "screen") return await devices.getDisplayMedia({ video: PICTURE, audio: true });
    // Music and machines are no noise at a booth.
    const sound = { echoCancellation: true, noiseSuppression: false };
    return await devices.getUserMedia({ video: PICTURE, audio: sound }).catch((error: unknown) => {
      // A camera without a microphone shows its picture all the same.
      if (error instanceof DOMException && error.name === "NotFoundError") {
        return devices.getUserMedia({ video: PICTURE });
      }
      throw error;
    });
  } catch (error) {
    throw refusal(error, source);
  }
}
