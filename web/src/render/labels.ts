/** Chooses which labels show, has them painted, and keeps them on their places. */

import { Group, type PerspectiveCamera, Vector3, type WebGLRenderer } from "three";
import type { Language, ScreenRect } from "./api";
import { Declutter } from "./declutter";
import { LabelAtlas, type Slot } from "./label_atlas";
import {
  type Label,
  labelSpec,
  liftedStand,
  liftsOf,
  personLabel,
  type Rank,
  reachOf,
  SMALLEST_TYPE,
  TYPE,
  tangent,
} from "./label_list";
import { LabelPins } from "./label_pins";
import { LabelSprites } from "./label_sprites";

/** Seconds between two choices of what shows; labels follow their places in every frame. */
const CHOOSE_EVERY = 0.12;
const FADE_SECONDS = 0.16;
/** Labels painted per choice, so that a crowd entering does not cost a frame. */
const PAINTS = 8;
/** Coarser pictures than this (device pixels per CSS pixel) carry one line a label, this tall or taller, pixels. */
const COARSE = 0.7;
const COARSE_EM = 10;
/** Height of a name tag in the world, metres; near people have larger tags. */
const TAG_HEIGHT = 0.21;
/** Tags are painted larger than their smallest size, because they grow when their people come near. */
const TAG_PAINT = 2;
/** In a headset type is larger (LOOK: 1.1° at least), and painted at a fixed size. */
const XR_SCALE = 1.5;
const XR_EM = 44;

interface Entry {
  readonly label: Label;
  slot: Slot | null;
  key: string;
  wanted: boolean;
  opacity: number;
  distance: number;
  order: number;
  /** How far up its pin it stands, 0 to 1. */
  lift: number;
}

export interface LabelView {
  readonly camera: PerspectiveCamera;
  /** Size of the view in CSS pixels, and device pixels per CSS pixel. */
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  readonly high: boolean;
  readonly headset: boolean;
  readonly night: number;
}

export class Labels {
  readonly group = new Group();
  language: Language = "ko";
  covered: readonly ScreenRect[] = [];
  private readonly atlas: LabelAtlas;
  private readonly sprites: LabelSprites;
  private readonly pins = new LabelPins();
  private readonly declutter = new Declutter();
  private readonly entries: Entry[] = [];
  private readonly people = new Map<number, Entry>();
  private readonly eye = new Vector3();
  private readonly point = new Vector3();
  private sinceChoice = Number.POSITIVE_INFINITY;
  private setting = "";

  constructor(
    renderer: WebGLRenderer,
    private readonly ground: (x: number, z: number) => number | undefined,
  ) {
    this.atlas = new LabelAtlas(renderer);
    this.sprites = new LabelSprites(this.atlas);
    this.group.add(this.pins.lines, this.sprites.mesh);
  }

  add(label: Label): void {
    this.entries.push(entryOf(label));
  }

  /** Put these in place of all labels of their kind. */
  replace(kind: Label["kind"], labels: readonly Label[]): void {
    const others = this.entries.filter(({ label }) => label.kind !== kind);
    this.entries.splice(0, this.entries.length, ...others, ...labels.map(entryOf));
    this.sinceChoice = Number.POSITIVE_INFINITY;
  }

  addPerson(id: number, name: string): void {
    const entry = entryOf(personLabel(id, name));
    this.people.set(id, entry);
    this.entries.push(entry);
  }

  removePerson(id: number): void {
    const entry = this.people.get(id);
    if (entry === undefined) return;
    this.people.delete(id);
    this.entries.splice(this.entries.indexOf(entry), 1);
  }

  /** Put a person's tag above their head. */
  movePerson(id: number, x: number, y: number, z: number, speaking: boolean): void {
    const label = this.people.get(id)?.label;
    if (label === undefined) return;
    label.x = x;
    label.y = y;
    label.z = z;
    label.speaking = speaking;
    label.rank = speaking ? 1 : 2;
  }

  /** Paint every label anew, e.g. once the page's own font has arrived. */
  repaint(): void {
    this.atlas.clear();
    this.sinceChoice = Number.POSITIVE_INFINITY;
  }

  update(view: LabelView, seconds: number): void {
    view.camera.getWorldPosition(this.eye);
    this.sinceChoice += seconds;
    const setting = `${this.language} ${view.width} ${view.height} ${view.ratio} ${view.high} ${view.headset} ${view.night > 0.5}`;
    if (this.sinceChoice >= CHOOSE_EVERY || setting !== this.setting) {
      if (setting !== this.setting) this.atlas.clear();
      this.setting = setting;
      this.sinceChoice = 0;
      this.choose(view);
    }
    this.draw(view, seconds);
  }

  dispose(): void {
    this.atlas.dispose();
    this.sprites.dispose();
    this.pins.dispose();
  }

  private choose(view: LabelView): void {
    this.declutter.begin(view.width, view.height, view.headset ? [] : this.covered);
    for (const entry of this.entries) this.measure(entry, view.high);
    this.entries.sort((a, b) => a.order - b.order);
    let paints = PAINTS;
    for (const entry of this.entries) {
      entry.wanted = false;
      if (entry.order === Number.POSITIVE_INFINITY) continue;
      if (!this.isPainted(entry, view)) {
        if (paints === 0 || !this.paint(entry, view)) continue;
        paints -= 1;
      }
      entry.wanted = this.placed(entry, view);
    }
  }

  /** Distance and order of a label; infinite order takes it out. */
  private measure(entry: Entry, high: boolean): void {
    const { label } = entry;
    if (Number.isNaN(label.y) && (label.kind === "pin" || (label.kind === "dong" && high))) {
      const foot = this.ground(label.x, label.z);
      if (foot !== undefined) label.y = foot + label.rise;
    }
    entry.distance = Math.hypot(label.x - this.eye.x, label.y - this.eye.y, label.z - this.eye.z);
    const hidden = Number.isNaN(entry.distance) || entry.distance > reachOf(label, high);
    // What already shows keeps its place against what is barely nearer: labels must not flicker.
    const near = entry.distance * (entry.wanted ? 0.85 : 1);
    entry.order = hidden ? Number.POSITIVE_INFINITY : (label.rank as Rank) * 1e6 + near;
  }

  private isPainted(entry: Entry, view: LabelView): boolean {
    return entry.slot?.generation === this.atlas.generation && entry.key === this.keyOf(entry, view);
  }

  private keyOf(entry: Entry, view: LabelView): string {
    const { label, distance } = entry;
    const far = label.kind === "landmark" && distance > 1500 ? Math.round(distance / 100) : 0;
    return `${far}${label.speaking}${view.high}`;
  }

  private paint(entry: Entry, view: LabelView): boolean {
    const both = labelSpec(
      entry.label,
      this.language,
      entry.distance,
      view.high,
      this.emOf(entry.label.kind, view),
      view.night > 0.5,
    );
    const spec = isCoarse(view) ? { ...both, second: "" } : both;
    let slot = this.atlas.paint(spec);
    if (slot === null) {
      // Full of pictures of labels that went: begin anew; the others are painted again as they are chosen.
      this.atlas.clear();
      slot = this.atlas.paint(spec);
    }
    entry.slot = slot;
    entry.key = this.keyOf(entry, view);
    return slot !== null;
  }

  /** Type height in device pixels of the picture. */
  private emOf(kind: Label["kind"], view: LabelView): number {
    if (view.headset) return XR_EM;
    const smallest = isCoarse(view) ? COARSE_EM / view.ratio : SMALLEST_TYPE[kind];
    const css = Math.max(smallest, pixelsPerTangent(view) * tangent(TYPE[kind]));
    return Math.round(css * view.ratio * (kind === "person" ? TAG_PAINT : 1));
  }

  /** Tangent of the angle that one pixel of the picture takes up when drawn. */
  private tangentPerPixel(entry: Entry, height: number, view: LabelView): number {
    const { kind } = entry.label;
    const still = view.headset
      ? (tangent(TYPE[kind]) * XR_SCALE) / XR_EM
      : 1 / (pixelsPerTangent(view) * view.ratio * (kind === "person" ? TAG_PAINT : 1));
    if (kind !== "person") return still;
    return Math.max(still, TAG_HEIGHT / Math.max(0.5, entry.distance) / height);
  }

  /** Find room for a label, from its best height down. */
  private placed(entry: Entry, view: LabelView): boolean {
    for (const lift of liftsOf(entry.label)) {
      if (!this.placedAt(entry, view, lift)) continue;
      entry.lift = lift;
      return true;
    }
    return false;
  }

  private placedAt(entry: Entry, view: LabelView, lift: number): boolean {
    const { label, slot } = entry;
    if (slot === null) return false;
    const stand = liftedStand(label, entry.distance, view.high, lift);
    const clip = this.point.set(label.x, stand, label.z).project(view.camera);
    if (!(clip.z < 1)) return false;
    const scale = this.tangentPerPixel(entry, slot.height, view) * pixelsPerTangent(view);
    const width = slot.width * scale;
    const height = slot.height * scale;
    const x = (clip.x * 0.5 + 0.5) * view.width;
    const y = (0.5 - clip.y * 0.5) * view.height;
    return this.declutter.place(x - width / 2, y - height, x + width / 2, y);
  }

  private draw(view: LabelView, seconds: number): void {
    this.sprites.begin();
    this.pins.begin(view.night);
    // Farthest and least important first, so that the important lie on top.
    for (let i = this.entries.length - 1; i >= 0; i -= 1) {
      const entry = this.entries[i] as Entry;
      const { label, slot } = entry;
      const step = seconds / FADE_SECONDS;
      entry.opacity = Math.min(1, Math.max(0, entry.opacity + (entry.wanted ? step : -step)));
      if (entry.opacity === 0 || slot === null || slot.generation !== this.atlas.generation) continue;
      entry.distance = Math.hypot(label.x - this.eye.x, label.y - this.eye.y, label.z - this.eye.z);
      const scale = this.tangentPerPixel(entry, slot.height, view);
      const { x, z } = label;
      const y = liftedStand(label, entry.distance, view.high, entry.lift);
      this.sprites.add(
        x,
        y,
        z,
        slot,
        slot.width * scale,
        slot.height * scale,
        entry.opacity,
        label.kind === "person",
      );
      if (label.kind === "landmark" && entry.wanted) this.pins.add(x, y, z, label.foot);
    }
    this.sprites.end();
    this.pins.end();
  }
}

function entryOf(label: Label): Entry {
  return {
    label,
    slot: null,
    key: "",
    wanted: false,
    opacity: 0,
    distance: 0,
    order: Number.POSITIVE_INFINITY,
    lift: 1,
  };
}

function isCoarse(view: LabelView): boolean {
  return !view.headset && view.ratio < COARSE;
}

/** CSS pixels per unit of the viewing angle's tangent. */
function pixelsPerTangent(view: LabelView): number {
  return (view.height / 2) * view.camera.projectionMatrix.elements[5];
}
