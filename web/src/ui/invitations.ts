/** Inviting to an organisation: fresh links, and those that wait. */

import type { Api, Schemas } from "../api/client";
import { momentOf } from "../civic/money";
import { type Key, text } from "../i18n";
import { button, el } from "./dom";
import { attempt, wordsOf } from "./form";
import { copyButton } from "./keep";
import { choices } from "./tabs";

export interface InvitingSetting {
  readonly api: Api;
  tell(message: string): void;
}

type Rank = "owner" | "staff";
type Say = (message: string) => void;

const RANKS: Readonly<Record<string, Key>> = { owner: "rank.owner", staff: "rank.staff" };

export function rankOf(rank: string): string {
  return text(RANKS[rank] ?? "rank.staff");
}

export class Invitations {
  private readonly list = el("ul", { class: "things" });
  /** The newest link: shown this once. */
  private readonly fresh = el("div", { class: "lines" });
  private rank: Rank = "staff";

  /** @param organisation Its number. */
  constructor(
    private readonly setting: InvitingSetting,
    private readonly organisation: number,
    private readonly say: Say,
  ) {}

  build(): HTMLElement[] {
    const ranks = choices<Rank>(
      "invitation.rank",
      [
        { value: "staff", title: "rank.staff" },
        { value: "owner", title: "rank.owner" },
      ],
      this.rank,
      (value) => {
        this.rank = value;
      },
    );
    const make = button({
      class: "second",
      icon: "link",
      caption: "invitation.make",
      onclick: () => void attempt(make, this.say, () => this.make()),
    });
    void this.fill();
    return [
      el("h4", { text: "invitation.made" }),
      this.list,
      el("div", { class: "setting" }, el("b", { text: "invitation.rank" }), ranks),
      make,
      this.fresh,
    ];
  }

  private async make(): Promise<void> {
    const { api, tell } = this.setting;
    const params = { path: { number: this.organisation } };
    const body = { rank: this.rank };
    const asked = api.http.POST("/api/v1/organisations/{number}/invitations", { params, body });
    const made = await api.take(asked);
    const link = new URL(`/?invitation=${made.token}`, location.href).href;
    const copy = copyButton(() => link, "people.copied", tell);
    this.fresh.replaceChildren(
      el("p", { class: "link-once" }, link),
      el("p", { class: "soft" }, text("invitation.until", { when: momentOf(made.expires_at) })),
      el("div", { class: "keeping" }, copy),
    );
    await this.fill();
  }

  private async fill(): Promise<void> {
    const { api } = this.setting;
    const params = { path: { number: this.organisation } };
    try {
      const sent = await api.take(api.http.GET("/api/v1/organisations/{number}/invitations", { params }));
      const open = sent.filter(({ used, expires_at: until }) => !used && until > Date.now() / 1000);
      const none = el("li", {}, el("small", { text: "invitation.none" }));
      this.list.replaceChildren(...(open.length === 0 ? [none] : open.map((one) => this.row(one))));
    } catch (error) {
      this.say(wordsOf(error));
    }
  }

  private row({ id, rank, expires_at: expires }: Schemas["InvitationLine"]): HTMLElement {
    const { api } = this.setting;
    const path = { number: this.organisation, invitation: id };
    const act = async () => {
      const { http } = api;
      await api.take(
        http.DELETE("/api/v1/organisations/{number}/invitations/{invitation}", { params: { path } }),
      );
      await this.fill();
    };
    const withdraw = button({
      class: "small",
      caption: "invitation.withdraw",
      onclick: () => void attempt(withdraw, this.say, act),
    });
    const until = text("invitation.until", { when: momentOf(expires) });
    return el("li", {}, el("div", {}, el("b", {}, rankOf(rank)), el("small", {}, until)), withdraw);
  }
}
