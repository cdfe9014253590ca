/** The WebGL renderer with its canvas: creation, size, pixel ratio, and counting frames. */

import { PCFShadowMap, type Scene, WebGLRenderer } from "three";
import type { CityCamera } from "./camera";
import { GraphicsError } from "./errors";
import { Pace } from "./pace";
import type { QualityLevel } from "./quality";

/** Frames are counted over about this long, seconds. */
const COUNT_OVER = 1;

export class Stage {
  readonly renderer: WebGLRenderer;
  framesPerSecond = 0;
  private readonly observer: ResizeObserver;
  private ratioLimit = 1;
  private resized = true;
  private frames = 0;
  private counted = 0;
  private readonly pace = new Pace();
  private fence: WebGLSync | null = null;

  /** Raises: GraphicsError when the browser gives no WebGL 2. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly camera: CityCamera,
    level: QualityLevel,
  ) {
    try {
      this.renderer = new WebGLRenderer({
        canvas,
        antialias: level.antialias,
        powerPreference: "high-performance",
      });
    } catch (error) {
      throw new GraphicsError("WebGL 2 is not available in this browser", { cause: error });
    }
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = PCFShadowMap;
    this.renderer.xr.enabled = true;
    this.renderer.xr.setReferenceSpaceType("local-floor");
    this.ratioLimit = level.pixelRatio;
    this.observer = new ResizeObserver(() => {
      this.resized = true;
    });
    this.observer.observe(canvas);
  }

  get width(): number {
    return this.canvas.clientWidth || window.innerWidth;
  }

  get height(): number {
    return this.canvas.clientHeight || window.innerHeight;
  }

  get ratio(): number {
    return this.renderer.getPixelRatio();
  }

  setQuality(level: QualityLevel): void {
    this.ratioLimit = level.pixelRatio;
    this.resized = true;
  }

  /** Take on a new size of the canvas or a new screen, and tell whether there was one; a headset keeps its own. */
  fit(): boolean {
    const ratio = Math.min(window.devicePixelRatio, this.ratioLimit);
    if (this.renderer.xr.isPresenting || (!this.resized && ratio === this.ratio)) return false;
    this.resized = false;
    this.renderer.setPixelRatio(ratio);
    this.renderer.setSize(this.width, this.height, false);
    this.camera.resize(this.width, this.height);
    return true;
  }

  /** Whether the picture before is done, and the machine has had its rest from it (see `Pace`); `now` in ms. */
  isRested(now: number, due: boolean): boolean {
    if (this.fence === null) return this.pace.isReady(now, due);
    const { gl } = this;
    if (gl.getSyncParameter(this.fence, gl.SYNC_STATUS) === gl.SIGNALED || gl.isContextLost()) {
      gl.deleteSync(this.fence);
      this.fence = null;
      this.pace.finished(now);
    }
    return this.pace.isReady(now, due);
  }

  /** Draw, and have `isRested` tell when the next picture should be; `now` in ms. */
  renderAndRest(scene: Scene, seconds: number, now: number): void {
    this.render(scene, seconds);
    const { gl } = this;
    this.fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    if (this.fence !== null) this.pace.began(now);
  }

  render(scene: Scene, seconds: number): void {
    this.renderer.render(scene, this.camera.camera);
    this.frames += 1;
    this.counted += seconds;
    if (this.counted < COUNT_OVER) return;
    this.framesPerSecond = this.frames / this.counted;
    this.frames = 0;
    this.counted = 0;
  }

  private get gl(): WebGL2RenderingContext {
    return this.renderer.getContext() as WebGL2RenderingContext;
  }

  dispose(): void {
    this.renderer.setAnimationLoop(null);
    this.observer.disconnect();
    this.renderer.dispose();
  }
}
