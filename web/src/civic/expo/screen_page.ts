/** A booth's screen: publishing from this browser, from OBS, or from a program; and the key for it. */

import type { Schemas } from "../../api/client";
import { chosen, text } from "../../i18n";
import { button, el, setText } from "../../ui/dom";
import { attempt, problemLine, wordsOf } from "../../ui/form";
import { icon } from "../../ui/icons";
import { copyButton } from "../../ui/keep";
import type { SheetPage } from "../../ui/pages";
import type { Stop } from "../../value";
import { ask, chip } from "../hall/parts";
import { momentOf } from "../money";
import type { BroadcastState, Source } from "./broadcast";
import type { ExpoDesk } from "./desk";

type Token = Schemas["TokenOut"];

/** Keys that this page made: the server shows each only once. */
const made = new Map<string, Token>();

async function makeToken({ api, expo }: ExpoDesk, id: string): Promise<Token> {
  const params = { path: { name: id } };
  const token = await api.take(api.http.POST("/api/v1/booths/{name}/publish-token", { params }));
  made.set(id, token);
  const booth = expo.booth(id);
  if (booth !== undefined) expo.keep({ ...booth, token_made_at: token.made_at });
  return token;
}

export function screenPage(desk: ExpoDesk, id: string): SheetPage {
  return {
    title: "screen.page",
    back: () => desk.pages.go(desk.manage(id)),
    build: (body) => {
      const light = el("p", { class: "chips" });
      const show = () => {
        const live = desk.expo.live.get().has(id);
        light.replaceChildren(
          chip(text(live ? "screen.is_live" : "screen.is_dark"), live ? "alert" : "quiet"),
        );
      };
      const keys = el("div", { class: "lines" });
      const fillKeys = () => keys.replaceChildren(...keyPart(desk, id, fillKeys));
      const stopPicture = browserPart(desk, id, body, light, fillKeys);
      body.append(el("h3", { text: "screen.other" }), keys);
      fillKeys();
      const stops = [desk.expo.live.follow(show), stopPicture];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

const STATES: Readonly<
  Record<
    Exclude<BroadcastState, "idle">,
    "broadcast.asking" | "broadcast.connecting" | "broadcast.live" | "broadcast.lost"
  >
> = {
  asking: "broadcast.asking",
  connecting: "broadcast.connecting",
  live: "broadcast.live",
  lost: "broadcast.lost",
};

/** Camera or a window of this very machine. */
function browserPart(
  desk: ExpoDesk,
  id: string,
  body: HTMLElement,
  light: HTMLElement,
  keyed: () => void,
): Stop {
  const { broadcast } = desk;
  const problem = problemLine();
  const video = el("video", { class: "own-picture", label: "broadcast.preview" });
  video.muted = true;
  video.playsInline = true;
  const status = el("p", { class: "soft", attributes: { role: "status" } });
  const begin = (source: Source) => void start(desk, id, source, problem.say).then(keyed);
  const choose = el(
    "div",
    { class: "pair" },
    button({
      class: "enter compact",
      icon: "camera",
      caption: "broadcast.camera",
      onclick: () => begin("camera"),
    }),
    button({ class: "second", icon: "image", caption: "broadcast.window", onclick: () => begin("screen") }),
  );
  const mute = button({
    class: "second",
    icon: "microphone",
    caption: "broadcast.mute",
    onclick: () => broadcast.setMuted(!broadcast.muted.get()),
  });
  const stop = button({
    class: "second danger",
    icon: "close",
    caption: "broadcast.stop",
    onclick: () => broadcast.stop(),
  });
  const running = el("div", { class: "lines" }, video, status, el("div", { class: "pair" }, mute, stop));
  const show = () => {
    const state = broadcast.state.get();
    const isHere = broadcast.booth === id;
    running.hidden = !isHere;
    choose.hidden = isHere;
    video.srcObject = isHere ? broadcast.stream.get() : null;
    if (video.srcObject !== null) video.play().catch(() => undefined); // a hidden page plays when it is seen
    if (state !== "idle") setText(status, text(STATES[state]));
    mute.hidden = (broadcast.stream.get()?.getAudioTracks().length ?? 0) === 0;
    mute.setAttribute("aria-pressed", String(broadcast.muted.get()));
    const found = broadcast.problem.get();
    if (found !== null) problem.say(chosen(found.said));
  };
  body.append(
    light,
    el("h3", { text: "broadcast.title" }),
    el("p", { class: "soft", text: "broadcast.lead" }),
    choose,
    running,
    problem.element,
  );
  const { state, stream, muted, problem: wrong } = broadcast;
  const stops = [state.watch(show), stream.watch(show), muted.watch(show), wrong.watch(show)];
  show();
  return () => {
    video.srcObject = null;
    for (const one of stops) one();
  };
}

async function start(
  desk: ExpoDesk,
  id: string,
  source: Source,
  say: (words: string) => void,
): Promise<void> {
  say("");
  const booth = desk.expo.booth(id);
  const isKnown = made.has(id) && booth?.token_made_at === made.get(id)?.made_at;
  // Another program may be using the key that there is: it would be turned away.
  if (!isKnown && booth?.token_made_at != null && !(await ask("screen.renew_sure", "screen.renew_go")))
    return;
  const token = async () => (isKnown ? made.get(id) : await makeToken(desk, id))?.token ?? "";
  await desk.broadcast.start(id, source, token).catch((error: unknown) => say(wordsOf(error)));
}

/** The key for programs, where it goes, and how. */
function keyPart(desk: ExpoDesk, id: string, again: () => void): HTMLElement[] {
  const { api, broadcast, expo, tell } = desk;
  const problem = problemLine();
  const since = expo.booth(id)?.token_made_at ?? null;
  const token = made.get(id);
  const shown = token !== undefined && token.made_at === since ? token : null;
  const make = button({
    class: "second",
    icon: "key",
    caption: since === null ? "screen.make" : "screen.renew",
    onclick: async () => {
      if (since !== null && !(await ask("screen.renew_sure", "screen.renew"))) return;
      if (broadcast.booth === id) broadcast.stop();
      if (await attempt(make, problem.say, () => makeToken(desk, id))) again();
    },
  });
  const revoke = button({
    class: "small",
    caption: "screen.revoke",
    hidden: since === null,
    onclick: async () => {
      if (!(await ask("screen.revoke_sure", "screen.revoke"))) return;
      if (broadcast.booth === id) broadcast.stop();
      const done = await attempt(revoke, problem.say, async () => {
        const params = { path: { name: id } };
        await api.take(api.http.DELETE("/api/v1/booths/{name}/publish-token", { params }));
        made.delete(id);
        const booth = expo.booth(id);
        if (booth !== undefined) expo.keep({ ...booth, token_made_at: null });
        tell(text("screen.revoked"));
      });
      if (done) again();
    },
  });
  const words =
    since === null
      ? text("screen.no_key")
      : text(shown ? "screen.key_shown" : "screen.key_hidden", { when: momentOf(since) });
  return [
    el("p", { class: "soft" }, words),
    ...(shown === null ? [] : instructions(id, shown, tell)),
    problem.element,
    make,
    el("div", { class: "keeping" }, revoke),
  ];
}

function instructions(id: string, { token, whip }: Token, tell: (words: string) => void): HTMLElement[] {
  const url = new URL(whip, location.href).href;
  const server = location.origin === "http://127.0.0.1:8000" ? "" : ` --server ${location.origin}`;
  const command = `META_GWANGJU_PUBLISH_TOKEN=${token} meta-gwangju publish 0 --booth ${id}${server}`;
  const line = (
    label: "screen.server" | "screen.token" | "screen.command",
    words: string,
    done: "screen.copied",
  ) =>
    el(
      "div",
      { class: "copy-line" },
      el("small", { text: label }),
      el("code", {}, words),
      copyButton(() => words, done, tell),
    );
  return [
    el("h4", {}, icon("out"), el("span", { text: "screen.obs" })),
    el("p", { class: "soft", text: "screen.obs_how" }),
    line("screen.server", url, "screen.copied"),
    line("screen.token", token, "screen.copied"),
    el("h4", {}, icon("file"), el("span", { text: "screen.program" })),
    el("p", { class: "soft", text: "screen.program_how" }),
    line("screen.command", command, "screen.copied"),
  ];
}
