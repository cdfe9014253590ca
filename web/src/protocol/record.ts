/** Records: one entity's state, in full or against an older one of the same entity, as whole numbers. */

import type { BitReader } from "./bits";
import { contextOf, takeSymbol } from "./codes";
import { AGE_CLASS, BEFORE, Coding, ESCAPE, FLAG_BITS, type Group, LAYOUTS } from "./layout";
import { ProtocolError } from "./wire";

/** A group with the place of its first number in a state. */
export interface PlacedGroup extends Group {
  readonly first: number;
}

function placed(groups: readonly Group[]): PlacedGroup[] {
  let next = 1;
  return groups.map((group) => {
    const first = next;
    next += group.classes.length + (group.coding === Coding.QUATERNION ? 1 : 0);
    return { ...group, first };
  });
}

/** What a state holds, by `Entity`. */
export const GROUPS: readonly (readonly PlacedGroup[])[] = LAYOUTS.map(placed);

function isThere(group: Group, state: Int32Array): boolean {
  return group.flag === 0 || (state[0] & group.flag) !== 0;
}

/** Two's complement of so many bits. */
function signed(value: number, bits: number): number {
  return value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
}

function takeGroup(bits: BitReader, group: PlacedGroup, state: Int32Array): void {
  let at = group.first;
  if (group.coding === Coding.QUATERNION) state[at++] = bits.take(2);
  for (const _ of group.classes) {
    const value = bits.take(group.bits);
    state[at++] = group.coding === Coding.SIGNED ? signed(value, group.bits) : value;
  }
}

/** A difference of a size, the number of binary digits of its absolute value: its sign, then all but the first. */
function takeDifference(bits: BitReader, size: number): number {
  if (size === 0) return 0;
  const digits = bits.take(size);
  const value = (digits >>> 1) + 2 ** (size - 1);
  return digits & 1 ? -value : value;
}

/** Read a group against its base; returns how much changed. */
function takeDifferences(
  bits: BitReader,
  group: PlacedGroup,
  ageClass: number,
  changed: number,
  base: Int32Array,
  state: Int32Array,
): number {
  let [at, before] = [group.first, changed];
  if (group.coding === Coding.QUATERNION) {
    state[at] = base[at];
    at += 1;
  }
  for (const [index, numberClass] of group.classes.entries()) {
    const size = takeSymbol(bits, contextOf(numberClass, ageClass, before));
    if (size === ESCAPE) {
      if (index > 0) throw new ProtocolError("a group goes over to full numbers in its midst");
      takeGroup(bits, group, state);
      return BEFORE - 1;
    }
    const value = base[at] + takeDifference(bits, size);
    state[at] = group.coding === Coding.TURN ? value & (2 ** group.bits - 1) : value;
    before = Math.min(Math.max(size, before - 1), BEFORE - 1);
    at += 1;
  }
  return before;
}

/** Check that all numbers are within their range, and that quaternions stand for rotations. */
function check(groups: readonly PlacedGroup[], state: Int32Array): void {
  for (const group of groups) {
    if (!isThere(group, state)) continue;
    const half = 2 ** (group.bits - 1);
    if (group.coding === Coding.SIGNED) {
      for (let at = group.first; at < group.first + group.classes.length; at++) {
        if (state[at] < -half || state[at] >= half) throw new ProtocolError(`${group.name} is out of range`);
      }
    } else if (group.coding === Coding.QUATERNION) {
      const most = half - 1;
      let squares = 0;
      for (let at = group.first + 1; at < group.first + 4; at++) {
        if (state[at] < 0 || state[at] > 2 * most) throw new ProtocolError(`${group.name} is out of range`);
        squares += (state[at] - most) ** 2;
      }
      // Steps are √2 larger than the components: their squares sum up to two.
      if (squares > 2 * most * most) throw new ProtocolError(`${group.name} is no rotation`);
    }
  }
}

/**
 * Read what follows a record's age (and, in a full one, its kind and id).
 *
 * @param age 0 for a full record, else the place of its base's age in `AGES`, from 1.
 * @param base The state that it is told against; unused in a full record.
 * @param state Written, whatever comes of it: not to be used after a ProtocolError.
 */
export function decodeBody(
  bits: BitReader,
  kind: number,
  age: number,
  base: Int32Array,
  state: Int32Array,
): void {
  if (age > 0 && bits.take(1) === 0) {
    state.set(base);
    return;
  }
  state.fill(0);
  state[0] = age === 0 || bits.take(1) === 1 ? bits.take(FLAG_BITS) : base[0];
  const groups = GROUPS[kind];
  let before = 0;
  for (const group of groups) {
    if (!isThere(group, state)) continue;
    if (age === 0) takeGroup(bits, group, state);
    else before = takeDifferences(bits, group, AGE_CLASS[age], before, base, state);
  }
  check(groups, state);
}
