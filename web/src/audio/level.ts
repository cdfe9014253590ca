/** Loudness of what an AnalyserNode hears. */

/** RMS of samples in dB relative to full scale; null when there is nothing but zeros. */
export function rmsDecibels(samples: Float32Array): number | null {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return sum === 0 || samples.length === 0 ? null : 10 * Math.log10(sum / samples.length);
}

/** Share of a meter that a level fills: −60 dB is nothing, −12 dB is full. */
export function meterShare(decibels: number | null): number {
  return decibels === null ? 0 : Math.min(Math.max((decibels + 60) / 48, 0), 1);
}

/** The newest `seconds` of what an analyser holds. */
export function newestSamples(analyser: AnalyserNode, seconds: number, buffer: Float32Array<ArrayBuffer>) {
  analyser.getFloatTimeDomainData(buffer);
  const count = Math.min(Math.round(seconds * analyser.context.sampleRate), buffer.length);
  return buffer.subarray(buffer.length - count);
}

let shared: AudioContext | null = null;

/** The page's one audio context. It may be suspended until the person touches the page. */
export function audioContext(): AudioContext {
  shared ??= new AudioContext({ latencyHint: "interactive" });
  return shared;
}
