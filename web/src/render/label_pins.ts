/** The thin lines from landmark plates down to the ground they name. */

import {
  BufferAttribute,
  BufferGeometry,
  Color,
  DynamicDrawUsage,
  LineBasicMaterial,
  LineSegments,
} from "three";

const PINS = 48;

export class LabelPins {
  readonly lines: LineSegments<BufferGeometry, LineBasicMaterial>;
  private readonly points = new BufferAttribute(new Float32Array(PINS * 6), 3);
  private readonly day = new Color("#33363d");
  private readonly dark = new Color("#fff7e8");
  private count = 0;

  constructor() {
    this.points.setUsage(DynamicDrawUsage);
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", this.points);
    this.lines = new LineSegments(geometry, new LineBasicMaterial({ fog: false }));
    this.lines.frustumCulled = false;
    this.lines.matrixAutoUpdate = false;
  }

  begin(night: number): void {
    this.count = 0;
    this.lines.material.color.copy(night > 0.5 ? this.dark : this.day);
  }

  add(x: number, y: number, z: number, foot: number): void {
    if (this.count >= PINS) return;
    this.points.setXYZ(this.count * 2, x, foot, z);
    this.points.setXYZ(this.count * 2 + 1, x, y, z);
    this.count += 1;
  }

  end(): void {
    this.points.needsUpdate = true;
    this.lines.geometry.setDrawRange(0, this.count * 2);
    this.lines.visible = this.count > 0;
  }

  dispose(): void {
    this.lines.geometry.dispose();
    this.lines.material.dispose();
  }
}
