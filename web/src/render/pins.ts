/** Pins in the city: what people propose, report and vote on stands where it belongs. One draw call a kind. */

import { Color, Group, Matrix4, type MeshLambertMaterial, type PerspectiveCamera, Vector3 } from "three";
import type { CityPin, PinKind, PinTone } from "./api";
import { InstancedPart } from "./instanced_part";
import { type CityUniforms, createCoatMaterial } from "./materials";
import { type Pixel, pinAt, type SeenPin } from "./pins_pick";
import { PIN_HEIGHT, pinShape } from "./pins_shape";

/** Beyond this nothing of a pin is drawn, metres. */
const SIGHT = 300;
/** Pins farther than this are not pressed by accident, metres. */
const PRESS_REACH = 80;
/** Drawn at most, of each kind: the nearest. */
const CAPACITY = 256;
/** From here on a pin grows with its distance, so that it is still seen; metres, and how often at most. */
const GROWS_FROM = 45;
const LARGEST = 2.6;
/** Seconds between choices of which pins are near enough. */
const CHOOSE_EVERY = 0.4;

const KINDS: readonly PinKind[] = ["proposal", "report", "vote"];
const TONES: Readonly<Record<PinTone, Color>> = {
  fresh: new Color("#2f63ae"),
  working: new Color("#dca03a"),
  done: new Color("#2f8068"),
  alert: new Color("#b5452f"),
  quiet: new Color("#8a9099"),
};

interface Standing {
  readonly pin: CityPin;
  /** Height of the ground at its foot; undefined while that is not known. */
  foot: number | undefined;
  distance: number;
}

export class Pins {
  readonly group = new Group();
  /** What stands in the city. */
  standing: readonly CityPin[] = [];
  private readonly parts: Readonly<Record<PinKind, InstancedPart>>;
  private readonly material: MeshLambertMaterial;
  private all: Standing[] = [];
  private near: Standing[] = [];
  private sinceChoice = Number.POSITIVE_INFINITY;
  private readonly matrix = new Matrix4();
  private readonly size = new Vector3();
  private readonly point = new Vector3();

  constructor(
    uniforms: CityUniforms,
    private readonly ground: (x: number, z: number) => number | undefined,
  ) {
    this.material = createCoatMaterial(uniforms, 0.42);
    const part = (kind: PinKind) => new InstancedPart(pinShape(kind), this.material, CAPACITY, true);
    this.parts = { proposal: part("proposal"), report: part("report"), vote: part("vote") };
    for (const kind of KINDS) this.group.add(this.parts[kind].mesh);
  }

  set(pins: readonly CityPin[]): void {
    this.standing = pins;
    this.all = pins.map((pin) => ({ pin, foot: undefined, distance: Number.POSITIVE_INFINITY }));
    this.sinceChoice = Number.POSITIVE_INFINITY;
  }

  /** Draw what is near `eye`; `fromSky`: nothing, they would be specks. */
  update(eye: Vector3, fromSky: boolean, seconds: number): void {
    this.sinceChoice += seconds;
    if (this.sinceChoice >= CHOOSE_EVERY) {
      this.sinceChoice = 0;
      this.choose(eye, fromSky);
    }
    for (const kind of KINDS) this.parts[kind].begin();
    for (const one of this.near) this.draw(one, eye);
    for (const kind of KINDS) this.parts[kind].end();
  }

  /** Id of the pin at a point of the picture, CSS pixels; null where there is none near by. */
  at(point: Pixel, camera: PerspectiveCamera, width: number, height: number): string | null {
    const seen: SeenPin[] = [];
    const pixel = (x: number, y: number, z: number): Pixel | null => {
      this.point.set(x, y, z).project(camera);
      const { x: right, y: up, z: depth } = this.point;
      return depth < 1 ? [(right * 0.5 + 0.5) * width, (0.5 - up * 0.5) * height] : null;
    };
    for (const { pin, foot, distance } of this.near) {
      if (foot === undefined || distance > PRESS_REACH) continue;
      const low = pixel(pin.x, foot, pin.z);
      const high = pixel(pin.x, foot + PIN_HEIGHT[pin.kind] * sizeAt(distance), pin.z);
      if (low !== null && high !== null) seen.push({ id: pin.id, foot: low, top: high, distance });
    }
    return pinAt(seen, point);
  }

  dispose(): void {
    for (const kind of KINDS) this.parts[kind].dispose();
    this.material.dispose();
  }

  private choose(eye: Vector3, fromSky: boolean): void {
    this.near = [];
    if (fromSky) return;
    for (const one of this.all) {
      one.distance = Math.hypot(one.pin.x - eye.x, one.pin.z - eye.z);
      if (one.distance > SIGHT) continue;
      one.foot ??= this.ground(one.pin.x, one.pin.z);
      if (one.foot !== undefined) this.near.push(one);
    }
    // The nearest first: they alone are drawn where there are more than fit.
    this.near.sort((a, b) => a.distance - b.distance);
  }

  private draw(one: Standing, eye: Vector3): void {
    const { pin, foot } = one;
    if (foot === undefined) return;
    const [east, south] = [eye.x - pin.x, eye.z - pin.z];
    one.distance = Math.hypot(east, south);
    const size = sizeAt(one.distance);
    this.matrix
      .makeRotationY(pin.yaw ?? Math.atan2(east, south))
      .scale(this.size.setScalar(size))
      .setPosition(pin.x, foot, pin.z);
    this.parts[pin.kind].add(this.matrix, TONES[pin.tone]);
  }
}

/** How much larger than its real size a pin is drawn, seen from `distance` metres. */
export function sizeAt(distance: number): number {
  return Math.min(LARGEST, Math.max(1, distance / GROWS_FROM));
}
