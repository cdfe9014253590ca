/** The page's day and night, which follow the sun over Gwangju. */

import { isNight } from "../daylight";

const SURFACE = { day: "#fffcf6", night: "#181b21" };
const CHECK_EVERY = 5000;

/** Keep `data-theme` right. Returns a function that checks at once. */
export function followSun(moment: () => Date): () => void {
  const check = () => {
    const theme = isNight(moment()) ? "night" : "day";
    document.documentElement.dataset.theme = theme;
    document.querySelector('meta[name="theme-color"]')?.setAttribute("content", SURFACE[theme]);
  };
  check();
  setInterval(check, CHECK_EVERY);
  return check;
}

/** Keep `--keyboard` at the height that a phone's on-screen keyboard covers. */
export function followKeyboard(): void {
  const viewport = window.visualViewport;
  if (viewport === null) return;
  const measure = () => {
    const covered = Math.max(0, innerHeight - viewport.height - viewport.offsetTop);
    document.documentElement.style.setProperty("--keyboard", `${Math.round(covered)}px`);
  };
  viewport.addEventListener("resize", measure);
  viewport.addEventListener("scroll", measure);
}
