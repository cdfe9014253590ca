/** All people in sight, drawn by instancing: a constant number of draw calls, however many there are. */

import { Group, Matrix4, MeshBasicMaterial, type MeshLambertMaterial, Quaternion, Vector3 } from "three";
import type { PersonLook, PersonState } from "./api";
import { Avatar } from "./avatar";
import {
  blobShape,
  coatShape,
  handShape,
  headShape,
  NECK,
  ringShape,
  WHOLE_EYES,
  wholeShape,
} from "./avatar_shape";
import { partInWorld, toWorld } from "./body";
import { InstancedPart } from "./instanced_part";
import { type CityUniforms, createCoatMaterial } from "./materials";
import type { Standing } from "./picking";
import { type Hand, restHand } from "./posture";

/** Of those whose hands and heads move there are no more than the server tells of, and a few who go. */
const MOVING = 96;
const EVERYBODY = 2048;
/** Beyond this nobody is drawn, metres. */
const SIGHT = 700;
/** Beyond this heads and hands are not seen to move; beyond that eyes and hands are not seen, metres. */
const MOVING_REACH = 45;
const FACE_REACH = 70;
/** Who stands further behind the viewer than this is not in the picture, metres. */
const BEHIND = 1;
/** Speaking rings swell this often a second (LOOK: at most 1.5). */
const PULSE_RATE = 1.1;
/** From the head's middle to above the name tag, metres. */
const TAG = 0.5;
/** The crowd sways and bobs as it walks: to either side and up, metres. */
const SWAY = 0.035;
const BOB = 0.02;

export class Avatars {
  readonly group = new Group();
  /** Told where each person's tag stands: above the head. */
  onPlaced: ((id: number, x: number, y: number, z: number, speaking: boolean) => void) | null = null;
  nearReach = 18;
  reducedMotion = false;
  private readonly people = new Map<number, Avatar>();
  /** Those of the crowd who have gone, while they fold up. */
  private readonly going = new Set<Avatar>();
  private readonly material: MeshLambertMaterial;
  private readonly coats: Lod;
  private readonly heads: Lod;
  private readonly hands: Lod;
  private readonly wholes: Lod;
  private readonly blobs: InstancedPart;
  private readonly rings: InstancedPart;
  private readonly parts: readonly InstancedPart[];
  private time = 0;

  private readonly position = new Vector3();
  private readonly orientation = new Quaternion();
  private readonly head = new Vector3();
  private readonly matrix = new Matrix4();

  constructor(uniforms: CityUniforms) {
    this.material = createCoatMaterial(uniforms, 0.34);
    const lod = (shape: typeof coatShape, capacity: number): Lod => ({
      near: new InstancedPart(shape(true), this.material, capacity, true),
      far: new InstancedPart(shape(false), this.material, capacity, true),
    });
    this.coats = lod(coatShape, MOVING);
    this.heads = lod(headShape, MOVING);
    this.hands = lod(handShape, MOVING * 2);
    this.wholes = lod(wholeShape, EVERYBODY);
    this.blobs = new InstancedPart(blobShape(), flatMaterial(), EVERYBODY, false);
    this.rings = new InstancedPart(ringShape(), flatMaterial(), MOVING, false);
    const lods = [this.coats, this.heads, this.hands, this.wholes].flatMap(({ near, far }) => [near, far]);
    this.parts = [...lods, this.blobs, this.rings];
    for (const part of this.parts) this.group.add(part.mesh);
  }

  add(look: PersonLook): void {
    for (const avatar of this.going) if (avatar.look.id === look.id) this.going.delete(avatar);
    this.people.set(look.id, new Avatar(look));
  }

  remove(id: number): void {
    const avatar = this.people.get(id);
    this.people.delete(id);
    if (avatar?.isDrawnWhole !== true) return;
    avatar.isGoing = true;
    this.going.add(avatar);
  }

  *looks(): Generator<PersonLook> {
    for (const { look } of this.people.values()) yield look;
  }

  /** @param inCrowd Only place and heading are known of them. */
  move(id: number, state: PersonState, inCrowd: boolean): void {
    this.people.get(id)?.take(state, inCrowd);
  }

  /** Everybody who has a place, tags included. */
  *standing(): Generator<Standing> {
    for (const { look, state } of this.people.values()) {
      if (state === null) continue;
      const [x, y, z] = state.position;
      yield { id: look.id, x, y, z, height: Math.max(0.5, state.head.position[1]) + TAG };
    }
  }

  /** @param forward Where the viewer looks; null: everywhere (each eye of a headset has its own picture). */
  update(eye: Vector3, forward: Vector3 | null, seconds: number): void {
    this.time += seconds;
    for (const part of this.parts) part.begin();
    for (const avatar of this.people.values()) this.show(avatar, eye, forward, seconds);
    for (const avatar of this.going) {
      this.show(avatar, eye, forward, seconds);
      if (avatar.grown === 0) this.going.delete(avatar);
    }
    for (const part of this.parts) part.end();
  }

  dispose(): void {
    for (const part of this.parts) part.dispose();
    this.material.dispose();
  }

  private show(avatar: Avatar, eye: Vector3, forward: Vector3 | null, seconds: number): void {
    const { state } = avatar;
    if (state === null) return;
    avatar.walk(seconds, this.reducedMotion ? null : this.time);
    const east = state.position[0] - eye.x;
    const up = state.position[1] + 1 - eye.y;
    const south = state.position[2] - eye.z;
    const away = Math.sqrt(east * east + up * up + south * south);
    avatar.isDrawnWhole = avatar.inCrowd || away > MOVING_REACH;
    if (!(away < SIGHT)) return;
    this.tag(avatar, state);
    if (forward !== null && east * forward.x + up * forward.y + south * forward.z < -BEHIND) return;
    if (avatar.isDrawnWhole) this.placeWhole(avatar, state, away < FACE_REACH ? "near" : "far");
    else this.placeMoving(avatar, state, away < this.nearReach ? "near" : "far");
    this.blobs.stand(
      state.position[0],
      state.position[1] + 0.06,
      state.position[2],
      0,
      1,
      avatar.grown,
      1,
      0,
      0,
      null,
    );
    if (state.speaking) this.placeRings(avatar, state);
  }

  private tag(avatar: Avatar, state: PersonState): void {
    const { head, position, yaw } = state;
    const [sine, cosine] = [Math.sin(yaw), Math.cos(yaw)];
    avatar.sine = sine;
    avatar.cosine = cosine;
    const x = position[0] + cosine * head.position[0] + sine * head.position[2];
    const z = position[2] - sine * head.position[0] + cosine * head.position[2];
    this.onPlaced?.(avatar.look.id, x, position[1] + avatar.eyes + 0.3, z, state.speaking);
  }

  /** Somebody of the crowd, in one piece: they sway and bob as they walk. */
  private placeWhole(avatar: Avatar, { position }: PersonState, level: Level): void {
    const { sine, cosine, grown } = avatar;
    const size = (avatar.eyes / WHOLE_EYES) * grown;
    const stepping = this.reducedMotion ? 0 : avatar.stepping;
    const sway = SWAY * stepping * Math.sin(avatar.bearing.stride);
    const rise = size * (1 + BOB * stepping * Math.cos(2 * avatar.bearing.stride));
    this.wholes[level].stand(
      position[0],
      position[1],
      position[2],
      sine,
      cosine,
      size,
      rise,
      cosine * sway,
      -sine * sway,
      avatar.coat,
    );
  }

  private placeMoving(avatar: Avatar, state: PersonState, level: Level): void {
    partInWorld(state, state.head, this.head, this.orientation);
    this.matrix.makeRotationFromQuaternion(this.orientation).setPosition(this.head);
    this.heads[level].add(this.matrix, avatar.coat);
    // The coat stands on the ground and leans so that it ends below the head.
    const { sine, cosine } = avatar;
    const [x, y, z] = state.position;
    const height = Math.max(0.35, this.head.y - y - NECK);
    const [east, south] = [this.head.x - x, this.head.z - z];
    this.coats[level].stand(x, y, z, sine, cosine, 1, height, east, south, avatar.coat);
    this.placeHand(avatar, state, "left", level);
    this.placeHand(avatar, state, "right", level);
  }

  private placeHand(avatar: Avatar, state: PersonState, hand: Hand, level: Level): void {
    const tracked = state[hand];
    if (tracked === null) {
      restHand(hand, avatar.bearing, this.position, this.orientation);
      toWorld(state, this.position, this.orientation);
    } else {
      partInWorld(state, tracked, this.position, this.orientation);
    }
    this.matrix.makeRotationFromQuaternion(this.orientation).setPosition(this.position);
    this.hands[level].add(this.matrix, avatar.coat);
  }

  private placeRings({ look }: Avatar, { position }: PersonState): void {
    const phase = 2 * Math.PI * PULSE_RATE * this.time + look.id;
    const size = this.reducedMotion ? 1 : 1 + 0.06 * Math.sin(phase);
    this.rings.stand(position[0], position[1] + 0.08, position[2], 0, 1, size, 1, 0, 0, null);
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
