/** Draws the shown labels: one instanced quad each, facing the viewer, one draw call for all of them. */

import {
  CustomBlending,
  DynamicDrawUsage,
  Float32BufferAttribute,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  Mesh,
  OneFactor,
  OneMinusSrcAlphaFactor,
  ShaderMaterial,
} from "three";
import type { LabelAtlas, Slot } from "./label_atlas";

export const SPRITES = 96;

const VERTEX = /* glsl */ `
attribute vec3 anchor;
attribute vec4 picture;
attribute vec4 extent;
varying vec2 vPicture;
varying float vOpacity;
void main() {
  vec4 view = viewMatrix * vec4( anchor, 1.0 );
  // People's tags lie a little before their heads; everything else is drawn over the city.
  if ( extent.w > 0.5 ) view.z += 0.3;
  vec4 clip = projectionMatrix * view;
  vec2 unit = vec2( projectionMatrix[ 0 ][ 0 ], projectionMatrix[ 1 ][ 1 ] ) * clip.w;
  clip.xy += position.xy * extent.xy * unit;
  if ( extent.w < 0.5 ) clip.z = - clip.w * 0.97;
  vPicture = picture.xy + vec2( position.x + 0.5, 1.0 - position.y ) * picture.zw;
  vOpacity = extent.z;
  gl_Position = clip;
}
`;

const FRAGMENT = /* glsl */ `
uniform sampler2D atlas;
varying vec2 vPicture;
varying float vOpacity;
void main() {
  vec4 texel = texture2D( atlas, vPicture ) * vOpacity;
  if ( texel.a < 0.01 ) discard;
  gl_FragColor = texel;
}
`;

export class LabelSprites {
  readonly mesh: Mesh<InstancedBufferGeometry, ShaderMaterial>;
  private readonly anchor = dynamic(3);
  private readonly picture = dynamic(4);
  private readonly extent = dynamic(4);
  private count = 0;

  constructor(private readonly atlas: LabelAtlas) {
    const geometry = new InstancedBufferGeometry();
    // The anchor is the middle of a label's lower edge.
    geometry.setAttribute(
      "position",
      new Float32BufferAttribute([-0.5, 0, 0, 0.5, 0, 0, 0.5, 1, 0, -0.5, 1, 0], 3),
    );
    geometry.setIndex([0, 1, 2, 0, 2, 3]);
    geometry.setAttribute("anchor", this.anchor);
    geometry.setAttribute("picture", this.picture);
    geometry.setAttribute("extent", this.extent);
    const material = new ShaderMaterial({
      transparent: true,
      depthWrite: false,
      blending: CustomBlending,
      blendSrc: OneFactor,
      blendDst: OneMinusSrcAlphaFactor,
      uniforms: { atlas: { value: atlas.texture } },
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
    });
    this.mesh = new Mesh(geometry, material);
    this.mesh.frustumCulled = false;
    this.mesh.matrixAutoUpdate = false;
    this.mesh.renderOrder = 20;
  }

  begin(): void {
    this.count = 0;
  }

  /**
   * Add one label.
   *
   * Args: `width` and `height` as tangents of the viewing angle; `among` true when the city may hide it.
   */
  add(
    x: number,
    y: number,
    z: number,
    slot: Slot,
    width: number,
    height: number,
    opacity: number,
    among: boolean,
  ): void {
    if (this.count >= SPRITES) return;
    const i = this.count;
    this.count += 1;
    this.anchor.setXYZ(i, x, y, z);
    const { width: w, height: h } = this.atlas;
    this.picture.setXYZW(i, slot.x / w, slot.y / h, slot.width / w, slot.height / h);
    this.extent.setXYZW(i, width, height, opacity, among ? 1 : 0);
  }

  end(): void {
    this.mesh.geometry.instanceCount = this.count;
    this.mesh.visible = this.count > 0;
    this.anchor.needsUpdate = true;
    this.picture.needsUpdate = true;
    this.extent.needsUpdate = true;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}

function dynamic(size: number): InstancedBufferAttribute {
  const attribute = new InstancedBufferAttribute(new Float32Array(SPRITES * size), size);
  attribute.setUsage(DynamicDrawUsage);
  return attribute;
}
