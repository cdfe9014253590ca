/** Shows the teleport arc and the ring where it lands. */

import {
  BufferAttribute,
  BufferGeometry,
  DynamicDrawUsage,
  Group,
  Line,
  LineBasicMaterial,
  Mesh,
  MeshBasicMaterial,
  RingGeometry,
} from "three";
import { ARC_POINTS, type Landing } from "./arc";

const GOOD = "#256ef4";
const BAD = "#de3412";

export class ArcView {
  readonly group = new Group();
  /** World points of the arc; `throwArc` writes them. */
  readonly path = new Float32Array(ARC_POINTS * 3);
  private readonly points = new BufferAttribute(this.path, 3);
  private readonly line: Line<BufferGeometry, LineBasicMaterial>;
  private readonly ring: Mesh<RingGeometry, MeshBasicMaterial>;

  constructor() {
    this.points.setUsage(DynamicDrawUsage);
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", this.points);
    this.line = new Line(geometry, new LineBasicMaterial({ color: GOOD, fog: false }));
    this.line.frustumCulled = false;
    this.ring = new Mesh(
      new RingGeometry(0.36, 0.44, 40).rotateX(-Math.PI / 2),
      new MeshBasicMaterial({ color: GOOD, fog: false, polygonOffset: true, polygonOffsetFactor: -4 }),
    );
    this.group.add(this.line, this.ring);
    this.group.visible = false;
  }

  /** Draw what is in `path`. */
  show(landing: Landing | null): void {
    this.group.visible = true;
    this.points.needsUpdate = true;
    this.line.geometry.setDrawRange(0, landing?.points ?? ARC_POINTS);
    this.line.material.color.set(landing === null ? BAD : GOOD);
    this.ring.visible = landing !== null;
    if (landing !== null) this.ring.position.copy(landing.position).setY(landing.position.y + 0.06);
  }

  hide(): void {
    this.group.visible = false;
  }

  dispose(): void {
    this.group.removeFromParent();
    this.line.geometry.dispose();
    this.line.material.dispose();
    this.ring.geometry.dispose();
    this.ring.material.dispose();
  }
}
