/** The key light, the sky's fill, and one shadow map that follows the viewer. */

import { Color, DirectionalLight, type FogExp2, Group, HemisphereLight, MathUtils, Vector3 } from "three";
import type { CityUniforms } from "./materials";
import type { Sky } from "./sky";
import { keysAt, type LightKey, type SunPosition, skyDirection } from "./sun";

/** The key light never comes in flatter than this, so that streets stay legible. */
const LOWEST_KEY = MathUtils.degToRad(27);
/** The moon's place when the sun is down: from the south-east, high. */
const MOONLIGHT = new Vector3(0.45, 0.7, 0.35).normalize();
/** The map is redrawn after the viewer went this far (metres) or the sun turned this much (radians). */
const SHADOW_STEP = 8;
const SHADOW_TURN = MathUtils.degToRad(2);
/** Half edges of the shadow map on the ground, metres: standing on the street, and from the sky. */
const NEAR_REACH = 95;
const SKY_REACH = 430;

/** Seconds between shadow maps while tiles come and go. */
const SHADOW_EVERY = 0.4;

export class Light {
  /** Something that casts shadows came or went. */
  shadowIsStale = false;
  readonly group = new Group();
  /** 0 by day, 1 by night, as shown now. */
  night = 0;
  private readonly sun = new DirectionalLight();
  private readonly fill = new HemisphereLight();
  private readonly towards = new Vector3(0, 1, 0);
  private readonly drawnFrom = new Vector3(Number.NaN, 0, 0);
  private readonly drawnTowards = new Vector3();
  private readonly centre = new Vector3();
  private readonly blend = new Color();
  private sinceShadow = 0;

  constructor(
    private readonly uniforms: CityUniforms,
    private readonly fog: FogExp2,
    private readonly sky: Sky,
  ) {
    this.group.add(this.sun, this.sun.target, this.fill);
    this.sun.shadow.autoUpdate = false;
    this.sun.shadow.bias = -0.0004;
    this.sun.shadow.radius = 2.2;
    this.sun.shadow.intensity = 0.82;
  }

  /** Edge of the shadow map in texels; 0 for none. */
  setShadowMap(edge: number): void {
    this.sun.castShadow = edge > 0;
    if (edge === 0 || this.sun.shadow.mapSize.x === edge) return;
    this.sun.shadow.mapSize.set(edge, edge);
    this.sun.shadow.map?.dispose();
    this.sun.shadow.map = null;
    this.redrawShadow();
  }

  /** Set every light, the sky and the fog for where the sun stands. */
  setSun(position: SunPosition): void {
    const { from, to, fraction } = keysAt(MathUtils.radToDeg(position.altitude));
    const number = (name: "sunIntensity" | "hemisphere" | "night"): number =>
      MathUtils.lerp(from[name], to[name], fraction);
    const colour = (target: Color, name: ColourName): void => {
      target.set(from[name]).lerp(this.blend.set(to[name]), fraction);
    };
    const { uniforms: sky } = this.sky;
    colour(sky.zenith.value, "zenith");
    colour(sky.horizon.value, "horizon");
    colour(sky.haze.value, "fog");
    colour(sky.sunColour.value, "sun");
    colour(this.fog.color, "fog");
    colour(this.sun.color, "sun");
    colour(this.fill.color, "skyLight");
    colour(this.fill.groundColor, "groundLight");
    this.sun.intensity = number("sunIntensity");
    this.fill.intensity = number("hemisphere");
    this.night = number("night");
    sky.night.value = this.night;
    sky.sunDirection.value.fromArray(skyDirection(position));
    this.uniforms.night.value = this.night;
    this.uniforms.horizonColour.value.copy(sky.horizon.value);
    this.aim(sky.sunDirection.value, position.altitude);
  }

  /** Bring the shadow map to the viewer when they have gone far enough. */
  follow(eye: Vector3, forward: Vector3, high: boolean): void {
    if (!this.sun.castShadow) return;
    const reach = high ? SKY_REACH : NEAR_REACH;
    this.centre
      .copy(forward)
      .setY(0)
      .normalize()
      .multiplyScalar(reach * (high ? 1.1 : 0.62))
      .add(eye);
    if (high) this.centre.y = eye.y - 150;
    const moved = !(this.centre.distanceTo(this.drawnFrom) <= SHADOW_STEP * (high ? 6 : 1));
    const turned = this.towards.angleTo(this.drawnTowards) > SHADOW_TURN;
    if (!moved && !turned) return;
    this.drawnFrom.copy(this.centre);
    this.drawnTowards.copy(this.towards);
    this.place(reach);
  }

  /** Redraw the map at the next frame: something that casts shadows came or went. */
  redrawShadow(): void {
    this.sun.shadow.needsUpdate = true;
  }

  /** Redraw a stale map, but not in every frame while tiles come and go. */
  redrawStale(seconds: number): void {
    this.sinceShadow += seconds;
    if (!this.shadowIsStale || this.sinceShadow <= SHADOW_EVERY) return;
    this.shadowIsStale = false;
    this.sinceShadow = 0;
    this.redrawShadow();
  }

  dispose(): void {
    this.sun.dispose();
    this.fill.dispose();
  }

  private aim(sun: Vector3, altitude: number): void {
    this.towards.copy(altitude > MathUtils.degToRad(-3) ? sun : MOONLIGHT);
    const lowest = Math.sin(LOWEST_KEY);
    if (this.towards.y < lowest) {
      const level = Math.sqrt((1 - lowest * lowest) / (1 - this.towards.y * this.towards.y));
      this.towards.set(this.towards.x * level, lowest, this.towards.z * level);
    }
    this.sun.position.copy(this.sun.target.position).addScaledVector(this.towards, 700);
  }

  private place(reach: number): void {
    const { shadow } = this.sun;
    this.sun.target.position.copy(this.drawnFrom);
    this.sun.position.copy(this.drawnFrom).addScaledVector(this.towards, 700);
    this.sun.target.updateMatrixWorld();
    this.sun.updateMatrixWorld();
    if (shadow.camera.right !== reach) {
      shadow.camera.left = shadow.camera.bottom = -reach;
      shadow.camera.right = shadow.camera.top = reach;
      shadow.camera.near = 10;
      shadow.camera.far = 1500;
      shadow.camera.updateProjectionMatrix();
    }
    shadow.needsUpdate = true;
  }
}

type ColourName = keyof Pick<LightKey, "zenith" | "horizon" | "fog" | "sun" | "skyLight" | "groundLight">;
