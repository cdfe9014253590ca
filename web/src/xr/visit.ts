/** One stay in VR, from entering to leaving: reads the headset in every frame and moves the room. */

import { Quaternion, type Scene, Vector3 } from "three";
import type { BodyPose, Comfort, Language, Vec3, VrActions, VrThing } from "../render/api";
import { bodyFromWorldParts, headingOf, type WorldPart } from "../render/body";
import type { CityUniforms } from "../render/materials";
import { throwArc } from "./arc";
import { ArcView } from "./arc_view";
import { HandView } from "./hand_view";
import { type HandInput, Inputs } from "./inputs";
import { Panel } from "./panel";
import type { Rig } from "./rig";
import { Sticks } from "./sticks";
import { Vignette } from "./vignette";

export interface VisitSetting {
  readonly session: XRSession;
  readonly space: XRReferenceSpace;
  readonly scene: Scene;
  readonly rig: Rig;
  readonly uniforms: CityUniforms;
  readonly start: BodyPose;
  readonly actions: VrActions;
  readonly comfort: Comfort;
  ground(x: number, z: number): number | undefined;
  language(): Language;
  setLanguage(language: Language): void;
  /** What world rays mean. */
  readonly lasers: { along(origin: Vector3, direction: Vector3): VrThing | null };
}

/** The room's floor follows the ground with this time constant, seconds: no jolts on kerbs. */
const STEP_LAG = 0.12;

export class Visit {
  pose: BodyPose;
  private readonly inputs: Inputs;
  private readonly sticks = new Sticks();
  private readonly panel: Panel;
  private readonly hands: HandView;
  private readonly arc = new ArcView();
  private readonly vignette = new Vignette();
  private readonly head = { position: new Vector3(), orientation: new Quaternion() };
  private readonly origin = new Vector3();
  private readonly direction = new Vector3();
  private placed: { position: Vec3; yaw: number } | null;
  private floor: number;

  constructor(private readonly setting: VisitSetting) {
    const { session, scene, rig, uniforms, start, actions } = setting;
    this.pose = start;
    this.placed = start;
    this.floor = start.position[1];
    this.inputs = new Inputs(session);
    this.panel = new Panel(rig.group, actions, {
      leave: () => {
        session.end().catch((error: unknown) => console.warn("the VR session did not end", error));
      },
      setLanguage: (language) => setting.setLanguage(language),
    });
    this.hands = new HandView(rig.group, uniforms, actions.coat());
    scene.add(this.arc.group, this.vignette.mesh);
  }

  /** Stand somewhere else from the next frame on. */
  relocate(position: Vec3, yaw: number): void {
    this.placed = { position, yaw };
  }

  /** Read the headset and move; `frame` is this animation frame's. */
  update(frame: XRFrame, seconds: number): void {
    const { space, rig } = this.setting;
    const viewer = frame.getViewerPose(space);
    if (viewer === undefined) return;
    const { position, orientation } = viewer.transform;
    this.head.position.set(position.x, position.y, position.z);
    this.head.orientation.set(orientation.x, orientation.y, orientation.z, orientation.w);
    if (this.placed !== null) {
      rig.place(this.placed.position, this.placed.yaw, this.head);
      this.floor = this.placed.position[1];
      this.placed = null;
    }
    this.inputs.read(frame, space);
    this.locomote(seconds);
    this.standOnGround(seconds);
    this.point(seconds);
    this.pose = this.readPose();
    this.inputs.endFrame();
  }

  dispose(): void {
    this.inputs.dispose();
    this.panel.dispose();
    this.hands.dispose();
    this.arc.dispose();
    this.vignette.mesh.removeFromParent();
    this.vignette.dispose();
  }

  private locomote(seconds: number): void {
    const { rig, comfort } = this.setting;
    const actions = this.sticks.read(this.inputs.left.stick, this.inputs.right.stick, comfort, seconds);
    if (actions.turn !== 0) rig.turn(actions.turn, this.head);
    if (actions.right !== 0 || actions.forward !== 0) {
      const heading = rig.yaw + headingOf(this.head.orientation);
      const sine = Math.sin(heading);
      const cosine = Math.cos(heading);
      rig.shift(
        (actions.right * cosine - actions.forward * sine) * seconds,
        (-actions.right * sine - actions.forward * cosine) * seconds,
      );
    }
    this.aim(actions.aiming, actions.go);
    this.vignette.update(comfort.vignette && actions.moving, seconds);
  }

  private aim(aiming: boolean, go: boolean): void {
    const { actions, rig } = this.setting;
    const hand = this.inputs.left;
    if ((!aiming && !go) || !hand.pointing) {
      this.arc.hide();
      return;
    }
    this.worldRay(hand);
    const landing = throwArc(this.origin, this.direction, (x, z) => this.setting.ground(x, z), this.arc.path);
    if (aiming) this.arc.show(landing);
    else this.arc.hide();
    if (go && landing !== null) {
      const { x, y, z } = landing.position;
      actions.teleportTo([x, y, z], rig.yaw + headingOf(this.head.orientation));
    }
  }

  /** The floor of the room follows the ground below the head. */
  private standOnGround(seconds: number): void {
    const { rig } = this.setting;
    this.origin.copy(this.head.position).applyMatrix4(rig.group.matrixWorld);
    const height = this.setting.ground(this.origin.x, this.origin.z);
    if (height !== undefined) this.floor += (height - this.floor) * Math.min(1, seconds / STEP_LAG);
    rig.stand(this.floor);
  }

  private point(seconds: number): void {
    const { left, right } = this.inputs;
    const { panel, hands } = this;
    hands.update(left, right, this.head.position);
    const wrist = hands.touchesButton(right);
    if (left.menuPressed || right.menuPressed || (wrist && right.selected)) panel.toggle(this.head);
    else if (panel.open) this.usePanel(left, right);
    else {
      const meeting = this.meet(left, right);
      if (!panel.open) hands.showRay(wrist ? right : meeting, null);
    }
    panel.update(this.head, this.setting.language(), seconds);
  }

  private usePanel(left: HandInput, right: HandInput): void {
    for (const hand of [right, left]) {
      if (!hand.pointing) continue;
      this.worldRay(hand);
      const distance = this.panel.point(this.origin, this.direction);
      if (distance === null) continue;
      this.hands.showRay(hand, distance);
      if (hand.selected) this.panel.press();
      return;
    }
    this.panel.unpoint();
    this.hands.showRay(right.pointing ? right : left, null);
  }

  /** A laser on somebody, a pin or a booth is seen; a press opens what it means. Returns whose laser it is. */
  private meet(left: HandInput, right: HandInput): HandInput | null {
    // The hand that presses comes first: the other may rest on something by chance.
    const isLeft = left.selected && !right.selected;
    for (const hand of isLeft ? [left, right] : [right, left]) {
      if (!hand.pointing) continue;
      this.worldRay(hand);
      const thing = this.setting.lasers.along(this.origin, this.direction);
      if (thing === null) continue;
      if (hand.selected) this.panel.meet(thing, this.head);
      return hand;
    }
    return null;
  }

  private worldRay(hand: HandInput): void {
    const { matrixWorld } = this.setting.rig.group;
    this.origin.copy(hand.rayOrigin).applyMatrix4(matrixWorld);
    this.direction.copy(hand.rayDirection).transformDirection(matrixWorld);
  }

  private readPose(): BodyPose {
    const hand = (input: HandInput): WorldPart | null => (input.tracked ? this.inWorld(input) : null);
    const head = this.inWorld(this.head);
    const ground = this.setting.ground(head.position.x, head.position.z) ?? this.floor;
    return bodyFromWorldParts(head, hand(this.inputs.left), hand(this.inputs.right), ground);
  }

  private inWorld(part: WorldPart): WorldPart {
    const { group } = this.setting.rig;
    return {
      position: part.position.clone().applyMatrix4(group.matrixWorld),
      orientation: part.orientation.clone().premultiply(group.quaternion),
    };
  }
}
