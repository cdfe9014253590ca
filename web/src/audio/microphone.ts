/** My microphone: asking for it, hearing its level, muting it. */

import { Value } from "../value";
import { audioContext, newestSamples, rmsDecibels } from "./level";

/** `off`: not asked for yet. The last four say why there is none. */
export type MicrophoneState =
  | "off"
  | "asking"
  | "live"
  | "muted"
  | "denied"
  | "missing"
  | "busy"
  | "insecure";

/** What the city is told, and what `inspect()` says. */
export type MicrophoneFact = "none" | "muted" | "live";

const METER_SECONDS = 0.05;

function problem(error: unknown): MicrophoneState {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  return "busy";
}

export class Microphone {
  readonly state = new Value<MicrophoneState>("off");
  /** The track to send; null when there is none. */
  readonly track = new Value<MediaStreamTrack | null>(null);
  private analyser: AnalyserNode | null = null;
  private source: MediaStreamAudioSourceNode | null = null;
  private readonly samples = new Float32Array(4096);

  /** Ask for the microphone (again). `device`: an id, or empty for the system's. True when it is live. */
  async open(device: string): Promise<boolean> {
    const muted = this.state.get() === "muted";
    if (navigator.mediaDevices === undefined) {
      this.state.set("insecure");
      return false;
    }
    this.release();
    this.state.set("asking");
    try {
      this.take(await this.ask(device));
    } catch (error) {
      this.state.set(problem(error));
      return false;
    }
    this.setMuted(muted);
    return true;
  }

  private async ask(device: string): Promise<MediaStream> {
    const audio: MediaTrackConstraints = {
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
      channelCount: 1,
      // Ideal, not exact: a microphone that was unplugged gives way to the system's.
      ...(device === "" ? {} : { deviceId: { ideal: device } }),
    };
    return navigator.mediaDevices.getUserMedia({ audio });
  }

  private take(stream: MediaStream): void {
    const [track] = stream.getAudioTracks();
    track.onended = () => {
      this.release();
      this.state.set("missing");
    };
    const context = audioContext();
    this.analyser = context.createAnalyser();
    this.analyser.fftSize = 4096;
    this.source = context.createMediaStreamSource(stream);
    this.source.connect(this.analyser);
    this.track.set(track);
  }

  /** Let the device go. */
  close(): void {
    this.release();
    this.state.set("off");
  }

  private release(): void {
    const track = this.track.get();
    if (track !== null) track.onended = null;
    track?.stop();
    this.source?.disconnect();
    this.source = null;
    this.analyser = null;
    this.track.set(null);
  }

  /** Mute or unmute; without a track nothing happens. */
  setMuted(muted: boolean): void {
    const track = this.track.get();
    if (track === null) return;
    track.enabled = !muted;
    this.state.set(muted ? "muted" : "live");
  }

  fact(): MicrophoneFact {
    const state = this.state.get();
    return state === "live" || state === "muted" ? state : "none";
  }

  /** Level now in dBFS; null when silent or without a microphone. */
  level(): number | null {
    if (this.analyser === null) return null;
    return rmsDecibels(newestSamples(this.analyser, METER_SECONDS, this.samples));
  }
}

/** The microphones to choose from. Their names are empty until one was allowed. */
export async function listMicrophones(): Promise<readonly MediaDeviceInfo[]> {
  if (navigator.mediaDevices === undefined) return [];
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter(({ kind, deviceId }) => kind === "audioinput" && deviceId !== "");
}

/** Whether the browser would hand the microphone out without a question. */
export async function microphoneAllowed(): Promise<boolean> {
  try {
    const status = await navigator.permissions.query({ name: "microphone" as PermissionName });
    return status.state === "granted";
  } catch {
    // Browsers that do not know this permission's name throw a TypeError: then it has to be asked for.
    return false;
  }
}
