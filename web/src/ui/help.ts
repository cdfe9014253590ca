/** How to walk: keys for keyboards, gestures for touch. Shown once by itself, later with `?`. */

import type { Key } from "../i18n";
import { dialog } from "./dialog";
import { button, el } from "./dom";

const KEYS: readonly (readonly [Key, readonly string[] | Key])[] = [
  ["help.walk", ["W", "A", "S", "D", "↑", "↓"]],
  ["help.turn", "help.turn_how"],
  ["help.lock", "help.lock_how"],
  ["help.run", ["Shift"]],
  ["help.chat", ["Enter"]],
  ["help.mute", ["M"]],
  ["help.wave", ["H"]],
  ["help.meet", ["F"]],
  ["wallet.title", ["O"]],
  ["citizen.title", ["C"]],
  ["help.places", ["T"]],
  ["help.hall", ["L"]],
  ["help.expo", ["X"]],
  ["help.read", ["E"]],
  ["help.people", ["P"]],
  ["help.map", ["G"]],
  ["help.sky", ["V"]],
  ["help.help", ["?"]],
  ["help.escape", ["Esc"]],
];
const GESTURES: readonly Key[] = ["help.touch_walk", "help.touch_turn", "help.touch_meet", "help.touch_map"];

function keyTable(): HTMLElement {
  const rows = KEYS.map(([what, how]) => [
    el("dt", { text: what }),
    typeof how === "string"
      ? el("dd", {}, el("span", { text: how }))
      : el("dd", {}, ...how.map((key) => el("kbd", {}, key))),
  ]);
  return el("dl", { class: "keys" }, ...rows.flat());
}

export function openHelp(): void {
  const touch = matchMedia("(pointer: coarse)").matches;
  const body = dialog("help.title", "help");
  body.append(
    touch ? el("ul", { class: "gestures" }, ...GESTURES.map((text) => el("li", { text }))) : keyTable(),
    button({ class: "enter", caption: "help.start", onclick: () => body.closest("dialog")?.close() }),
  );
}
