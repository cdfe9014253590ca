/** Where the room of a headset stands in the world: `world_from_room`, moved so that the person ends where they should. */

import type { Group, Quaternion, Vector3 } from "three";
import type { Vec3 } from "../render/api";
import { headingOf } from "../render/body";

/** The head in the room, as the headset tracks it. */
export interface RoomHead {
  readonly position: Vector3;
  readonly orientation: Quaternion;
}

export class Rig {
  constructor(readonly group: Group) {}

  get yaw(): number {
    return this.group.rotation.y;
  }

  /** Put the ground point below the head at `position`, with the head's heading at `yaw`. */
  place(position: Vec3, yaw: number, head: RoomHead): void {
    this.turnTo(yaw - headingOf(head.orientation));
    this.group.position.set(position[0], position[1], position[2]);
    this.subtractHead(head);
  }

  /** Turn the room about the head; positive turns left. */
  turn(angle: number, head: RoomHead): void {
    this.addHead(head);
    this.turnTo(this.yaw + angle);
    this.subtractHead(head);
  }

  /** Move over the ground, metres of the world. */
  shift(x: number, z: number): void {
    this.group.position.x += x;
    this.group.position.z += z;
    this.update();
  }

  /** Stand the room's floor on this height. */
  stand(height: number): void {
    if (this.group.position.y === height) return;
    this.group.position.y = height;
    this.update();
  }

  /** Give the camera back to the page: the room's origin is the world's. */
  reset(): void {
    this.group.position.set(0, 0, 0);
    this.turnTo(0);
    this.update();
  }

  private turnTo(yaw: number): void {
    this.group.rotation.set(0, yaw, 0);
  }

  private addHead(head: RoomHead): void {
    this.offset(head, 1);
  }

  private subtractHead(head: RoomHead): void {
    this.offset(head, -1);
    this.update();
  }

  private offset(head: RoomHead, sign: number): void {
    const sine = Math.sin(this.yaw);
    const cosine = Math.cos(this.yaw);
    const { x, z } = head.position;
    this.group.position.x += sign * (cosine * x + sine * z);
    this.group.position.z += sign * (cosine * z - sine * x);
  }

  private update(): void {
    this.group.updateMatrixWorld(true);
  }
}
