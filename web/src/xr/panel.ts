/** The VR panel: 1.2 m before the body, 10° down, following the body with a lag; pointed at with rays. */

import {
  CanvasTexture,
  type Group,
  LinearFilter,
  MathUtils,
  Mesh,
  MeshBasicMaterial,
  PlaneGeometry,
  Raycaster,
  SRGBColorSpace,
  Vector3,
} from "three";
import type { Language, SpotInfo, VrActions, VrPages, VrThing } from "../render/api";
import { headingOf } from "../render/body";
import { brokenWords, pagesOf } from "./page_paint";
import {
  type Choice,
  homeTargets,
  PANEL_HEIGHT,
  PANEL_WIDTH,
  type PanelAction,
  PLACES_SHOWN,
  placesTargets,
  sameAction,
  type Target,
  targetAt,
  walletTargets,
} from "./panel_layout";
import { PageTurner } from "./panel_pages";
import { type PanelContent, paintPanel } from "./panel_paint";
import type { RoomHead } from "./rig";

const WIDTH = 0.78;
const AWAY = 1.2;
const DOWN = MathUtils.degToRad(10);
/** The panel follows once the body has turned or gone this far. */
const FOLLOW_TURN = MathUtils.degToRad(35);
const FOLLOW_STEP = 0.35;
/** Time constant of following, seconds. */
const LAG = 0.35;
/** Seconds between paintings while nothing is pointed at: chat and people change. */
const REPAINT_EVERY = 0.5;

/** What a press on the panel asks of the session. */
export interface PanelHandlers {
  leave(): void;
  setLanguage(language: Language): void;
}

export class Panel {
  readonly mesh: Mesh<PlaneGeometry, MeshBasicMaterial>;
  private readonly context: CanvasRenderingContext2D;
  private readonly texture: CanvasTexture;
  private readonly raycaster = new Raycaster();
  private targets: readonly Target[] = homeTargets();
  private hovered: Target | null = null;
  private view: PanelContent["view"] = "home";
  private page = 0;
  private readonly turner = new PageTurner();
  private language: Language = "ko";
  private sincePaint = Number.POSITIVE_INFINITY;
  private following = false;
  private readonly anchor = new Vector3();
  private yaw = 0;
  private readonly goal = new Vector3();

  constructor(
    room: Group,
    private readonly actions: VrActions,
    private readonly handlers: PanelHandlers,
  ) {
    const canvas = document.createElement("canvas");
    canvas.width = PANEL_WIDTH;
    canvas.height = PANEL_HEIGHT;
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("no 2D canvas: the VR panel cannot be drawn");
    this.context = context;
    this.texture = new CanvasTexture(canvas);
    this.texture.colorSpace = SRGBColorSpace;
    this.texture.minFilter = LinearFilter;
    this.texture.generateMipmaps = false;
    const look = { map: this.texture, transparent: true, opacity: 0.97, fog: false, depthTest: false };
    this.mesh = new Mesh(
      new PlaneGeometry(WIDTH, (WIDTH * PANEL_HEIGHT) / PANEL_WIDTH),
      new MeshBasicMaterial(look),
    );
    this.mesh.renderOrder = 40;
    this.mesh.visible = false;
    room.add(this.mesh);
  }

  get open(): boolean {
    return this.mesh.visible;
  }

  private get pages(): VrPages | null {
    return pagesOf(this.view, this.actions);
  }

  toggle(head: RoomHead): void {
    this.mesh.visible = !this.open;
    if (!this.open) return;
    this.show("home");
    this.stand(head);
  }

  /** Open on what was pointed at in the city: somebody is paid, a pin or a booth is read. */
  meet({ kind, id }: VrThing, head: RoomHead): void {
    const { purse, hall, expo } = this.actions;
    const open = {
      person: () => purse.choose(Number(id)),
      pin: () => hall.openAt(id),
      booth: () => expo.openAt(id),
    };
    open[kind]();
    if (!this.open) this.stand(head);
    this.mesh.visible = true;
    this.show(({ person: "wallet", pin: "hall", booth: "expo" } as const)[kind]);
  }

  private stand(head: RoomHead): void {
    this.anchor.copy(head.position);
    this.yaw = headingOf(head.orientation);
    this.settle();
  }

  close(): void {
    this.mesh.visible = false;
  }

  update(head: RoomHead, language: Language, seconds: number): void {
    if (!this.open) return;
    this.follow(head, seconds);
    this.sincePaint += seconds;
    if (language !== this.language) this.sincePaint = Number.POSITIVE_INFINITY;
    this.language = language;
    if (this.sincePaint >= REPAINT_EVERY) this.paint();
  }

  /** Point at the panel with a world ray; returns the distance to it, or null where it is missed. */
  point(origin: Vector3, direction: Vector3): number | null {
    if (!this.open) return null;
    this.raycaster.set(origin, direction);
    const hit = this.raycaster.intersectObject(this.mesh, false)[0];
    if (hit?.uv === undefined) return null;
    this.hover(targetAt(this.targets, hit.uv.x * PANEL_WIDTH, (1 - hit.uv.y) * PANEL_HEIGHT));
    return hit.distance;
  }

  /** Nothing points at the panel. */
  unpoint(): void {
    this.hover(null);
  }

  /** Press what is pointed at. */
  press(): void {
    if (this.open && this.hovered !== null) this.act(this.hovered.action);
    this.sincePaint = Number.POSITIVE_INFINITY;
  }

  dispose(): void {
    this.mesh.removeFromParent();
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
    this.texture.dispose();
  }

  private act(action: PanelAction): void {
    if (typeof action === "object") {
      this.choose(action);
      return;
    }
    const { purse, hall, expo } = this.actions;
    const acts: Readonly<Record<Exclude<PanelAction, object>, () => void>> = {
      microphone: () => this.actions.toggleMicrophone(),
      wave: () => this.actions.wave(),
      places: () => this.show("places"),
      wallet: () => {
        purse.choose(null);
        this.show("wallet");
      },
      pay: () => purse.pay(),
      hall: () => {
        hall.open();
        this.show("hall");
      },
      expo: () => {
        expo.open();
        this.show("expo");
      },
      act: () => this.pages?.act(),
      language: () => this.handlers.setLanguage(this.language === "ko" ? "en" : "ko"),
      close: () => this.close(),
      leave: () => this.handlers.leave(),
      back: () => this.back(),
      previous: () => this.show("places", this.page - 1),
      next: () => this.onward(),
    };
    acts[action]();
  }

  private choose(choice: Choice): void {
    const { purse } = this.actions;
    if ("person" in choice) purse.choose(choice.person);
    else if ("amount" in choice) purse.setAmount(choice.amount);
    else if ("line" in choice) {
      this.pages?.press(choice.line);
      this.arrangePage();
    } else {
      this.actions.teleportToSpot(choice.place);
      this.close();
    }
  }

  private back(): void {
    const { purse } = this.actions;
    if (this.pages?.back()) this.show(this.view);
    else if (this.view !== "wallet" || purse.payment().step === "none") this.show("home");
    else purse.back();
  }

  private show(view: PanelContent["view"], page = 0): void {
    const ids = this.actions.spots().map((spot) => spot.id);
    this.view = view;
    this.page = MathUtils.clamp(page, 0, Math.max(0, Math.ceil(ids.length / PLACES_SHOWN) - 1));
    this.targets = view === "places" ? placesTargets(ids, this.page) : homeTargets();
    if (view === "wallet") this.arrangeWallet();
    this.arrangePage();
    this.hovered = null;
    this.sincePaint = Number.POSITIVE_INFINITY;
  }

  /** The wallet's buttons change with what happens to the payment, and with who is near. */
  private arrangeWallet(): void {
    const { purse } = this.actions;
    const people = purse.balance() === null ? [] : purse.people().map(({ id }) => id);
    this.targets = walletTargets(purse.payment().step, people);
  }

  private onward(): void {
    if (this.pages === null) {
      this.show("places", this.page + 1);
      return;
    }
    this.turner.turn();
    this.arrangePage();
  }

  /** Rows and words change with what is done there, and with what the server says. */
  private arrangePage(): void {
    const pages = this.pages;
    if (pages === null) return;
    const broken = (text: string, isLead: boolean) => brokenWords(this.context, text, isLead);
    this.targets = this.turner.arrange(pages.view(), this.language, broken);
  }

  private hover(target: Target | null): void {
    if (this.hovered === target || (target && sameAction(this.hovered?.action, target.action))) return;
    this.hovered = target;
    this.sincePaint = Number.POSITIVE_INFINITY;
  }

  private follow(head: RoomHead, seconds: number): void {
    const heading = headingOf(head.orientation, this.goal);
    const turn = Math.atan2(Math.sin(heading - this.yaw), Math.cos(heading - this.yaw));
    const step = this.anchor.distanceTo(head.position);
    if (Math.abs(turn) > FOLLOW_TURN || step > FOLLOW_STEP) this.following = true;
    if (!this.following) return;
    const share = 1 - Math.exp(-seconds / LAG);
    this.yaw += turn * share;
    this.anchor.lerp(head.position, share);
    if (Math.abs(turn) < 0.03 && step < 0.03) this.following = false;
    this.settle();
  }

  /** Put the mesh where anchor and yaw say, facing the head. */
  private settle(): void {
    const level = Math.cos(DOWN) * AWAY;
    this.mesh.position.set(
      this.anchor.x - Math.sin(this.yaw) * level,
      this.anchor.y - Math.sin(DOWN) * AWAY,
      this.anchor.z - Math.cos(this.yaw) * level,
    );
    this.mesh.rotation.set(-DOWN, this.yaw, 0, "YXZ");
    this.mesh.updateMatrixWorld();
  }

  private paint(): void {
    this.sincePaint = 0;
    if (this.view === "wallet") this.arrangeWallet();
    this.arrangePage();
    const spots = new Map<string, SpotInfo>(this.actions.spots().map((spot) => [spot.id, spot]));
    const { language, actions, targets, hovered, view, turner } = this;
    paintPanel(this.context, { language, actions, targets, hovered, view, spots, turner });
    this.texture.needsUpdate = true;
  }
}
