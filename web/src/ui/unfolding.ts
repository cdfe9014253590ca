/** How far the first view of the city is: a bar that goes forward until everything in sight is there. */

import type { City } from "../city";
import { language, text } from "../i18n";
import type { ViewStats } from "../render/api";
import type { Stage } from "../stage";
import { el, setText } from "./dom";

const LOOK_EVERY = 150;
/** Of the bar: the renderer and the city's lists, before any tile is known. */
const BEGINNING = 0.08;
/** The view finds more tiles to want as it goes: until it is complete, the bar ends short of full. */
const ALMOST = 0.98;

/** Share of the first view that stands, 0 to 1; never less than `before`. */
export function unfoldedShare(stats: ViewStats | null, before: number): number {
  if (stats === null || stats.tilesLoaded + stats.tilesAwaited === 0) return Math.max(before, 0);
  if (stats.complete) return 1;
  const tiles = stats.tilesLoaded / (stats.tilesLoaded + stats.tilesAwaited);
  return Math.max(before, BEGINNING + (ALMOST - BEGINNING) * tiles);
}

export function unfolding(city: City, stage: Stage): HTMLElement {
  const words = el("span");
  const percent = el("b");
  const fill = el("i");
  const chip = el(
    "div",
    { class: "unfolding panel", label: "landing.loading", attributes: { role: "progressbar" } },
    el("span", { class: "spinner", attributes: { "aria-hidden": "true" } }),
    words,
    percent,
    el("span", { class: "track" }, fill),
  );
  let share = 0;
  const show = () => {
    const { state } = stage.loading.get();
    chip.hidden = state === "failed" || share === 1;
    setText(words, text("landing.loading"));
    const now = Math.floor(share * 100);
    setText(percent, share === 0 ? "" : `${now}%`);
    chip.setAttribute("aria-valuenow", String(now));
    fill.style.transform = `scaleX(${share.toFixed(3)})`;
  };
  language.watch(show);
  stage.loading.follow(show);
  const look = setInterval(() => {
    share = unfoldedShare(city.view.get()?.stats() ?? null, share);
    show();
    if (share === 1) clearInterval(look);
  }, LOOK_EVERY);
  return chip;
}
