/** The sheet of settings. */

import { listMicrophones } from "../audio/microphone";
import type { City } from "../city";
import { atGwangjuMinutes, gwangjuClock, gwangjuMinutes } from "../daylight";
import { type Key, text } from "../i18n";
import type { Comfort } from "../render/api";
import { button, el, setText } from "./dom";
import { languageSwitch } from "./language";
import { skyButton } from "./rail";
import type { SheetContent } from "./sheet";
import { choices, toggle } from "./tabs";

export interface SettingsActions {
  leave(): void;
  openHelp(): void;
  /** What else phones find here, above the settings. */
  quick(): readonly HTMLElement[];
}

function part(title: Key, ...children: HTMLElement[]): HTMLElement {
  return el("section", {}, el("h3", { text: title }), ...children);
}

function line(title: Key, control: HTMLElement): HTMLElement {
  return el("div", { class: "setting" }, el("b", { text: title }), control);
}

function volume(city: City): HTMLElement {
  const input = el("input", {
    label: "settings.volume",
    attributes: { type: "range", min: "0", max: "100", step: "5" },
  });
  input.value = String(Math.round(city.settings.volume.get() * 100));
  input.addEventListener("input", () => city.settings.volume.set(Number(input.value) / 100));
  return line("settings.volume", input);
}

function device(city: City): HTMLElement {
  const select = el("select", { class: "input", label: "settings.device" });
  const { microphone } = city.settings;
  const fill = async () => {
    const found = await listMicrophones();
    const options = found
      .filter(({ deviceId }) => deviceId !== "default")
      .map(({ deviceId, label }, index) => {
        const name = label === "" ? text("settings.device_unnamed", { number: index + 1 }) : label;
        return el("option", { attributes: { value: deviceId } }, name);
      });
    select.replaceChildren(
      el("option", { text: "settings.device_default", attributes: { value: "" } }),
      ...options,
    );
    select.value = microphone.get();
    if (select.selectedIndex < 0) select.value = "";
  };
  select.addEventListener("change", () => {
    microphone.set(select.value);
    if (city.microphoneFact() !== "none") void city.microphone.open(select.value);
  });
  void fill();
  return line("settings.device", select);
}

/** Minutes of the day in steps that a thumb can hit. */
const TIME_STEP = 10;

function timeOfDay(city: City): HTMLElement {
  const { time } = city.settings;
  const slider = el("input", {
    label: "settings.time_slider",
    attributes: { type: "range", min: "0", max: String(24 * 60 - TIME_STEP), step: String(TIME_STEP) },
  });
  const clock = el("output");
  const row = el("div", { class: "setting time" }, slider, clock);
  const show = () => {
    const now = time.get() ?? new Date();
    slider.value = String(gwangjuMinutes(now));
    setText(clock, gwangjuClock(now));
    slider.setAttribute("aria-valuetext", gwangjuClock(now));
    row.hidden = time.get() === null;
  };
  slider.addEventListener("input", () => {
    time.set(atGwangjuMinutes(time.get() ?? new Date(), Number(slider.value)));
    show();
  });
  const which = choices(
    "settings.time",
    [
      { value: "now", title: "settings.time_now" },
      { value: "fixed", title: "settings.time_fixed" },
    ],
    time.get() === null ? "now" : "fixed",
    (value) => {
      time.set(value === "now" ? null : new Date());
      show();
    },
  );
  show();
  return el("div", {}, line("settings.time", which), row);
}

function screen(city: City): HTMLElement {
  const { quality, reducedMotion, saving } = city.settings;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return part(
    "settings.screen",
    line(
      "settings.quality",
      choices(
        "settings.quality",
        [
          { value: "low", title: "settings.quality_low" },
          { value: "medium", title: "settings.quality_medium" },
          { value: "high", title: "settings.quality_high" },
        ],
        quality.get(),
        (value) => quality.set(value),
      ),
    ),
    timeOfDay(city),
    toggle("settings.motion", "settings.motion_hint", reducedMotion.get() ?? calm, (on) =>
      reducedMotion.set(on),
    ),
    toggle("settings.saving", "settings.saving_hint", saving.get(), (on) => saving.set(on)),
  );
}

function comfort(city: City): HTMLElement {
  const { comfort: value } = city.settings;
  const change = (change: Partial<Comfort>) => value.set({ ...value.get(), ...change });
  return part(
    "settings.comfort",
    line(
      "settings.turn",
      choices(
        "settings.turn",
        [
          { value: "snap", title: "settings.turn_snap" },
          { value: "smooth", title: "settings.turn_smooth" },
        ],
        value.get().turn,
        (turn) => change({ turn }),
      ),
    ),
    line(
      "settings.move",
      choices(
        "settings.move",
        [
          { value: "teleport", title: "settings.move_teleport" },
          { value: "smooth", title: "settings.move_smooth" },
        ],
        value.get().move,
        (move) => change({ move }),
      ),
    ),
    toggle("settings.vignette", null, value.get().vignette, (vignette) => change({ vignette })),
  );
}

export function settingsSheet(city: City, actions: SettingsActions): SheetContent {
  return {
    title: "settings.title",
    build(body) {
      body.append(
        el(
          "div",
          { class: "settings-body" },
          el(
            "div",
            { class: "quick phone-only" },
            ...actions.quick(),
            skyButton(city),
            button({ icon: "help", caption: "hud.help", onclick: actions.openHelp }),
          ),
          el(
            "section",
            {},
            line(
              "settings.language",
              languageSwitch((chosen) => city.settings.language.set(chosen)),
            ),
          ),
          part("settings.sound", volume(city), device(city)),
          screen(city),
          comfort(city),
          button({ class: "second leave", icon: "door", caption: "settings.leave", onclick: actions.leave }),
        ),
      );
      return () => undefined;
    },
  };
}
