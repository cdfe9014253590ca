/** The camera outside a headset: circling over the square, or looking through somebody's eyes. */

import { MathUtils, Matrix4, PerspectiveCamera, Quaternion, Vector3 } from "three";
import type { CameraMode } from "./api";
import { partInWorld } from "./body";
import { personAt, type Standing } from "./picking";

/** A view narrower than this (CSS pixels) is a phone's. */
const PHONE_WIDTH = 700;
const FIELD = { desktop: 50, phone: 62 } as const;
const FAR = 42_000;
const NEAR = { sky: 4, self: 0.12 } as const;

/** The sky view stands on this bearing from the square (degrees from north), so that Mudeungsan closes it. */
const SKY_BEARING = 305;
/** It swings this far to either side (degrees), once in this many seconds. */
const SWING = 16;
const SWING_SECONDS = 150;
const SKY = {
  desktop: { away: 430, up: 178, past: 60, aim: 62, shiftX: -0.155, shiftY: 0 },
  phone: { away: 500, up: 205, past: 60, aim: 96, shiftX: 0, shiftY: 0.2 },
} as const;

export class CityCamera {
  readonly camera = new PerspectiveCamera(FIELD.desktop, 1, NEAR.sky, FAR);
  readonly eye = new Vector3();
  readonly forward = new Vector3(0, 0, -1);
  mode: CameraMode = { kind: "sky" };
  /** Where the sky view looks, world metres. */
  readonly target = new Vector3();
  reducedMotion = false;
  private width = 1;
  private height = 1;
  private time = 0;
  private framed = "";
  private readonly aim = new Vector3();
  private readonly clipFromWorld = new Matrix4();
  private readonly orientation = new Quaternion();

  /** True when the camera looks from above: other labels, other shadows. */
  get high(): boolean {
    return this.mode.kind === "sky";
  }

  resize(width: number, height: number): void {
    this.width = Math.max(1, width);
    this.height = Math.max(1, height);
    this.framed = "";
  }

  /** Move the camera for this frame; not while a headset does. */
  update(seconds: number): void {
    this.frame();
    if (this.mode.kind === "sky") this.circle(seconds);
    else {
      const { pose } = this.mode;
      partInWorld(pose, pose.head, this.camera.position, this.orientation);
      this.camera.quaternion.copy(this.orientation);
    }
    this.camera.updateMatrixWorld();
    this.track();
  }

  /** Read eye and direction from the camera, wherever it got them from. */
  track(): void {
    this.camera.getWorldPosition(this.eye);
    this.camera.getWorldDirection(this.forward);
  }

  /** Whom a point of the picture means, CSS pixels from its upper left corner. */
  personAt(people: Iterable<Standing>, x: number, y: number): number | null {
    const { camera, clipFromWorld: clip } = this;
    clip.multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse);
    return personAt(people, clip, this.eye, this.width, this.height, x, y);
  }

  /** Before a session: a headset sets its own projection, and stands close to things. */
  prepareHeadset(): void {
    this.camera.clearViewOffset();
    this.camera.near = NEAR.self;
    this.framed = "";
  }

  private frame(): void {
    const phone = this.width < PHONE_WIDTH;
    const framed = `${this.mode.kind} ${this.width} ${this.height}`;
    if (framed === this.framed) return;
    this.framed = framed;
    const { camera, width, height } = this;
    camera.fov = phone ? FIELD.phone : FIELD.desktop;
    camera.aspect = width / height;
    camera.near = NEAR[this.mode.kind];
    camera.far = FAR;
    const shift = SKY[phone ? "phone" : "desktop"];
    if (this.mode.kind === "sky") {
      camera.setViewOffset(width, height, shift.shiftX * width, shift.shiftY * height, width, height);
    } else camera.clearViewOffset();
    camera.updateProjectionMatrix();
  }

  private circle(seconds: number): void {
    if (!this.reducedMotion) this.time += seconds;
    const { away, up, past, aim } = SKY[this.width < PHONE_WIDTH ? "phone" : "desktop"];
    const swing = SWING * Math.sin((2 * Math.PI * this.time) / SWING_SECONDS);
    const bearing = MathUtils.degToRad(SKY_BEARING + swing);
    const east = Math.sin(bearing);
    const south = -Math.cos(bearing);
    const { target } = this;
    this.camera.position.set(target.x + east * away, target.y + up, target.z + south * away);
    this.aim.set(target.x - east * past, target.y + aim, target.z - south * past);
    this.camera.lookAt(this.aim);
  }
}
