/** A booth's model on its stand, turning: for its own people, before they open. */

import {
  AmbientLight,
  Color,
  CylinderGeometry,
  DirectionalLight,
  HemisphereLight,
  Mesh,
  MeshLambertMaterial,
  PerspectiveCamera,
  Scene,
  WebGLRenderer,
} from "three";
import type { Schemas } from "../api/client";
import { disposeModel, fetchModel, onStand } from "./booth_model";

/** The stand's own size (docs/expo.md), metres. */
const STAND = { width: 3.6, height: 3 } as const;
const TURN = 0.5;
const STEP = Math.PI / 12;
/** Radians a CSS pixel of dragging. */
const DRAG = 0.01;

/** Show a model in a canvas until the returned function is called. Rejects where it cannot be fetched. */
export async function showModel(canvas: HTMLCanvasElement, model: Schemas["ModelOut"]): Promise<() => void> {
  const ending = new AbortController();
  const loaded = await fetchModel(model.url, ending.signal);
  const figure = onStand(
    loaded,
    {
      scale: model.figures.scale,
      offset: model.figures.offset as unknown as readonly [number, number, number],
    },
    { position: [0, 0, 0], yaw: Math.PI },
  );
  const renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
  renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
  const { scene, foot } = stage();
  scene.add(figure);
  const camera = new PerspectiveCamera(38, 4 / 3, 0.05, 60);
  camera.position.set(0, 2.5, 7.4);
  camera.lookAt(0, STAND.height * 0.42, 0);
  let angle = 0.5;
  let turning = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  let last = performance.now();
  const turnBy = (radians: number) => {
    turning = false;
    angle += radians;
  };
  follow(canvas, turnBy, ending.signal);
  renderer.setAnimationLoop((now) => {
    const seconds = Math.min(0.1, Math.max(0, (now - last) / 1000));
    last = now;
    if (turning) angle += TURN * seconds;
    figure.rotation.y = angle;
    figure.updateMatrix();
    figure.updateMatrixWorld(true);
    const { clientWidth, clientHeight } = canvas;
    if (clientWidth > 0) {
      camera.aspect = clientWidth / clientHeight;
      camera.updateProjectionMatrix();
      renderer.setSize(clientWidth, clientHeight, false);
    }
    renderer.render(scene, camera);
  });
  canvas.dataset.shown = model.sha256;
  return () => {
    ending.abort();
    renderer.setAnimationLoop(null);
    disposeModel(figure);
    foot.geometry.dispose();
    foot.material.dispose();
    renderer.dispose();
    // A page has only few of these: it is given back at once, not when somebody gets round to it.
    renderer.forceContextLoss();
  };
}

function stage(): { scene: Scene; foot: Mesh<CylinderGeometry, MeshLambertMaterial> } {
  const scene = new Scene();
  const sun = new DirectionalLight("#fff1dc", 2.6);
  sun.position.set(3, 5, 4);
  scene.add(sun, new HemisphereLight("#dfe9f5", "#d9d0c1", 1.8), new AmbientLight("#ffffff", 0.15));
  const round = new CylinderGeometry(STAND.width / 2, STAND.width / 2, 0.06, 48);
  const foot = new Mesh(round, new MeshLambertMaterial({ color: new Color("#e2d8c9") }));
  foot.position.y = -0.03;
  scene.add(foot);
  return { scene, foot };
}

/** Turn it by dragging, and by the arrow keys. */
function follow(canvas: HTMLCanvasElement, turnBy: (radians: number) => void, signal: AbortSignal): void {
  canvas.addEventListener("pointerdown", (event) => canvas.setPointerCapture(event.pointerId), { signal });
  canvas.addEventListener(
    "pointermove",
    (event) => {
      if (event.buttons !== 0) turnBy(event.movementX * DRAG);
    },
    { signal },
  );
  canvas.addEventListener(
    "keydown",
    (event) => {
      const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      turnBy(step);
    },
    { signal },
  );
}
