/** A dashed brass ring round each landmark: its radius is how well the point's position is known. */

import { Group, type Mesh, type ShaderMaterial, type Vector3 } from "three";
import type { SpotInfo } from "./api";
import { createBrass, createBrassMaterial, setBrassNight } from "./brass";

/** Metres of one dash; the gap is as long. */
const DASH = 4;
/** Height of the ring above the ground, metres: clear of paving. */
const LIFT = 0.35;
const REACH = 2500;
/** Seconds between looks for rings that came near. */
const LOOK_EVERY = 0.5;

export class AccuracyRings {
  readonly group = new Group();
  private readonly material: ShaderMaterial = createBrassMaterial();
  private readonly rings = new Map<SpotInfo, Mesh>();
  private readonly pending: SpotInfo[];
  private sinceLook = Number.POSITIVE_INFINITY;

  constructor(
    spots: readonly SpotInfo[],
    private readonly ground: (x: number, z: number) => number | undefined,
  ) {
    this.pending = spots.filter((spot) => spot.kind === "landmark" && spot.accuracy_m > 0);
  }

  /** Lay rings that the viewer came near to; they wait until the ground there is known. */
  update(eye: Vector3, night: number, seconds: number): void {
    setBrassNight(this.material, night);
    this.sinceLook += seconds;
    if (this.sinceLook < LOOK_EVERY) return;
    this.sinceLook = 0;
    for (let i = this.pending.length - 1; i >= 0; i -= 1) {
      const spot = this.pending[i] as SpotInfo;
      if (Math.hypot(spot.position[0] - eye.x, spot.position[2] - eye.z) > REACH) continue;
      const dashes = ringDashes(spot.position[0], spot.position[2], spot.accuracy_m, this.ground);
      if (dashes === null) continue;
      const mesh = createBrass(dashes, this.material);
      this.rings.set(spot, mesh);
      this.group.add(mesh);
      this.pending.splice(i, 1);
    }
  }

  dispose(): void {
    for (const mesh of this.rings.values()) mesh.geometry.dispose();
    this.material.dispose();
  }
}

/** Dashes of a ring on the ground, three points each; null where the ground is not known yet. */
export function ringDashes(
  x: number,
  z: number,
  radius: number,
  ground: (x: number, z: number) => number | undefined,
): Float32Array[] | null {
  const dashes = Math.max(8, Math.round((Math.PI * radius) / DASH));
  const strokes: Float32Array[] = [];
  for (let dash = 0; dash < dashes; dash += 1) {
    const stroke = new Float32Array(9);
    for (let i = 0; i < 3; i += 1) {
      const angle = ((dash * 2 + i / 2) / (dashes * 2)) * 2 * Math.PI;
      const px = x + radius * Math.cos(angle);
      const pz = z + radius * Math.sin(angle);
      const height = ground(px, pz);
      if (height === undefined) return null;
      stroke.set([px, height + LIFT, pz], i * 3);
    }
    strokes.push(stroke);
  }
  return strokes;
}
