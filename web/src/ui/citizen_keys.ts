/** My ways in: passkeys, devices that are signed in, a code for another device, recovery codes. */

import type { Api, Schemas } from "../api/client";
import type { Citizenship } from "../civic/citizenship";
import { momentOf } from "../civic/money";
import { text } from "../i18n";
import { obstacleNote } from "./citizen_door";
import { button, el, setText } from "./dom";
import { attempt, problemLine, wordsOf } from "./form";
import { copyButton } from "./keep";
import type { Pages, SheetPage } from "./pages";

export interface KeysSetting {
  readonly api: Api;
  readonly citizenship: Citizenship;
  tell(message: string): void;
}

/** A line of a list with its button. */
function line(title: string, detail: string, act: HTMLButtonElement | null): HTMLElement {
  return el("li", {}, el("div", {}, el("b", {}, title), el("small", {}, detail)), act);
}

/** `4:59` until a moment (Unix seconds); null when it has passed. */
function remaining(until: number): string | null {
  const seconds = Math.ceil(until - Date.now() / 1000);
  return seconds > 0 ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : null;
}

export class CitizenKeys {
  constructor(
    private readonly setting: KeysSetting,
    private readonly pages: Pages,
  ) {}

  page(): SheetPage {
    return { title: "keys.title", back: () => this.pages.go(null), build: (body) => this.build(body) };
  }

  private build(body: HTMLElement): undefined {
    const { citizenship } = this.setting;
    const problem = problemLine();
    const [passkeys, sessions] = [el("ul", { class: "things" }), el("ul", { class: "things" })];
    const fill = () => this.fill(passkeys, sessions, problem.say);
    const hindered = obstacleNote();
    const add = button({
      class: "second",
      icon: "key",
      caption: "keys.add",
      onclick: () => void attempt(add, problem.say, () => citizenship.addPasskey()).then(fill),
    });
    add.disabled = hindered !== null;
    const renew = button({
      class: "second",
      caption: "keys.renew",
      onclick: () => void attempt(renew, problem.say, () => citizenship.renewCodes()),
    });
    const left = citizenship.citizen?.recovery_codes_left ?? 0;
    body.append(
      problem.element,
      el("h4", { text: "keys.passkeys" }),
      passkeys,
      ...(hindered === null ? [] : [hindered]),
      add,
      el("h4", { text: "keys.another" }),
      el("p", { class: "soft", text: "keys.another_hint" }),
      button({ class: "second", caption: "keys.code", onclick: () => this.pages.go(this.codePage()) }),
      el("h4", { text: "keys.sessions" }),
      sessions,
      el("h4", { text: "codes.title" }),
      el("p", { class: "soft" }, text("keys.left", { count: left })),
      renew,
    );
    void fill();
    return undefined;
  }

  private async fill(
    passkeys: HTMLElement,
    sessions: HTMLElement,
    say: (message: string) => void,
  ): Promise<void> {
    const { api } = this.setting;
    try {
      const [keys, devices] = await Promise.all([
        api.take(api.http.GET("/api/v1/passkeys")),
        api.take(api.http.GET("/api/v1/sessions")),
      ]);
      const again = () => this.fill(passkeys, sessions, say);
      passkeys.replaceChildren(...keys.map((one) => this.passkey(one, keys.length > 1, say, again)));
      sessions.replaceChildren(...devices.map((one) => this.session(one, say, again)));
    } catch (error) {
      say(wordsOf(error));
    }
  }

  private passkey(
    { id, device, added_at: added, used_at: used }: Schemas["PasskeyLine"],
    removable: boolean,
    say: (message: string) => void,
    again: () => void,
  ): HTMLElement {
    const { api } = this.setting;
    const parts = [text("keys.added", { when: momentOf(added) })];
    if (used !== null) parts.push(text("keys.used", { when: momentOf(used) }));
    const path = { number: id };
    const act = () => api.take(api.http.DELETE("/api/v1/passkeys/{number}", { params: { path } }));
    const remove = button({
      class: "small",
      caption: "keys.remove",
      attributes: { "aria-label": `${text("keys.remove")}: ${device}` },
      onclick: () => void attempt(remove, say, act).then(again),
    });
    return line(device, parts.join(" · "), removable ? remove : null);
  }

  private session(
    { id, device, seen_at: seen, here }: Schemas["SessionLine"],
    say: (message: string) => void,
    again: () => void,
  ): HTMLElement {
    const { api } = this.setting;
    const path = { number: id };
    const act = () => api.take(api.http.DELETE("/api/v1/sessions/{number}", { params: { path } }));
    const end = button({
      class: "small",
      caption: "keys.end",
      attributes: { "aria-label": `${text("keys.end")}: ${device}` },
      onclick: () => void attempt(end, say, act).then(again),
    });
    const detail = here ? text("keys.here") : text("keys.seen", { when: momentOf(seen) });
    return line(device, detail, here ? null : end);
  }

  private codePage(): SheetPage {
    const { api, tell } = this.setting;
    let code: Schemas["DeviceCode"] | null = null;
    return {
      title: "keys.code",
      back: () => this.pages.go(this.page()),
      build: (body) => {
        const problem = problemLine();
        const shown = el("p", { class: "big-code" }, el("code", {}, code?.code ?? "…"));
        const left = el("p", { class: "soft" });
        const again = button({ class: "second", caption: "keys.new_code", onclick: () => void fetch() });
        const count = () => {
          if (code === null) return;
          const rest = remaining(code.expires_at);
          setText(left, rest === null ? text("keys.expired") : text("keys.expires", { left: rest }));
          shown.classList.toggle("is-over", rest === null);
        };
        const fetch = () =>
          attempt(again, problem.say, async () => {
            code = await api.take(api.http.POST("/api/v1/device-codes"));
            setText(shown.firstElementChild as HTMLElement, code.code);
            count();
          });
        body.append(
          el("p", { text: "keys.code_how" }),
          shown,
          left,
          el(
            "div",
            { class: "keeping" },
            copyButton(() => code?.code ?? "", "keys.code_copied", tell),
          ),
          problem.element,
          again,
        );
        if (code === null) void fetch();
        else count();
        const timer = setInterval(count, 1000);
        return () => clearInterval(timer);
      },
    };
  }
}
