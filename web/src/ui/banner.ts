/** The state of the connection, said where nobody can miss it: a line while it mends, a card when it cannot. */

import type { City } from "../city";
import type { Fault } from "../faults";
import { chosen, type Key, language, text } from "../i18n";
import type { Status } from "../net/connection";
import { Close } from "../protocol/messages";
import type { Loading, Stage } from "../stage";
import type { Value } from "../value";
import { button, el } from "./dom";
import { icon } from "./icons";

interface Action {
  readonly caption: Key;
  readonly act: () => void;
}

interface Saying {
  readonly text: string;
  readonly kind: "busy" | "warning" | "stop";
  readonly actions: readonly Action[];
}

function refusalActions(city: City, code: number): readonly Action[] {
  const again: Action = { caption: "page.retry", act: () => city.connection.again() };
  const back: Action = { caption: "state.back", act: () => city.leave() };
  if (code === Close.REPLACED) return [{ ...again, caption: "state.replaced_take" }, back];
  if (code === Close.UNSUPPORTED_PROTOCOL) return [{ caption: "state.reload", act: () => location.reload() }];
  if (code === Close.BAD_NAME || code === Close.UNKNOWN_SPOT) return [back];
  return [again, back];
}

const CLOSE_TEXTS: Readonly<Record<number, Key>> = {
  [Close.REPLACED]: "state.replaced",
  [Close.FULL]: "state.full",
  [Close.UNSUPPORTED_PROTOCOL]: "state.unsupported",
};

function refused(city: City, status: Status): Saying {
  const key = CLOSE_TEXTS[status.closeCode];
  const reason = status.refusal === null ? null : chosen(status.refusal);
  const words =
    key === undefined ? (reason ?? text("state.refused_unknown", { code: status.closeCode })) : text(key);
  return { text: words, kind: "stop", actions: refusalActions(city, status.closeCode) };
}

/** In the queue: how long it is, and what to do meanwhile. */
function waiting(city: City, ahead: number): Saying {
  const words = ahead === 0 ? text("state.waiting_next") : text("state.waiting", { count: ahead });
  const plain: Action = { caption: "state.waiting_plain", act: () => void open("/plain/", "_blank") };
  const look: Action = { caption: "state.waiting_look", act: () => void open("/?look=1", "_blank") };
  return {
    text: words,
    kind: "busy",
    actions: [look, plain, { caption: "state.back", act: () => city.leave() }],
  };
}

function ofConnection(city: City): Saying | null {
  const status = city.connection.status.get();
  const { failures } = status;
  switch (status.state) {
    case "connecting":
      return failures === 0
        ? { text: text("state.connecting"), kind: "busy", actions: [] }
        : { text: text("state.connecting_again", { count: failures + 1 }), kind: "busy", actions: [] };
    case "waiting":
      return waiting(city, status.ahead);
    case "reconnecting":
      return failures <= 1
        ? { text: text("state.reconnecting"), kind: "busy", actions: [] }
        : { text: text("state.reconnecting_again", { count: failures }), kind: "busy", actions: [] };
    case "refused":
      return refused(city, status);
    case "closed":
      return {
        text: text("state.closed"),
        kind: "stop",
        actions: [{ caption: "state.back", act: () => city.leave() }],
      };
    default:
      return null;
  }
}

function ofFault(fault: Value<Fault>): Saying | null {
  const kind = fault.get();
  if (kind === "none") return null;
  const reload: Action = { caption: "state.reload", act: () => location.reload() };
  const close: Action = { caption: "page.close", act: () => fault.set("none") };
  return kind === "graphics"
    ? { text: text("state.graphics_lost"), kind: "warning", actions: [reload] }
    : { text: text("state.page_failed"), kind: "warning", actions: [reload, close] };
}

function ofLoading(loading: Loading, stage: Stage): Saying | null {
  if (loading.state !== "failed") return null;
  const words = text("state.city_failed", { reason: loading.reason });
  return { text: words, kind: "warning", actions: [{ caption: "page.retry", act: () => void stage.open() }] };
}

function ofMicrophone(city: City, dismissed: Set<string>): Saying | null {
  const state = city.microphone.state.get();
  const told: Readonly<Record<string, Key>> = {
    denied: "microphone.denied",
    missing: "microphone.missing",
    busy: "microphone.busy",
    insecure: "microphone.insecure",
  };
  const key = told[state];
  if (key === undefined || !city.hasSound() || !city.inside.get() || dismissed.has(state)) return null;
  const retry: Action = { caption: "page.retry", act: () => city.toggleMicrophone() };
  const close: Action = { caption: "page.close", act: () => dismissed.add(state) };
  return { text: text(key), kind: "warning", actions: state === "insecure" ? [close] : [retry, close] };
}

function ofSound(city: City): Saying | null {
  const silence = city.ears.silence.get();
  if (silence === "none" || !city.inside.get() || !city.hasSound()) return null;
  const unlock: Action = { caption: "state.sound_unlock", act: () => city.ears.end() };
  return {
    text: text(silence === "browser" ? "state.sound_blocked" : "state.sound_off"),
    kind: "warning",
    actions: [unlock],
  };
}

/** Only looking: said until it is read, with the way in. */
function ofLooking(city: City, dismissed: Set<string>): Saying | null {
  if (!city.looking.get() || dismissed.has("looking")) return null;
  const come: Action = { caption: "landing.enter", act: () => city.leave() };
  const close: Action = { caption: "page.close", act: () => dismissed.add("looking") };
  return { text: text("state.looking"), kind: "warning", actions: [come, close] };
}

/** The network lets no sound through: said once, for there is nothing to be done about it here. */
function ofLink(city: City, dismissed: Set<string>): Saying | null {
  if (city.hasSound() || city.looking.get() || !city.inside.get() || dismissed.has("link")) return null;
  const close: Action = { caption: "page.close", act: () => dismissed.add("link") };
  return { text: text("state.no_sound"), kind: "warning", actions: [close] };
}

/** The panel that says it; `act` runs an action and looks again. */
function panel(city: City, saying: Saying, act: (action: Action) => void): HTMLElement {
  const buttons = saying.actions.map((action) =>
    button({ class: "small", caption: action.caption, onclick: () => act(action) }),
  );
  const sign =
    saying.kind === "busy"
      ? el("i", { class: "spinner", attributes: { "aria-hidden": "true" } })
      : icon("warning");
  const title = saying.kind === "stop" ? el("h2", { text: titleOf(city) }) : null;
  return el(
    "div",
    { class: `banner panel ${saying.kind}` },
    sign,
    el("div", {}, title, el("p", {}, saying.text)),
    el("div", { class: "buttons" }, ...buttons),
  );
}

export function banner(city: City, stage: Stage, fault: Value<Fault>): HTMLElement {
  const place = el("div", { class: "banner-place", attributes: { role: "alert" } });
  const dismissed = new Set<string>();
  let last = "";
  const show = () => {
    const saying =
      ofConnection(city) ??
      ofFault(fault) ??
      ofLoading(stage.loading.get(), stage) ??
      ofLooking(city, dismissed) ??
      ofLink(city, dismissed) ??
      ofSound(city) ??
      ofMicrophone(city, dismissed);
    const key = saying === null ? "" : `${saying.kind} ${saying.text}`;
    if (key === last) return;
    last = key;
    const act = (action: Action) => {
      action.act();
      show();
    };
    place.replaceChildren(...(saying === null ? [] : [panel(city, saying, act)]));
    // Everything behind it is switched off: who has only a keyboard must find the way on.
    if (saying?.kind === "stop") place.querySelector("button")?.focus();
  };
  const { connection, microphone, ears, inside, looking } = city;
  const states = [connection.status, stage.loading, fault, microphone.state, ears.silence];
  const values = [...states, inside, looking, language];
  for (const value of values) {
    value.watch(show);
  }
  show();
  return place;
}

function titleOf(city: City): Key {
  const { state, closeCode } = city.connection.status.get();
  return state === "closed" || closeCode === Close.REPLACED ? "page.title" : "state.refused";
}
