/** While this browser publishes, the page says so wherever one is in it, and has the way to stop. */

import { language, text } from "../../i18n";
import { button, el, setText } from "../../ui/dom";
import type { Broadcast } from "./broadcast";
import type { Expo } from "./expo";

export function onAir(broadcast: Broadcast, expo: Expo, open: (id: string) => void): HTMLElement {
  const words = el("b");
  const opener = el(
    "button",
    {
      class: "opener",
      attributes: { type: "button" },
      onclick: () => broadcast.booth !== null && open(broadcast.booth),
    },
    el("i", { class: "live-dot" }),
    words,
  );
  const stop = button({ class: "small", caption: "broadcast.stop", onclick: () => broadcast.stop() });
  const chip = el(
    "div",
    { class: "on-air panel", hidden: true, attributes: { role: "status" } },
    opener,
    stop,
  );
  const show = () => {
    const state = broadcast.state.get();
    chip.hidden = state !== "live" && state !== "lost";
    const number = expo.booth(broadcast.booth ?? "")?.number ?? "";
    setText(words, text(state === "lost" ? "broadcast.lost" : "broadcast.on_air", { number }));
  };
  broadcast.state.follow(show);
  language.watch(show);
  return chip;
}
