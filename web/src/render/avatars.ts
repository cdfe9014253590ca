/** All people in sight, drawn by instancing: coats, heads and mittens, near and far, with shadows and rings. */

import {
  Color,
  Group,
  Matrix4,
  MeshBasicMaterial,
  type MeshLambertMaterial,
  Quaternion,
  Vector3,
} from "three";
import type { PersonLook, PersonState } from "./api";
import { blobShape, COATS, coatShape, handShape, headShape, NECK, ringShape } from "./avatar_shape";
import { partInWorld, toWorld } from "./body";
import { InstancedPart } from "./instanced_part";
import { type CityUniforms, createCoatMaterial } from "./materials";
import type { Standing } from "./picking";
import { type Bearing, type Hand, restHand, strideAfter } from "./posture";

const NEAR_CAPACITY = 64;
const FAR_CAPACITY = 512;
/** Beyond this nobody is drawn, metres. */
const SIGHT = 700;
/** Speaking rings swell this often a second (LOOK: at most 1.5). */
const PULSE_RATE = 1.1;
/** Time constant of the measured walking speed, seconds. */
const SPEED_LAG = 0.15;
/** From the head's middle to above the name tag, metres. */
const TAG = 0.5;

class Person {
  state: PersonState | null = null;
  readonly bearing: Bearing = { eye: 1.6, speed: 0, stride: 0, time: 0, waving: false };
  readonly last = new Vector3(Number.NaN, 0, 0);
  readonly coat: Color;

  constructor(readonly look: PersonLook) {
    this.coat = new Color(COATS[look.colour % COATS.length]);
  }
}

export class Avatars {
  readonly group = new Group();
  /** Told where each person's tag stands: above the head. */
  onPlaced: ((id: number, x: number, y: number, z: number, speaking: boolean) => void) | null = null;
  nearReach = 18;
  reducedMotion = false;
  private readonly people = new Map<number, Person>();
  private readonly material: MeshLambertMaterial;
  private readonly coats: Lod;
  private readonly heads: Lod;
  private readonly hands: Lod;
  private readonly blobs: InstancedPart;
  private readonly rings: InstancedPart;
  private time = 0;

  private readonly position = new Vector3();
  private readonly orientation = new Quaternion();
  private readonly head = new Vector3();
  private readonly matrix = new Matrix4();

  constructor(uniforms: CityUniforms) {
    this.material = createCoatMaterial(uniforms, 0.34);
    const lod = (shape: typeof coatShape, each: number): Lod => ({
      near: new InstancedPart(shape(true), this.material, NEAR_CAPACITY * each, true),
      far: new InstancedPart(shape(false), this.material, FAR_CAPACITY * each, true),
    });
    this.coats = lod(coatShape, 1);
    this.heads = lod(headShape, 1);
    this.hands = lod(handShape, 2);
    this.blobs = new InstancedPart(blobShape(), flatMaterial(), FAR_CAPACITY, false);
    this.rings = new InstancedPart(ringShape(), flatMaterial(), FAR_CAPACITY, false);
    for (const part of this.parts) this.group.add(part.mesh);
  }

  add(look: PersonLook): void {
    this.people.set(look.id, new Person(look));
  }

  remove(id: number): void {
    this.people.delete(id);
  }

  *looks(): Generator<PersonLook> {
    for (const { look } of this.people.values()) yield look;
  }

  move(id: number, state: PersonState): void {
    const person = this.people.get(id);
    if (person !== undefined) person.state = state;
  }

  /** Everybody who has a place, tags included. */
  *standing(): Generator<Standing> {
    for (const { look, state } of this.people.values()) {
      if (state === null) continue;
      const [x, y, z] = state.position;
      yield { id: look.id, x, y, z, height: Math.max(0.5, state.head.position[1]) + TAG };
    }
  }

  update(eye: Vector3, seconds: number): void {
    this.time += seconds;
    for (const part of this.parts) part.begin();
    for (const person of this.people.values()) {
      if (person.state !== null) this.place(person, person.state, eye, seconds);
    }
    for (const part of this.parts) part.end();
  }

  dispose(): void {
    for (const part of this.parts) part.dispose();
    this.material.dispose();
  }

  private get parts(): readonly InstancedPart[] {
    const { coats, heads, hands } = this;
    return [coats.near, coats.far, heads.near, heads.far, hands.near, hands.far, this.blobs, this.rings];
  }

  private place(person: Person, state: PersonState, eye: Vector3, seconds: number): void {
    const [x, y, z] = state.position;
    const distance = Math.hypot(x - eye.x, y + 1 - eye.y, z - eye.z);
    if (!(distance < SIGHT)) return;
    this.walk(person, state, seconds);
    const level = distance < this.nearReach && this.coats.near.room > 0 ? "near" : "far";
    partInWorld(state, state.head, this.head, this.orientation);
    this.matrix.makeRotationFromQuaternion(this.orientation).setPosition(this.head);
    this.heads[level].add(this.matrix, person.coat);
    this.placeCoat(person, state, level);
    this.placeHand(person, state, "left", level);
    this.placeHand(person, state, "right", level);
    this.blobs.add(this.matrix.makeTranslation(x, y + 0.06, z), null);
    if (state.speaking) this.placeRings(person, x, y, z);
    this.onPlaced?.(person.look.id, this.head.x, this.head.y + 0.3, this.head.z, state.speaking);
  }

  /** The coat stands on the ground and leans so that it ends below the head. */
  private placeCoat(person: Person, state: PersonState, level: Level): void {
    const [x, y, z] = state.position;
    const height = Math.max(0.35, this.head.y - y - NECK);
    const sine = Math.sin(state.yaw);
    const cosine = Math.cos(state.yaw);
    // biome-ignore format: rows of a matrix
    this.matrix.set(
      cosine, this.head.x - x, sine, x,
      0, height, 0, y,
      -sine, this.head.z - z, cosine, z,
      0, 0, 0, 1,
    );
    this.coats[level].add(this.matrix, person.coat);
  }

  private placeHand(person: Person, state: PersonState, hand: Hand, level: Level): void {
    const tracked = state[hand];
    if (tracked === null) {
      restHand(hand, person.bearing, this.position, this.orientation);
      toWorld(state, this.position, this.orientation);
    } else {
      partInWorld(state, tracked, this.position, this.orientation);
    }
    this.matrix.makeRotationFromQuaternion(this.orientation).setPosition(this.position);
    this.hands[level].add(this.matrix, person.coat);
  }

  private placeRings(person: Person, x: number, y: number, z: number): void {
    const phase = 2 * Math.PI * PULSE_RATE * this.time + person.look.id;
    const size = this.reducedMotion ? 1 : 1 + 0.06 * Math.sin(phase);
    this.rings.add(this.matrix.makeScale(size, 1, size).setPosition(x, y + 0.08, z), null);
  }

  /** Keep a person's walking speed and stride from how their place changes. */
  private walk(person: Person, state: PersonState, seconds: number): void {
    const { bearing, last } = person;
    const [x, , z] = state.position;
    const moved = Math.hypot(x - last.x, z - last.z);
    // A jump of metres in one frame is a teleport, not a stride.
    const metres = Number.isNaN(moved) || moved > 2 ? 0 : moved;
    last.set(x, 0, z);
    if (seconds > 0) {
      bearing.speed += (metres / seconds - bearing.speed) * Math.min(1, seconds / SPEED_LAG);
      bearing.stride = strideAfter(bearing.stride, metres);
    }
    bearing.eye = state.head.position[1];
    bearing.time = this.reducedMotion ? 0.19 : this.time;
    bearing.waving = state.waving;
  }
}

interface Lod {
  readonly near: InstancedPart;
  readonly far: InstancedPart;
}

type Level = keyof Lod;

/** Paint on the ground: compared as if a little nearer, so that raised paving does not swallow it. */
function flatMaterial(): MeshBasicMaterial {
  const material = new MeshBasicMaterial({ vertexColors: true, transparent: true, depthWrite: false });
  material.onBeforeCompile = (shader) => {
    shader.vertexShader = shader.vertexShader.replace(
      "#include <project_vertex>",
      `#include <project_vertex>
      mvPosition.xyz *= 1.0 - min( 0.5, 0.25 / length( mvPosition.xyz ) );
      gl_Position = projectionMatrix * mvPosition;`,
    );
  };
  material.customProgramCacheKey = () => "flat";
  return material;
}
