/**
 * A beat that goes on while the page lies in the background.
 *
 * A hidden page draws no frames, and its timers fire once a second or, after some minutes, once a minute. The
 * server lets go of whoever is silent for ten seconds, so the pose must not hang on either.
 */

/** What of a `Worker` is used. */
export type Beating = Pick<Worker, "onmessage" | "onerror">;

function startWorker(): Beating {
  return new Worker(new URL("./pulse.worker.ts", import.meta.url), { type: "module", name: "pulse" });
}

/** Call `beat` once a second. Where workers are forbidden, the page's own timers have to do. */
export function followPulse(beat: () => void, start: () => Beating = startWorker): void {
  const worker = start();
  worker.onmessage = () => beat();
  worker.onerror = () => {
    console.warn("메타 광주: 뒤에 가려지면 연결이 끊길 수 있습니다 / may disconnect when hidden");
  };
}
