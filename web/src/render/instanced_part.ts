/** One shape drawn many times: an instanced mesh that is filled anew in every frame. */

import {
  type BufferGeometry,
  type Color,
  DynamicDrawUsage,
  InstancedBufferAttribute,
  InstancedMesh,
  type Material,
  type Matrix4,
  type TypedArray,
} from "three";

export class InstancedPart {
  readonly mesh: InstancedMesh;
  private readonly matrices: TypedArray;
  private readonly colours: TypedArray | null;

  constructor(
    geometry: BufferGeometry,
    material: Material,
    private readonly capacity: number,
    coloured: boolean,
  ) {
    this.mesh = new InstancedMesh(geometry, material, capacity);
    this.mesh.instanceMatrix.setUsage(DynamicDrawUsage);
    this.matrices = this.mesh.instanceMatrix.array;
    if (coloured) {
      this.mesh.instanceColor = new InstancedBufferAttribute(new Float32Array(capacity * 3), 3);
      this.mesh.instanceColor.setUsage(DynamicDrawUsage);
    }
    this.colours = this.mesh.instanceColor?.array ?? null;
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
    this.mesh.setMatrixAt(this.mesh.count, worldFromPart);
    this.paint(colour);
  }

  /**
   * Add one that stands on the ground, turned about +Y; what does not fit is left out.
   *
   * Args: place in world metres; `wide` and `high` stretch it; its top, 1 above the ground, leans by `east` and
   * `south` metres.
   */
  stand(
    x: number,
    y: number,
    z: number,
    sine: number,
    cosine: number,
    wide: number,
    high: number,
    east: number,
    south: number,
    colour: Color | null,
  ): void {
    if (this.room === 0) return;
    const { matrices } = this;
    const at = this.mesh.count * 16;
    matrices[at] = cosine * wide;
    matrices[at + 1] = 0;
    matrices[at + 2] = -sine * wide;
    matrices[at + 3] = 0;
    matrices[at + 4] = east;
    matrices[at + 5] = high;
    matrices[at + 6] = south;
    matrices[at + 7] = 0;
    matrices[at + 8] = sine * wide;
    matrices[at + 9] = 0;
    matrices[at + 10] = cosine * wide;
    matrices[at + 11] = 0;
    matrices[at + 12] = x;
    matrices[at + 13] = y;
    matrices[at + 14] = z;
    matrices[at + 15] = 1;
    this.paint(colour);
  }

  private paint(colour: Color | null): void {
    const { colours } = this;
    if (colours !== null && colour !== null) {
      const at = this.mesh.count * 3;
      colours[at] = colour.r;
      colours[at + 1] = colour.g;
      colours[at + 2] = colour.b;
    }
    this.mesh.count += 1;
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
