/** Sending a model: with its progress, and with what the inspection found in it. */

import type { Api, Schemas } from "../../api/client";
import { ownProblem, readProblem } from "../../api/problem";
import type { Findings } from "./expo";

/** As docs/expo.md says; told before anything is sent. */
export const MOST_BYTES = 20_000_000;

export interface Uploaded {
  /** Null: it was refused. */
  readonly model: Schemas["ModelOut"] | null;
  readonly findings: Findings;
}

export interface Sending {
  readonly answer: Promise<Uploaded>;
  cancel(): void;
}

/** The four bytes that a binary glTF begins with. */
export async function isGlb(file: Blob): Promise<boolean> {
  return (await file.slice(0, 4).text()) === "glTF";
}

/**
 * Send a model. The answer rejects with a ProblemError where none was given, or another than about the model.
 *
 * @param progress Told the share that has gone, 0 to 1; at 1 the inspection begins.
 */
export function sendModel(api: Api, booth: string, file: Blob, progress: (share: number) => void): Sending {
  // The only one of the browser's ways to send that tells how far it is.
  const request = new XMLHttpRequest();
  const answer = new Promise<Uploaded>((resolve, reject) => {
    request.open("PUT", `/api/v1/booths/${encodeURIComponent(booth)}/model`);
    request.setRequestHeader("Content-Type", "model/gltf-binary");
    const token = api.me.get()?.csrf;
    if (token) request.setRequestHeader("X-CSRF-Token", token);
    request.responseType = "json";
    request.timeout = 300_000;
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
    request.upload.onload = () => progress(1);
    request.onerror = () => reject(ownProblem("offline", "problem.offline"));
    request.ontimeout = () => reject(ownProblem("slow", "problem.slow"));
    request.onabort = () => reject(ownProblem("cancelled", "model.cancelled"));
    request.onload = () => {
      try {
        resolve(judge(request.status, request.response));
      } catch (error) {
        reject(error);
      }
    };
    request.send(file);
  });
  return { answer, cancel: () => request.abort() };
}

function judge(status: number, body: unknown): Uploaded {
  if (status >= 200 && status < 300) {
    const model = body as Schemas["ModelOut"];
    return { model, findings: model.findings };
  }
  const problem = readProblem(status, body);
  if (problem.code !== "model_refused") throw problem;
  return { model: null, findings: (body as { findings: Findings }).findings };
}
