/** The citizen's sheet: the door for visitors; for citizens their card, and everything that is theirs. */

import type { Api } from "../api/client";
import { isOfficial } from "../civic/admin/desk";
import type { Citizenship } from "../civic/citizenship";
import { type Key, language, text } from "../i18n";
import type { Value } from "../value";
import { CitizenDoor } from "./citizen_door";
import { CitizenKeys } from "./citizen_keys";
import { erasePage, profilePage } from "./citizen_profile";
import { doll } from "./coat";
import { codesPage } from "./codes_page";
import { button, el } from "./dom";
import { attempt, problemLine } from "./form";
import { type IconName, icon } from "./icons";
import { Organisations } from "./organisations";
import { Pages, type SheetPage } from "./pages";
import type { SheetContent } from "./sheet";

export interface CitizenSetting {
  readonly api: Api;
  readonly citizenship: Citizenship;
  /** The token of an invitation link that somebody followed here. */
  readonly invitation: Value<string | null>;
  suggested(): { readonly name: string; readonly colour: number };
  openWallet(): void;
  /** What officers and operators do. */
  openAdmin(): void;
  /** What they did about me. */
  openSanctions(): void;
  tell(message: string): void;
}

const ROLES: Readonly<Record<string, Key>> = {
  citizen: "role.citizen",
  exhibitor: "role.exhibitor",
  officer: "role.officer",
  operator: "role.operator",
};

export class CitizenSheet {
  readonly content: SheetContent;
  private readonly pages = new Pages(() => this.home());
  private readonly door: CitizenDoor;
  private readonly keys: CitizenKeys;
  private readonly organisations: Organisations;

  constructor(private readonly setting: CitizenSetting) {
    const { api, citizenship, invitation } = setting;
    this.content = this.pages.content("citizen.title");
    this.door = new CitizenDoor({ ...setting, isInvited: () => invitation.get() !== null }, this.pages);
    this.keys = new CitizenKeys(setting, this.pages);
    this.organisations = new Organisations(setting, this.pages);
    citizenship.codes.watch((codes) => codes !== null && this.pages.go(null));
    let was = citizenship.citizen?.number;
    api.me.watch(() => {
      const now = citizenship.citizen?.number;
      if (now !== was) this.pages.go(null);
      was = now;
    });
  }

  private home(): SheetPage {
    const { citizenship, invitation, tell } = this.setting;
    if (citizenship.citizen === null) return this.door.home();
    if (citizenship.codes.get() !== null) return codesPage(citizenship, this.pages, tell);
    const token = invitation.get();
    if (token !== null) return this.organisations.invitation(token, () => invitation.set(null));
    return { build: (body) => this.build(body) };
  }

  private build(body: HTMLElement): () => void {
    const { citizenship, tell } = this.setting;
    const { pages } = this;
    const problem = problemLine();
    const card = el("div", { class: "id-card" });
    const out = button({
      class: "second",
      icon: "door",
      caption: "citizen.out",
      onclick: () => void attempt(out, problem.say, () => citizenship.signOut()),
    });
    const erase = button({
      class: "plain erase",
      caption: "erase.title",
      onclick: () => pages.go(erasePage(citizenship, pages, tell)),
    });
    body.append(
      card,
      el(
        "ul",
        { class: "movements" },
        this.link("wallet", "wallet.title", this.setting.openWallet),
        this.link("pencil", "profile.title", () => pages.go(profilePage(citizenship, pages, tell))),
        this.link("key", "keys.title", () => pages.go(this.keys.page())),
        this.link("people", "organisations.title", () => pages.go(this.organisations.page())),
        this.link("shield", "mine.title", this.setting.openSanctions),
        isOfficial(this.setting.api.me.get())
          ? this.link("hall", "admin.open", this.setting.openAdmin)
          : null,
      ),
      problem.element,
      out,
      erase,
    );
    return this.setting.api.me.follow(() => this.fillCard(card));
  }

  private fillCard(card: HTMLElement): void {
    const me = this.setting.api.me.get();
    if (!me?.citizen) return;
    const { name, colour, wallet_number: number, joined_at: joined } = me.citizen;
    const figure = doll();
    figure.wear(colour);
    const roles = [...new Set(me.roles.map(({ role }) => role))].map((role) => ROLES[role]).filter(Boolean);
    const since = new Intl.DateTimeFormat(language.get(), { dateStyle: "long" }).format(
      new Date(joined * 1000),
    );
    card.replaceChildren(
      figure.element,
      el(
        "div",
        {},
        el("small", { text: "citizen.card" }),
        el("b", {}, name),
        el("small", {}, text("citizen.since", { date: since })),
        el("small", {}, text("citizen.number", { number })),
        el("p", { class: "roles" }, ...roles.map((role) => el("span", { text: role }))),
      ),
    );
  }

  private link(symbol: IconName, caption: Key, act: () => void): HTMLElement {
    return el(
      "li",
      {},
      el(
        "button",
        { attributes: { type: "button" }, onclick: act },
        icon(symbol),
        el("span", { class: "who" }, el("b", { text: caption })),
        icon("onward"),
      ),
    );
  }
}
