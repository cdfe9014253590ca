/** The city in a canvas: everything that is drawn, composed; the page talks to it through `api.ts`. */

import { Group, Scene } from "three";
import { CityXr } from "../xr/city_xr";
import type {
  CameraMode,
  CityPin,
  CityView,
  CityViewXr,
  Language,
  PersonLook,
  PersonState,
  Quality,
  ScreenRect,
  SpotInfo,
  ViewStats,
} from "./api";
import { Avatars } from "./avatars";
import { Booths } from "./booths";
import { CityCamera } from "./camera";
import { City } from "./city";
import { createFog } from "./fog";
import { dongLabel, pinLabel, spotLabel } from "./label_list";
import { awaitFont } from "./label_paint";
import { Labels } from "./labels";
import { Lasers } from "./laser";
import { Light } from "./light";
import { CityUniforms } from "./materials";
import { Pins } from "./pins";
import { namedSpots } from "./places";
import { QUALITY } from "./quality";
import { Saving } from "./saving";
import { Sky } from "./sky";
import { Stage } from "./stage";
import { statsOf } from "./stats";
import { sunAt } from "./sun";

/** What the renderer itself moves counts a longer frame as this long: a tab that slept must not fling it. */
const LONGEST_FRAME = 0.1;
/** Seconds between looks at the clock for the sun. */
const SUN_EVERY = 5;

export function createCityView(canvas: HTMLCanvasElement): CityView {
  return new PaperCityView(canvas);
}

class PaperCityView implements CityView {
  onFrame: ((seconds: number) => void) | null = null;
  readonly xr: CityViewXr;
  private readonly scene = new Scene();
  private readonly rig = new Group();
  private readonly uniforms = new CityUniforms();
  private readonly sky = new Sky();
  private readonly fog = createFog();
  private readonly light = new Light(this.uniforms, this.fog, this.sky);
  private readonly camera = new CityCamera();
  private readonly avatars = new Avatars(this.uniforms);
  private readonly pins = new Pins(this.uniforms, (x, z) => this.ground(x, z));
  readonly booths: Booths;
  private readonly headset: CityXr;
  private readonly saving = new Saving();
  private stage: Stage | null = null;
  private city: City | null = null;
  private labels: Labels | null = null;
  private quality: Quality = "medium";
  private language: Language = "ko";
  private covered: readonly ScreenRect[] = [];
  private reducedMotion = false;
  private moment: Date | null = null;
  private sinceSun = Number.POSITIVE_INFINITY;
  private lastTime: number | null = null;
  /** Seconds since the last drawn picture. */
  private undrawn = 0;
  private complete = false;
  reading = false;

  constructor(private readonly canvas: HTMLCanvasElement) {
    this.scene.fog = this.fog;
    this.scene.matrixWorldAutoUpdate = true;
    this.rig.add(this.camera.camera);
    const size = () => [this.stage?.width ?? 1, this.stage?.height ?? 1] as const;
    this.booths = new Booths({ camera: this.camera.camera, size });
    this.booths.onChange = () => {
      this.light.shadowIsStale = true;
    };
    this.scene.add(this.rig, this.sky.mesh, this.light.group, this.avatars.group);
    this.scene.add(this.pins.group, this.booths.group);
    this.avatars.onPlaced = (id, x, y, z, speaking) => this.labels?.movePerson(id, x, y, z, speaking);
    this.headset = new CityXr({
      renderer: () => this.stage?.renderer ?? null,
      rig: this.rig,
      scene: this.scene,
      ground: (x, z) => this.ground(x, z),
      language: () => this.language,
      setLanguage: (language) => this.setLanguage(language),
      lasers: new Lasers(this.avatars, this.pins, this.booths),
      uniforms: this.uniforms,
      onStart: () => this.camera.prepareHeadset(),
    });
    this.xr = this.headset;
  }

  async load(base: string): Promise<void> {
    this.open();
    const city = await City.load(base, this.uniforms);
    this.city = city;
    this.scene.add(city.group);
    city.tiles.addEventListener("changed", () => {
      this.light.shadowIsStale = true;
    });
    for (const spot of namedSpots(city.spots)) this.labels?.add(spotLabel(spot));
    for (const dong of city.dong) this.labels?.add(dongLabel(dong));
    this.camera.target.fromArray(city.start.position);
    this.applyQuality();
  }

  get spots(): readonly SpotInfo[] {
    return this.city?.spots ?? [];
  }

  ground(x: number, z: number): number | undefined {
    return this.city?.ground.height(x, z);
  }

  setCamera(mode: CameraMode): void {
    this.camera.mode = mode;
  }

  setLanguage(language: Language): void {
    this.language = language;
    this.booths.setLanguage(language);
    if (this.labels !== null) this.labels.language = language;
  }

  setQuality(quality: Quality): void {
    this.quality = quality;
    this.booths.setQuality(quality);
    this.applyQuality();
  }

  setTime(moment: Date | null): void {
    this.moment = moment;
    this.sinceSun = Number.POSITIVE_INFINITY;
  }

  setReducedMotion(on: boolean): void {
    this.reducedMotion = on;
    this.avatars.reducedMotion = on;
    this.camera.reducedMotion = on || this.saving.on;
    this.applyQuality();
  }

  setSaving(on: boolean): void {
    this.saving.on = on;
    this.camera.reducedMotion = on || this.reducedMotion;
  }

  setCovered(rects: readonly ScreenRect[]): void {
    this.covered = rects;
    if (this.labels !== null) this.labels.covered = rects;
  }

  addPerson(look: PersonLook): void {
    this.removePerson(look.id);
    this.avatars.add(look);
    this.labels?.addPerson(look.id, look.name);
  }

  removePerson(id: number): void {
    this.avatars.remove(id);
    this.labels?.removePerson(id);
  }

  movePerson(id: number, state: PersonState, inCrowd: boolean): void {
    this.avatars.move(id, state, inCrowd);
  }

  personAt(x: number, y: number): number | null {
    if (this.stage === null || this.camera.high || this.headset.presenting) return null;
    return this.camera.personAt(this.avatars.standing(), x, y);
  }

  setPins(pins: readonly CityPin[]): void {
    this.pins.set(pins);
    this.labels?.replace("pin", pins.map(pinLabel));
  }

  pinAt(x: number, y: number): string | null {
    const { stage } = this;
    return stage === null ? null : this.pins.at([x, y], this.camera.camera, stage.width, stage.height);
  }

  stats(): ViewStats {
    return statsOf(this.stage, this.city, this.complete);
  }

  dispose(): void {
    this.headset.exit().catch((error: unknown) => console.warn("the VR session did not end", error));
    this.city?.dispose();
    this.labels?.dispose();
    this.avatars.dispose();
    this.pins.dispose();
    this.booths.dispose();
    this.sky.dispose();
    this.light.dispose();
    this.stage?.dispose();
  }

  private applyQuality(): void {
    const level = QUALITY[this.quality];
    this.stage?.setQuality(level);
    this.city?.setQuality(level, this.reducedMotion);
    this.light.setShadowMap(level.shadowMap);
    this.sky.setDetail(level.detail);
    this.avatars.nearReach = level.nearPeople;
    this.sinceSun = Number.POSITIVE_INFINITY;
  }

  /** Start drawing: the sky stands before the city does. Once only; loading may be tried again. */
  private open(): void {
    if (this.stage !== null) return;
    const stage = new Stage(this.canvas, this.camera, QUALITY[this.quality]);
    this.stage = stage;
    this.labels = new Labels(stage.renderer, (x, z) => this.ground(x, z));
    this.labels.language = this.language;
    this.labels.covered = this.covered;
    this.scene.add(this.labels.group);
    for (const { id, name } of this.avatars.looks()) this.labels.addPerson(id, name);
    this.labels.replace("pin", this.pins.standing.map(pinLabel));
    this.applyQuality();
    stage.renderer.setAnimationLoop((time, frame) => this.frame(time, frame));
    // Labels painted before the page's own font is there are painted again.
    awaitFont(() => {
      this.labels?.repaint();
      this.booths.repaint();
    });
  }

  private frame(time: number, frame: XRFrame | undefined): void {
    const { stage, labels } = this;
    if (stage === null || labels === null) return;
    const passed = this.lastTime === null ? 0 : Math.max(0, (time - this.lastTime) / 1000);
    const seconds = Math.min(LONGEST_FRAME, passed);
    this.lastTime = time;
    if (stage.fit()) this.saving.forget();
    if (frame !== undefined) this.headset.update(frame, seconds);
    this.onFrame?.(passed);
    if (this.headset.presenting) this.camera.track();
    else this.camera.update(seconds);
    this.updateSun(stage, seconds);
    this.updateCity(stage, seconds);
    this.undrawn += passed;
    const now = performance.now();
    // A headset sets its own pace; elsewhere the first view, and what is read, come sooner when slow pictures are fewer.
    const isPaced = (this.reading || !this.complete) && !this.headset.presenting;
    const settled = this.city?.tiles.settled ?? false;
    const isWhole = settled && !this.complete;
    if (isPaced && !stage.isRested(now, isWhole)) return;
    const camera = this.camera.camera.matrixWorld.elements;
    if (!isWhole && !this.headset.presenting && !this.saving.isDue(now, camera)) return;
    this.saving.drew(now, camera);
    const since = this.undrawn;
    this.undrawn = 0;
    this.prepareDrawing(stage, labels, Math.min(LONGEST_FRAME, since));
    if (isPaced) stage.renderAndRest(this.scene, since, now);
    else stage.render(this.scene, since);
    this.complete ||= settled;
  }

  private prepareDrawing(stage: Stage, labels: Labels, seconds: number): void {
    this.avatars.update(this.camera.eye, this.headset.presenting ? null : this.camera.forward, seconds);
    const fromSky = this.camera.high && !this.headset.presenting;
    this.pins.update(this.camera.eye, fromSky, seconds);
    this.booths.update(this.camera.eye, fromSky, this.light.night, seconds);
    this.updateLabels(stage, labels, seconds);
    this.light.redrawStale(seconds);
    this.light.follow(this.camera.eye, this.camera.forward, this.camera.high && !this.headset.presenting);
  }

  private updateSun(stage: Stage, seconds: number): void {
    this.sinceSun += seconds;
    if (this.sinceSun < SUN_EVERY) return;
    this.sinceSun = 0;
    this.light.setSun(sunAt(this.moment ?? new Date()));
    this.sky.refresh(stage.renderer);
  }

  private updateCity(stage: Stage, seconds: number): void {
    const { width, height } = this.headset.presenting ? this.headset.resolution : stage;
    this.city?.update(this.camera.camera, this.camera.eye, width, height, this.light.night, seconds);
  }

  private updateLabels(stage: Stage, labels: Labels, seconds: number): void {
    const headset = this.headset.presenting;
    const { width, height } = headset ? this.headset.resolution : stage;
    labels.update(
      {
        camera: this.camera.camera,
        width,
        height,
        ratio: stage.ratio,
        high: this.camera.high && !headset,
        headset,
        night: this.light.night,
      },
      seconds,
    );
  }
}
