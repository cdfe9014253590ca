/** One texture that holds the pictures of all shown labels, painted once each and placed on shelves. */

import {
  Box2,
  CanvasTexture,
  DataTexture,
  LinearFilter,
  RGBAFormat,
  Vector2,
  type WebGLRenderer,
} from "three";
import { type LabelSpec, paintLabel } from "./label_paint";

/** Where a label's picture lies in the atlas, pixels. */
export interface Slot {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Slots of an earlier generation are void: the atlas was cleared since. */
  readonly generation: number;
}

const WIDTH = 2048;
const HEIGHT = 1024;
const SCRATCH_WIDTH = 1024;
const SCRATCH_HEIGHT = 192;
const GAP = 2;

export class LabelAtlas {
  readonly texture: DataTexture;
  readonly width = WIDTH;
  readonly height = HEIGHT;
  generation = 0;
  private readonly scratch = document.createElement("canvas");
  private readonly context: CanvasRenderingContext2D;
  private readonly source: CanvasTexture;
  private readonly corner = new Vector2();
  private readonly region = new Box2(new Vector2(), new Vector2());
  private shelfX = 0;
  private shelfY = 0;
  private shelfHeight = 0;

  constructor(private readonly renderer: WebGLRenderer) {
    this.scratch.width = SCRATCH_WIDTH;
    this.scratch.height = SCRATCH_HEIGHT;
    const context = this.scratch.getContext("2d");
    if (context === null) throw new Error("no 2D canvas: labels cannot be drawn");
    this.context = context;
    this.source = new CanvasTexture(this.scratch);
    this.source.generateMipmaps = false;
    this.texture = new DataTexture(new Uint8Array(WIDTH * HEIGHT * 4), WIDTH, HEIGHT, RGBAFormat);
    // Colours go to the screen as painted, so that letters keep the browser's own antialiasing.
    this.texture.premultiplyAlpha = true;
    this.texture.minFilter = LinearFilter;
    this.texture.magFilter = LinearFilter;
    this.texture.generateMipmaps = false;
    this.texture.needsUpdate = true;
  }

  /** Paint a label and return where it is; null when the atlas is full: `clear` and paint again. */
  paint(spec: LabelSpec): Slot | null {
    const { width, height } = paintLabel(this.context, spec);
    const w = Math.min(width, SCRATCH_WIDTH);
    const h = Math.min(height, SCRATCH_HEIGHT);
    if (this.shelfX + w > WIDTH) {
      this.shelfX = 0;
      this.shelfY += this.shelfHeight + GAP;
      this.shelfHeight = 0;
    }
    if (this.shelfY + h > HEIGHT) return null;
    const slot = { x: this.shelfX, y: this.shelfY, width: w, height: h, generation: this.generation };
    this.upload(slot);
    this.shelfX += w + GAP;
    this.shelfHeight = Math.max(this.shelfHeight, h);
    return slot;
  }

  /** Forget every picture; slots given so far are void. */
  clear(): void {
    this.generation += 1;
    this.shelfX = 0;
    this.shelfY = 0;
    this.shelfHeight = 0;
  }

  dispose(): void {
    this.texture.dispose();
    this.source.dispose();
  }

  private upload(slot: Slot): void {
    this.corner.set(slot.x, slot.y);
    this.region.max.set(slot.width, slot.height);
    this.renderer.copyTextureToTexture(this.source, this.texture, this.region, this.corner);
  }
}
