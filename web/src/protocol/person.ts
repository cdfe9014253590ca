/** A person's state in metres, radians and quaternions, from the whole numbers of the wire. */

import { Coding, Entity } from "./layout";
import { GROUPS, type PlacedGroup } from "./record";
import type { Quat, Vec3 } from "./wire";

export interface PersonRecord {
  readonly id: number;
  /** Body flags. */
  readonly body: number;
  /** Ground point below them, world frame. */
  readonly position: Vec3;
  /** Heading, radians, 0 looks north, positive turns left; from −π to π. */
  readonly yaw: number;
  /** Head (between the eyes), body frame. */
  readonly headPosition: Vec3;
  readonly headOrientation: Quat;
  /** Left hand (grip), body frame; zero and identity when absent. */
  readonly leftPosition: Vec3;
  readonly leftOrientation: Quat;
  /** Right hand (grip), body frame; zero and identity when absent. */
  readonly rightPosition: Vec3;
  readonly rightOrientation: Quat;
}

function group(name: string): PlacedGroup {
  const found = GROUPS[Entity.PERSON].find((one) => one.name === name);
  if (found === undefined) throw new Error(`people have no ${name}`);
  return found;
}

const POSITION = group("position");
const YAW = group("yaw");
const HEAD = [group("head_position"), group("head_orientation")] as const;
const LEFT = [group("left_position"), group("left_orientation")] as const;
const RIGHT = [group("right_position"), group("right_orientation")] as const;

function vec3({ first, unit }: PlacedGroup, state: Int32Array): Vec3 {
  return [state[first] * unit, state[first + 1] * unit, state[first + 2] * unit];
}

function turn({ first, unit }: PlacedGroup, state: Int32Array): number {
  const yaw = state[first] * unit;
  return yaw > Math.PI ? yaw - 2 * Math.PI : yaw;
}

/** Smallest-three: which component is largest, and the other three over ±1/√2. */
export function quaternion({ first, bits, coding }: PlacedGroup, state: Int32Array): Quat {
  if (coding !== Coding.QUATERNION) throw new Error("no quaternion");
  const half = 2 ** (bits - 1) - 1;
  const parts = [1, 2, 3].map((part) => {
    const value = ((state[first + part] - half) * Math.SQRT1_2) / half;
    return Math.min(Math.max(value, -Math.SQRT1_2), Math.SQRT1_2);
  });
  const squares = parts.reduce((sum, part) => sum + part * part, 0);
  parts.splice(state[first], 0, Math.sqrt(Math.max(1 - squares, 0)));
  const length = Math.hypot(...parts);
  return [parts[0] / length, parts[1] / length, parts[2] / length, parts[3] / length];
}

const UPRIGHT: Quat = [0, 0, 0, 1];

function orientation(one: PlacedGroup, state: Int32Array): Quat {
  return one.flag !== 0 && (state[0] & one.flag) === 0 ? UPRIGHT : quaternion(one, state);
}

/** What the numbers of a person's state mean. */
export function readPerson(id: number, state: Int32Array): PersonRecord {
  return {
    id,
    body: state[0],
    position: vec3(POSITION, state),
    yaw: turn(YAW, state),
    headPosition: vec3(HEAD[0], state),
    headOrientation: orientation(HEAD[1], state),
    leftPosition: vec3(LEFT[0], state),
    leftOrientation: orientation(LEFT[1], state),
    rightPosition: vec3(RIGHT[0], state),
    rightOrientation: orientation(RIGHT[1], state),
  };
}
