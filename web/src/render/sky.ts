/** The sky: a gradient dome with paper-cut clouds by day and stars by night. */

import {
  BackSide,
  Color,
  LinearFilter,
  Mesh,
  OrthographicCamera,
  PlaneGeometry,
  ShaderMaterial,
  SphereGeometry,
  Vector3,
  type WebGLRenderer,
  WebGLRenderTarget,
} from "three";
import { BAKE_FRAGMENT, BAKE_VERTEX, BAKED_DOME_FRAGMENT, DOME_FRAGMENT, DOME_VERTEX } from "./sky_shader";

/** Edge of the baked sky in texels: 9 a degree at the horizon. */
const BAKED = 1024;

export class Sky {
  readonly mesh: Mesh<SphereGeometry, ShaderMaterial>;
  readonly uniforms = {
    zenith: { value: new Color() },
    horizon: { value: new Color() },
    haze: { value: new Color() },
    sunColour: { value: new Color() },
    sunDirection: { value: new Vector3(0, 1, 0) },
    night: { value: 0 },
  };
  private readonly direct: ShaderMaterial;
  private baked: BakedSky | null = null;

  constructor() {
    this.direct = new ShaderMaterial({
      side: BackSide,
      depthWrite: false,
      uniforms: this.uniforms,
      vertexShader: DOME_VERTEX,
      fragmentShader: DOME_FRAGMENT,
    });
    this.mesh = new Mesh(new SphereGeometry(1000, 24, 16), this.direct);
    this.mesh.frustumCulled = false;
    this.mesh.matrixAutoUpdate = false;
    // Drawn last among opaque things: most of its pixels are already hidden by the city.
    this.mesh.renderOrder = 5;
  }

  /** Compute clouds in every pixel of every frame, or (weak machines) look them up in a picture of the sky. */
  setDetail(on: boolean): void {
    if (on === (this.baked === null)) return;
    this.baked?.dispose();
    this.baked = on ? null : new BakedSky(this.uniforms);
    this.mesh.material = this.baked?.material ?? this.direct;
  }

  /** After the light has changed: paint the picture anew, where one is used. */
  refresh(renderer: WebGLRenderer): void {
    this.baked?.paint(renderer);
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.direct.dispose();
    this.baked?.dispose();
  }
}

/** The upper half of the sky as one square picture, in stereographic projection from below. */
class BakedSky {
  readonly material: ShaderMaterial;
  private readonly target = new WebGLRenderTarget(BAKED, BAKED, {
    depthBuffer: false,
    magFilter: LinearFilter,
  });
  private readonly painter: Mesh<PlaneGeometry, ShaderMaterial>;
  private readonly camera = new OrthographicCamera();
  private painted = "";

  constructor(private readonly uniforms: Sky["uniforms"]) {
    this.painter = new Mesh(
      new PlaneGeometry(2, 2),
      new ShaderMaterial({
        depthTest: false,
        uniforms,
        vertexShader: BAKE_VERTEX,
        fragmentShader: BAKE_FRAGMENT,
      }),
    );
    this.painter.frustumCulled = false;
    this.material = new ShaderMaterial({
      side: BackSide,
      depthWrite: false,
      uniforms: { picture: { value: this.target.texture } },
      vertexShader: DOME_VERTEX,
      fragmentShader: BAKED_DOME_FRAGMENT,
    });
  }

  paint(renderer: WebGLRenderer): void {
    const { sunDirection, night } = this.uniforms;
    const now = `${sunDirection.value.toArray().map((v) => v.toFixed(2))} ${night.value.toFixed(2)}`;
    if (now === this.painted || renderer.xr.isPresenting) return;
    this.painted = now;
    const before = renderer.getRenderTarget();
    renderer.setRenderTarget(this.target);
    renderer.render(this.painter, this.camera);
    renderer.setRenderTarget(before);
  }

  dispose(): void {
    this.target.dispose();
    this.material.dispose();
    this.painter.geometry.dispose();
    this.painter.material.dispose();
  }
}
