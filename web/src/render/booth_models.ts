/** The models that stand in the booths: fetched when somebody comes near, let go when they walk off. */

import { Group, type Vector3 } from "three";
import type { CityBooth, Quality } from "./api";
import { chooseModels, MODEL_BUDGET, type ModelWish } from "./booth_budget";
import { disposeModel, fetchModel, onStand } from "./booth_model";

/** A model that could not be had is asked for again after this long, ms. */
const AGAIN_AFTER = 20_000;

interface Standing {
  readonly sha256: string;
  readonly ending: AbortController;
  /** Null while it is on its way. */
  figure: Group | null;
  /** When it failed, of `performance.now()`. */
  failed: number | null;
}

export class BoothModels {
  readonly group = new Group();
  quality: Quality = "medium";
  /** Called when one came or went: shadows are stale. */
  onChange: () => void = () => undefined;
  private booths: readonly CityBooth[] = [];
  private readonly all = new Map<string, Standing>();

  set(booths: readonly CityBooth[]): void {
    this.booths = booths;
    const wanted = new Map(booths.map((booth) => [booth.id, booth.model?.sha256]));
    for (const [id, one] of this.all) if (wanted.get(id) !== one.sha256) this.drop(id);
  }

  /** Whose stand now. */
  get standing(): readonly string[] {
    return [...this.all].filter(([, one]) => one.figure !== null).map(([id]) => id);
  }

  /** Choose anew for a viewer at `eye`; null: nobody is near enough. */
  choose(eye: Vector3 | null): void {
    const wishes: ModelWish[] = [];
    for (const { id, model, stand } of this.booths) {
      if (model === null || eye === null) continue;
      const [x, , z] = stand.position;
      wishes.push({ id, model, distance: Math.hypot(x - eye.x, z - eye.z) });
    }
    const chosen = chooseModels(wishes, new Set(this.all.keys()), MODEL_BUDGET[this.quality]);
    for (const id of [...this.all.keys()]) if (!chosen.includes(id)) this.drop(id);
    for (const id of chosen) this.fetch(id);
  }

  dispose(): void {
    for (const id of [...this.all.keys()]) this.drop(id);
  }

  private fetch(id: string): void {
    const known = this.all.get(id);
    if (known?.failed != null && performance.now() - known.failed > AGAIN_AFTER) this.drop(id);
    const booth = this.booths.find((one) => one.id === id);
    if (this.all.has(id) || !booth?.model) return;
    const { model } = booth;
    const one: Standing = {
      sha256: model.sha256,
      ending: new AbortController(),
      figure: null,
      failed: null,
    };
    this.all.set(id, one);
    fetchModel(model.url, one.ending.signal).then(
      (scene) => {
        one.figure = onStand(scene, model, booth.stand);
        // What people upload is theirs; what the city invents says so (`synthetic`).
        one.figure.userData = { booth: id, synthetic: false, uploaded: true };
        this.group.add(one.figure);
        this.onChange();
      },
      (error: unknown) => {
        if (one.ending.signal.aborted) return;
        one.failed = performance.now();
        console.info(`the model of booth ${id} is not shown`, error);
      },
    );
  }

  private drop(id: string): void {
    const one = this.all.get(id);
    if (one === undefined) return;
    this.all.delete(id);
    one.ending.abort();
    if (one.figure === null) return;
    this.group.remove(one.figure);
    disposeModel(one.figure);
    this.onChange();
  }
}
