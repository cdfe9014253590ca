/** The city view's way into a headset: WebXR sessions, one at a time. */

import type { Group, Scene, Vector3, WebGLRenderer } from "three";
import type { BodyPose, CityViewXr, Comfort, Language, Vec3, VrActions, VrThing } from "../render/api";
import type { CityUniforms } from "../render/materials";
import { Rig } from "./rig";
import { Visit } from "./visit";
import { NO_HEADSET, SESSION_REFUSED } from "./words";

const MODE = "immersive-vr";
/** Pixels of an eye while the session does not say. */
const EYE = { width: 1000, height: 1000 } as const;

/** What VR needs of the city view. */
export interface CityXrSetting {
  readonly rig: Group;
  readonly scene: Scene;
  readonly uniforms: CityUniforms;
  renderer(): WebGLRenderer | null;
  ground(x: number, z: number): number | undefined;
  language(): Language;
  setLanguage(language: Language): void;
  /** What world rays mean. */
  readonly lasers: { along(origin: Vector3, direction: Vector3): VrThing | null };
  /** Just before the first frame in the headset. */
  onStart(): void;
}

/** A refusal to show: `message` holds Korean, then English. */
export class XrRefusedError extends Error {
  override readonly name = "XrRefusedError";
}

export class CityXr implements CityViewXr {
  onEnd: (() => void) | null = null;
  private readonly rig: Rig;
  private visit: Visit | null = null;
  private session: XRSession | null = null;

  constructor(private readonly setting: CityXrSetting) {
    this.rig = new Rig(setting.rig);
  }

  get presenting(): boolean {
    return this.visit !== null;
  }

  /** Size of one eye's image, pixels. */
  get resolution(): { readonly width: number; readonly height: number } {
    const viewport = this.setting.renderer()?.xr.getCamera().cameras[0]?.viewport;
    if (viewport === undefined || viewport.w === 0) return EYE;
    return { width: viewport.z, height: viewport.w };
  }

  async supported(): Promise<boolean> {
    try {
      return (await navigator.xr?.isSessionSupported(MODE)) ?? false;
    } catch (error) {
      // Permissions policy of an embedding page may forbid even the question.
      console.warn("WebXR may not be asked for", error);
      return false;
    }
  }

  async enter(start: BodyPose, actions: VrActions, comfort: Comfort): Promise<void> {
    const renderer = this.setting.renderer();
    if (navigator.xr === undefined || renderer === null) throw refusal(NO_HEADSET);
    if (this.session !== null) return;
    const session = await this.request(navigator.xr);
    this.session = session;
    session.addEventListener("end", () => this.ended());
    try {
      this.setting.onStart();
      await renderer.xr.setSession(session);
      const space = renderer.xr.getReferenceSpace();
      if (space === null) throw refusal(SESSION_REFUSED);
      this.visit = new Visit({
        session,
        space,
        scene: this.setting.scene,
        rig: this.rig,
        uniforms: this.setting.uniforms,
        start,
        actions,
        comfort,
        ground: (x, z) => this.setting.ground(x, z),
        language: () => this.setting.language(),
        setLanguage: (language) => this.setting.setLanguage(language),
        lasers: this.setting.lasers,
      });
    } catch (error) {
      await session.end();
      throw error;
    }
  }

  async exit(): Promise<void> {
    await this.session?.end();
  }

  pose(): BodyPose | null {
    return this.visit?.pose ?? null;
  }

  relocate(position: Vec3, yaw: number): void {
    this.visit?.relocate(position, yaw);
  }

  /** Read the headset for this frame; called before the page's own `onFrame`. */
  update(frame: XRFrame, seconds: number): void {
    this.visit?.update(frame, seconds);
  }

  private async request(xr: XRSystem): Promise<XRSession> {
    try {
      return await xr.requestSession(MODE, {
        requiredFeatures: ["local-floor"],
        optionalFeatures: ["hand-tracking"],
      });
    } catch (error) {
      throw new XrRefusedError(`${SESSION_REFUSED.ko}\n${SESSION_REFUSED.en}`, { cause: error });
    }
  }

  private ended(): void {
    this.session = null;
    this.visit?.dispose();
    this.visit = null;
    this.rig.reset();
    this.onEnd?.();
  }
}

function refusal(words: { readonly ko: string; readonly en: string }): XrRefusedError {
  return new XrRefusedError(`${words.ko}\n${words.en}`);
}
