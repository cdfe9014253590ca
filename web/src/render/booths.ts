/** The booths of the expo, as they stand in the city: plates, screens, models. */

import { Group, type PerspectiveCamera, Raycaster, Vector2, type Vector3 } from "three";
import type { CityBooth, CityViewBooths, Language, Quality } from "./api";
import { BoothCards } from "./booth_cards";
import { BoothModels } from "./booth_models";
import { BoothScreens } from "./booth_screens";

/** Beyond this nothing of a booth is drawn, metres. */
const SIGHT = 320;
/** Boards farther than this are not pressed by accident, metres. */
const PRESS_REACH = 30;
/** Seconds between choices of what is near enough. */
const CHOOSE_EVERY = 0.4;

/** What the booths need of the view, when somebody presses. */
export interface BoothsEye {
  readonly camera: PerspectiveCamera;
  size(): readonly [number, number];
}

export class Booths implements CityViewBooths {
  readonly group = new Group();
  private readonly cards = new BoothCards();
  private readonly screens = new BoothScreens();
  private readonly models = new BoothModels();
  private booths: readonly CityBooth[] = [];
  private language: Language = "ko";
  private sinceChoice = Number.POSITIVE_INFINITY;
  private readonly ray = new Raycaster();

  constructor(private readonly eye: BoothsEye) {
    this.ray.far = PRESS_REACH;
    this.group.add(this.cards.mesh, this.screens.group, this.models.group);
  }

  set(booths: readonly CityBooth[]): void {
    this.booths = booths;
    this.cards.set(booths, this.language);
    this.screens.set(new Map(booths.map(({ id, screen }) => [id, screen])));
    this.models.set(booths);
    this.sinceChoice = Number.POSITIVE_INFINITY;
  }

  show(booth: string, picture: HTMLVideoElement | null): void {
    this.screens.show(booth, picture);
  }

  at(x: number, y: number): string | null {
    if (!this.group.visible) return null;
    const [width, height] = this.eye.size();
    this.ray.setFromCamera(new Vector2((x / width) * 2 - 1, 1 - (y / height) * 2), this.eye.camera);
    return this.cards.hit(this.ray);
  }

  /** Id of the booth whose screen or plate a world ray meets; null: none near by. */
  along(origin: Vector3, direction: Vector3): string | null {
    if (!this.group.visible) return null;
    this.ray.set(origin, direction);
    return this.cards.hit(this.ray);
  }

  get standing(): readonly string[] {
    return this.models.standing;
  }

  /** Called when a model came or went. */
  set onChange(changed: () => void) {
    this.models.onChange = changed;
  }

  setLanguage(language: Language): void {
    this.language = language;
    this.cards.set(this.booths, language);
  }

  setQuality(quality: Quality): void {
    this.models.quality = quality;
    this.sinceChoice = Number.POSITIVE_INFINITY;
  }

  repaint(): void {
    this.cards.repaint(this.language);
  }

  /** Before each picture; `fromSky`: models would be specks. */
  update(eye: Vector3, fromSky: boolean, night: number, seconds: number): void {
    this.screens.update();
    this.cards.setNight(night);
    this.sinceChoice += seconds;
    if (this.sinceChoice < CHOOSE_EVERY) return;
    this.sinceChoice = 0;
    this.group.visible = !fromSky && this.booths.some(({ stand }) => distance(stand.position, eye) < SIGHT);
    this.models.choose(this.group.visible ? eye : null);
  }

  dispose(): void {
    this.cards.dispose();
    this.screens.dispose();
    this.models.dispose();
  }
}

function distance([x, , z]: CityBooth["stand"]["position"], eye: Vector3): number {
  return Math.hypot(x - eye.x, z - eye.z);
}
