/** The dock: the microphone above all, waving, VR; on phones also chat and places. */

import { meterShare } from "../audio/level";
import type { MicrophoneState } from "../audio/microphone";
import type { City } from "../city";
import { type Key, language, text } from "../i18n";
import { button, el, setText } from "./dom";
import { icon } from "./icons";
import type { Sheets } from "./sheet";

export interface DockActions {
  openChat(): void;
  enterVr(): void;
  wave(): void;
}

const BARS = [0.36, 0.72, 1, 0.6, 0.82, 0.42];
const BARS_EVERY = 70;

const FACES: Readonly<Record<"live" | "muted" | "none" | "asking", readonly [Key, Key]>> = {
  live: ["dock.live", "dock.mute"],
  muted: ["dock.muted", "dock.unmute"],
  none: ["dock.none", "dock.open"],
  asking: ["dock.asking", "dock.open"],
};

function face(state: MicrophoneState): keyof typeof FACES {
  return state === "live" || state === "muted" || state === "asking" ? state : "none";
}

function microphoneButton(city: City): HTMLElement {
  const { microphone } = city;
  const words = el("span", { class: "words" });
  const sign = el("span", { class: "sign" });
  const bars = BARS.map(() => el("i"));
  const wave = el("span", { class: "bars", attributes: { "aria-hidden": "true" } }, ...bars);
  const one = el(
    "button",
    {
      class: "talk",
      attributes: { type: "button", "aria-keyshortcuts": "M" },
      onclick: () => city.toggleMicrophone(),
    },
    sign,
    wave,
    words,
  );
  const show = () => {
    const now = face(microphone.state.get());
    const [caption, label] = FACES[now];
    one.dataset.state = now;
    sign.replaceChildren(icon(now === "live" ? "microphone" : "microphoneOff"));
    setText(words, text(caption));
    one.setAttribute("aria-label", `${text(caption)}. ${text(label)}`);
    one.title = text(label);
  };
  microphone.state.follow(show);
  language.watch(show);
  setInterval(() => {
    if (!city.inside.get() || microphone.state.get() !== "live") return;
    const share = meterShare(microphone.level());
    bars.forEach((bar, index) => {
      bar.style.transform = `scaleY(${Math.max(0.16, share * BARS[index]).toFixed(3)})`;
    });
  }, BARS_EVERY);
  return one;
}

export function dock(city: City, sheets: Sheets, actions: DockActions): HTMLElement {
  const wave = button({
    icon: "wave",
    caption: "dock.wave",
    label: "dock.wave_label",
    hint: "dock.wave_label",
    attributes: { "aria-keyshortcuts": "H" },
    onclick: actions.wave,
  });
  const vr = button({
    icon: "headset",
    caption: "dock.vr",
    label: "dock.vr_label",
    hidden: true,
    onclick: actions.enterVr,
  });
  city.view.watch((view) => void view?.xr.supported().then((supported) => (vr.hidden = !supported)));
  const talk = microphoneButton(city);
  // Who only looks has nothing to speak or wave with.
  city.looking.follow((looking) => {
    talk.hidden = looking;
    wave.hidden = looking;
  });
  return el(
    "div",
    { class: "dock panel", label: "dock.title", attributes: { role: "toolbar" } },
    talk,
    button({ class: "phone-only", icon: "chat", caption: "dock.chat", onclick: actions.openChat }),
    wave,
    vr,
    button({
      class: "phone-only",
      icon: "pin",
      caption: "dock.places",
      onclick: () => sheets.toggle("places"),
    }),
  );
}
