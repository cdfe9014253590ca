/** The microphone on the landing card: turn it on, see that one is heard, or read why not. */

import { meterShare } from "../audio/level";
import { type MicrophoneState, microphoneAllowed } from "../audio/microphone";
import type { City } from "../city";
import { type Key, language, text } from "../i18n";
import { button, el, setText } from "./dom";
import { icon } from "./icons";

const METER_EVERY = 80;
const METER_CELLS = 14;
/** Above this share of the meter somebody is clearly speaking. */
const CLEAR = 0.35;

const TROUBLE: Partial<Record<MicrophoneState, Key>> = {
  denied: "microphone.denied",
  missing: "microphone.missing",
  busy: "microphone.busy",
  insecure: "microphone.insecure",
};

/** The level as cells, and a word about it. */
function meter(city: City): { cells: HTMLElement; verdict: HTMLElement } {
  const { microphone } = city;
  const lights = Array.from({ length: METER_CELLS }, () => el("i"));
  const cells = el("div", { class: "meter", attributes: { "aria-hidden": "true" } }, ...lights);
  const verdict = el("span", { class: "verdict" });
  setInterval(() => {
    if (city.inside.get() || microphone.state.get() !== "live") return;
    const share = meterShare(microphone.level());
    for (const [index, light] of lights.entries()) light.classList.toggle("on", share * METER_CELLS > index);
    setText(verdict, text(share > CLEAR ? "landing.microphone_good" : "landing.microphone_quiet"));
    verdict.classList.toggle("good", share > CLEAR);
  }, METER_EVERY);
  return { cells, verdict };
}

/** Allowed before: the meter may run at once, nobody is asked anything. */
async function openIfAllowed(city: City): Promise<void> {
  const { microphone, settings } = city;
  const allowed = await microphoneAllowed();
  if (allowed && !city.inside.get() && microphone.state.get() === "off") {
    await microphone.open(settings.microphone.get());
  }
}

export function microphoneCheck(city: City): HTMLElement {
  const { microphone, settings } = city;
  const { cells, verdict } = meter(city);
  const open = button({
    class: "small",
    caption: "landing.microphone_open",
    onclick: () => void microphone.open(settings.microphone.get()),
  });
  const trouble = el("p", { class: "problem", attributes: { role: "alert" } });
  const row = el("div", { class: "microphone-row" }, icon("microphone"), cells, verdict, open);
  const show = () => {
    const state = microphone.state.get();
    const live = state === "live";
    row.classList.toggle("is-live", live);
    open.hidden = live || state === "asking" || state === "insecure";
    if (!live) setText(verdict, state === "asking" ? text("landing.microphone_asking") : "");
    const key = TROUBLE[state];
    setText(trouble, key === undefined ? "" : text(key));
  };
  microphone.state.follow(show);
  language.watch(show);
  void openIfAllowed(city);
  const head = el(
    "div",
    { class: "label" },
    el("b", { text: "landing.microphone" }),
    el("small", { text: "landing.microphone_hint" }),
  );
  return el("div", { class: "field microphone" }, head, row, trouble);
}
