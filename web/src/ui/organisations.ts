/** My organisations: founding one, its members, and taking an invitation. */

import type { Api, Schemas } from "../api/client";
import { type Key, language, text } from "../i18n";
import { button, el } from "./dom";
import { attempt, field, form, problemLine, submitButton, wordsOf } from "./form";
import { icon } from "./icons";
import { Invitations, rankOf } from "./invitations";
import type { Pages, SheetPage } from "./pages";

export interface OrganisationSetting {
  readonly api: Api;
  tell(message: string): void;
}

type Mine = Schemas["MyOrganisation"];
type Say = (message: string) => void;

function titleOf(one: Pick<Mine, "name_ko" | "name_en">): string {
  return language.get() === "ko" ? one.name_ko : one.name_en;
}

export class Organisations {
  constructor(
    private readonly setting: OrganisationSetting,
    private readonly pages: Pages,
  ) {}

  /** All that I belong to. */
  page(): SheetPage {
    return {
      title: "organisations.title",
      back: () => this.pages.go(null),
      build: (body) => {
        const mine = this.setting.api.me.get()?.organisations ?? [];
        const rows = mine.map((one) =>
          el(
            "li",
            {},
            el(
              "button",
              { attributes: { type: "button" }, onclick: () => this.pages.go(this.one(one)) },
              icon("people"),
              el("span", { class: "who" }, el("b", {}, titleOf(one)), el("small", {}, rankOf(one.rank))),
              icon("onward"),
            ),
          ),
        );
        body.append(
          el("p", { class: "soft", text: mine.length === 0 ? "organisations.none" : "organisations.lead" }),
          el("ul", { class: "movements" }, ...rows),
          button({
            class: "second",
            icon: "plus",
            caption: "organisations.found",
            onclick: () => this.pages.go(this.founding()),
          }),
        );
        return undefined;
      },
    };
  }

  /** Somebody followed an invitation link: a clear yes or no. */
  invitation(token: string, over: () => void): SheetPage {
    const { api, tell } = this.setting;
    return {
      title: "invitation.title",
      build: (body) => {
        const problem = problemLine();
        const yes = button({
          class: "enter compact",
          caption: "invitation.yes",
          onclick: () =>
            void attempt(yes, problem.say, async () => {
              const found = await api.take(api.http.POST("/api/v1/invitations/accept", { body: { token } }));
              await api.refresh();
              tell(text("invitation.done", { name: titleOf(found) }));
              over();
              this.pages.go(this.page());
            }),
        });
        yes.dataset.first = "";
        const no = () => {
          over();
          this.pages.go(null);
        };
        body.append(
          el("p", { text: "invitation.ask" }),
          problem.element,
          yes,
          button({ class: "second", caption: "invitation.no", onclick: no }),
        );
        return undefined;
      },
    };
  }

  private founding(): SheetPage {
    const names = { name_ko: "", name_en: "" };
    return {
      title: "organisations.found",
      back: () => this.pages.go(this.page()),
      build: (body) => {
        const attributes = { maxlength: "120" };
        const ko = field({
          id: "organisation-ko",
          label: "organisations.name_ko",
          value: names.name_ko,
          attributes,
          first: true,
        });
        const en = field({
          id: "organisation-en",
          label: "organisations.name_en",
          value: names.name_en,
          attributes,
        });
        const problem = problemLine();
        const submit = submitButton("organisations.found");
        const take = () => {
          names.name_ko = ko.input.value.trim();
          names.name_en = en.input.value.trim();
        };
        for (const { input } of [ko, en]) input.addEventListener("input", take);
        const act = () => {
          for (const one of [ko, en]) if (one.input.value.trim() === "") return one.say(text("name.empty"));
          void attempt(submit, problem.say, () => this.found(names));
        };
        body.append(form(act, ko.element, en.element, problem.element, submit));
        return undefined;
      },
    };
  }

  private async found(names: Schemas["OrganisationIn"]): Promise<void> {
    const { api } = this.setting;
    await api.take(api.http.POST("/api/v1/organisations", { body: names }));
    await api.refresh();
    this.pages.go(this.page());
  }

  private one(mine: Mine): SheetPage {
    return {
      title: "organisations.one",
      back: () => this.pages.go(this.page()),
      build: (body) => {
        const problem = problemLine();
        const members = el("ul", { class: "things" });
        body.append(
          el("p", { class: "whom" }, el("b", {}, titleOf(mine)), el("small", {}, rankOf(mine.rank))),
          problem.element,
          el("h4", { text: "organisations.members" }),
          members,
        );
        if (mine.rank === "owner") {
          body.append(...new Invitations(this.setting, mine.id, problem.say).build());
        }
        void this.fill(mine, members, problem.say);
        return undefined;
      },
    };
  }

  private async fill(mine: Mine, members: HTMLElement, say: Say): Promise<void> {
    const { api } = this.setting;
    const params = { path: { number: mine.id } };
    const again = () => this.fill(mine, members, say);
    try {
      const people = await api.take(api.http.GET("/api/v1/organisations/{number}/members", { params }));
      members.replaceChildren(...people.map((one) => this.member(mine, one, say, again)));
    } catch (error) {
      say(wordsOf(error));
    }
  }

  private member(
    mine: Mine,
    member: Schemas["MemberOut"],
    say: Say,
    again: () => Promise<void>,
  ): HTMLElement {
    const { api } = this.setting;
    const isMe = member.citizen === api.me.get()?.citizen?.number;
    const path = { number: mine.id, citizen: member.citizen };
    const caption: Key = isMe ? "organisations.leave" : "organisations.remove";
    const name = member.name ?? text("receipt.erased");
    const end = button({
      class: "small",
      caption,
      attributes: { "aria-label": `${text(caption)}: ${name}` },
      onclick: () =>
        void attempt(end, say, async () => {
          const { http } = api;
          await api.take(
            http.DELETE("/api/v1/organisations/{number}/members/{citizen}", { params: { path } }),
          );
          await api.refresh();
          if (isMe) this.pages.go(this.page());
          else await again();
        }),
    });
    const detail = isMe ? `${rankOf(member.rank)} · ${text("people.me")}` : rankOf(member.rank);
    return el(
      "li",
      {},
      el("div", {}, el("b", {}, name), el("small", {}, detail)),
      isMe || mine.rank === "owner" ? end : null,
    );
  }
}
