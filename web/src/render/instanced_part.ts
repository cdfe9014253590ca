/** One shape drawn many times: an instanced mesh that is filled anew in every frame. */

import {
  type BufferGeometry,
  type Color,
  DynamicDrawUsage,
  InstancedMesh,
  type Material,
  type Matrix4,
} from "three";

export class InstancedPart {
  readonly mesh: InstancedMesh;

  constructor(
    geometry: BufferGeometry,
    material: Material,
    private readonly capacity: number,
    private readonly coloured: boolean,
  ) {
    this.mesh = new InstancedMesh(geometry, material, capacity);
    this.mesh.instanceMatrix.setUsage(DynamicDrawUsage);
    // People are all round the viewer; testing each costs more than drawing the few behind.
    this.mesh.frustumCulled = false;
    this.mesh.matrixAutoUpdate = false;
    this.mesh.count = 0;
  }

  /** How many more fit. */
  get room(): number {
    return this.capacity - this.mesh.count;
  }

  begin(): void {
    this.mesh.count = 0;
  }

  /** Add one; what does not fit is left out. */
  add(worldFromPart: Matrix4, colour: Color | null): void {
    if (this.room === 0) return;
    const index = this.mesh.count;
    this.mesh.count += 1;
    this.mesh.setMatrixAt(index, worldFromPart);
    if (this.coloured && colour !== null) this.mesh.setColorAt(index, colour);
  }

  /** Send what was added to the GPU, and no more. */
  end(): void {
    const { mesh } = this;
    mesh.visible = mesh.count > 0;
    if (!mesh.visible) return;
    mesh.instanceMatrix.clearUpdateRanges();
    mesh.instanceMatrix.addUpdateRange(0, mesh.count * 16);
    mesh.instanceMatrix.needsUpdate = true;
    if (mesh.instanceColor !== null) {
      mesh.instanceColor.clearUpdateRanges();
      mesh.instanceColor.addUpdateRange(0, mesh.count * 3);
      mesh.instanceColor.needsUpdate = true;
    }
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.dispose();
  }
}
