/** One's own hands in VR: a mitten, the ray to the panel, and a round button at the left wrist that opens it. */

import {
  BufferGeometry,
  CircleGeometry,
  Color,
  Float32BufferAttribute,
  type Group,
  Line,
  LineBasicMaterial,
  Matrix4,
  Mesh,
  MeshBasicMaterial,
  Vector3,
} from "three";
import { COATS, handShape } from "../render/avatar_shape";
import { InstancedPart } from "../render/instanced_part";
import { type CityUniforms, createCoatMaterial } from "../render/materials";
import type { HandInput } from "./inputs";

const WRIST_BUTTON = 0.035;
const RAY_LENGTH = 1.6;

export class HandView {
  private readonly material;
  private readonly mittens: InstancedPart;
  private readonly ray: Line<BufferGeometry, LineBasicMaterial>;
  private readonly button: Mesh<CircleGeometry, MeshBasicMaterial>;
  private readonly coat: Color;
  private readonly matrix = new Matrix4();
  private readonly offset = new Vector3();
  private readonly up = new Vector3(0, 1, 0);

  constructor(
    private readonly room: Group,
    uniforms: CityUniforms,
    /** Index into the coat colours. */
    coat: number,
  ) {
    this.coat = new Color(COATS[coat % COATS.length]);
    this.material = createCoatMaterial(uniforms, 0.34);
    this.mittens = new InstancedPart(handShape(true), this.material, 2, true);
    const line = new BufferGeometry();
    line.setAttribute("position", new Float32BufferAttribute([0, 0, 0, 0, 0, -1], 3));
    this.ray = new Line(line, new LineBasicMaterial({ color: "#256ef4", fog: false, depthTest: false }));
    this.ray.renderOrder = 41;
    this.ray.frustumCulled = false;
    this.ray.visible = false;
    this.button = new Mesh(
      new CircleGeometry(WRIST_BUTTON, 24),
      new MeshBasicMaterial({ color: "#256ef4", fog: false }),
    );
    this.button.visible = false;
    room.add(this.mittens.mesh, this.ray, this.button);
  }

  /** Draw both hands; the mittens' instances are in the room, so their mesh moves with it. */
  update(left: HandInput, right: HandInput, head: Vector3): void {
    this.mittens.begin();
    for (const hand of [left, right]) {
      if (!hand.tracked) continue;
      this.matrix.makeRotationFromQuaternion(hand.orientation).setPosition(hand.position);
      this.mittens.add(this.matrix, this.coat);
    }
    this.mittens.end();
    this.mittens.mesh.matrix.identity();
    this.button.visible = left.tracked;
    if (!left.tracked) return;
    this.offset.set(0, 0.07, 0.05).applyQuaternion(left.orientation);
    this.button.position.copy(left.position).add(this.offset);
    this.matrix.lookAt(head, this.button.position, this.up);
    this.button.quaternion.setFromRotationMatrix(this.matrix);
  }

  /** Whether a ray in the room meets the wrist button. */
  touchesButton(hand: HandInput): boolean {
    if (!this.button.visible || !hand.pointing) return false;
    this.offset.copy(this.button.position).sub(hand.rayOrigin);
    const along = this.offset.dot(hand.rayDirection);
    if (along < 0 || along > 1) return false;
    return this.offset.addScaledVector(hand.rayDirection, -along).length() < WRIST_BUTTON * 1.3;
  }

  showRay(hand: HandInput | null, distance: number | null): void {
    this.ray.visible = hand?.pointing ?? false;
    if (hand === null || !hand.pointing) return;
    const { position } = this.ray.geometry.attributes;
    this.offset.copy(hand.rayOrigin).toArray(position.array, 0);
    this.offset.addScaledVector(hand.rayDirection, distance ?? RAY_LENGTH).toArray(position.array, 3);
    position.needsUpdate = true;
  }

  dispose(): void {
    this.room.remove(this.mittens.mesh, this.ray, this.button);
    this.mittens.dispose();
    this.material.dispose();
    this.ray.geometry.dispose();
    this.ray.material.dispose();
    this.button.geometry.dispose();
    this.button.material.dispose();
  }
}
