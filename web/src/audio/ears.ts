/** What I hear: the server's stereo mix, played as it is, and measured at each ear. */

import { Value } from "../value";
import { audioContext, newestSamples, rmsDecibels } from "./level";

/** The level at an ear is the RMS over this long, seconds. */
const EAR_SECONDS = 0.4;
/** Smallest power of two that holds it at 48 kHz. */
const EAR_SAMPLES = 32768;

export interface EarLevels {
  readonly left: number | null;
  readonly right: number | null;
}

export type Silence = "none" | "browser" | "chosen";

export class Ears {
  /** Why nothing is played: the browser waits for a touch, or the person asked for silence. */
  readonly silence = new Value<Silence>("none");
  private readonly element = new Audio();
  private analysers: readonly AnalyserNode[] = [];
  private source: MediaStreamAudioSourceNode | null = null;
  private readonly samples = new Float32Array(EAR_SAMPLES);

  constructor() {
    for (const type of ["pointerdown", "keydown"] as const) {
      document.addEventListener(type, () => this.unlock(), { capture: true, passive: true });
    }
  }

  /** Play this stream in place of the one before. */
  hear(stream: MediaStream): void {
    this.element.srcObject = stream;
    this.measure(stream);
    this.unlock();
  }

  /** Play nothing until `end` is called. */
  chooseSilence(): void {
    this.element.muted = true;
    this.silence.set("chosen");
  }

  /** End a silence of whatever reason; call it from a gesture. */
  end(): void {
    this.element.muted = false;
    this.silence.set("none");
    this.unlock();
  }

  /** 0 to 1. */
  setVolume(volume: number): void {
    this.element.volume = volume;
  }

  private measure(stream: MediaStream): void {
    this.source?.disconnect();
    const context = audioContext();
    const splitter = context.createChannelSplitter(2);
    this.source = context.createMediaStreamSource(stream);
    this.source.connect(splitter);
    this.analysers = [0, 1].map((channel) => {
      const analyser = context.createAnalyser();
      analyser.fftSize = EAR_SAMPLES;
      splitter.connect(analyser, channel);
      return analyser;
    });
  }

  /** Begin to play; while the browser withholds sound, every touch tries again. */
  private unlock(): void {
    if (this.element.srcObject === null) return;
    void audioContext().resume();
    this.element.play().then(
      () => this.silence.get() === "browser" && this.silence.set("none"),
      (error: unknown) => {
        // AbortError: a newer stream took the place of this one while it began.
        if (error instanceof DOMException && error.name === "NotAllowedError") this.silence.set("browser");
      },
    );
  }

  /** dBFS at each ear over the newest 0.4 s, before the volume; null when silent. */
  levels(): EarLevels {
    const [left = null, right = null] = this.analysers.map((analyser) =>
      rmsDecibels(newestSamples(analyser, EAR_SECONDS, this.samples)),
    );
    return { left, right };
  }
}
