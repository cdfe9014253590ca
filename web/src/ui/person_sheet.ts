/** The card of somebody met in the city: who they are, how far away, waving, and paying them. */

import type { Api } from "../api/client";
import type { City } from "../city";
import { actAbout } from "../civic/admin/admin_side";
import type { Citizenship } from "../civic/citizenship";
import type { Payee } from "../civic/purse";
import { distance, text } from "../i18n";
import { groundDistance } from "../world/body";
import type { Person } from "../world/people";
import { doll } from "./coat";
import { button, el, setText } from "./dom";
import { wordsOf } from "./form";
import { Pages, type SheetPage } from "./pages";
import { Payment, type PaymentSetting } from "./payment";
import type { SheetContent } from "./sheet";

export interface PersonSetting extends PaymentSetting {
  readonly api: Api;
  readonly city: City;
  readonly citizenship: Citizenship;
  wave(): void;
  signIn(): void;
  close(): void;
}

const REFRESH = 500;

export class PersonSheet {
  readonly content: SheetContent;
  private readonly pages = new Pages(() => this.home());
  private person: Person | null = null;
  private payee: Payee | string | null = null;

  constructor(private readonly setting: PersonSetting) {
    this.content = { ...this.pages.content("person.title"), small: true };
  }

  /** Whose card is shown next. Returns false when they are not there any more. */
  meet(id: number): boolean {
    const found = this.setting.city.people.everyone().find((one) => one.id === id);
    if (found === undefined) return false;
    this.person = found;
    this.payee = null;
    this.pages.go(null);
    return true;
  }

  private home(): SheetPage {
    return { build: (body) => (this.person === null ? undefined : this.buildHome(body, this.person)) };
  }

  private buildHome(body: HTMLElement, person: Person): () => void {
    const { setting } = this;
    const figure = doll();
    figure.wear(person.colour);
    const where = el("small");
    const standing = el("small", { class: "standing", attributes: { "aria-live": "polite" } });
    const pay = button({
      class: "enter compact",
      icon: "wallet",
      caption: "person.pay",
      onclick: () => this.pay(),
    });
    const wave = button({ class: "second", icon: "wave", caption: "person.wave", onclick: setting.wave });
    (setting.citizenship.citizen === null ? wave : pay).dataset.first = "";
    const show = () => {
      setText(where, this.whereabouts(person));
      const known = this.payee;
      pay.hidden = typeof known === "string" && setting.citizenship.citizen !== null;
      setText(
        standing,
        known === null ? "" : typeof known === "string" ? known : this.asCitizen(known, person),
      );
    };
    body.append(
      el("div", { class: "met" }, figure.element, el("div", {}, el("b", {}, person.name), where, standing)),
      pay,
      wave,
    );
    const sanction = actAbout(setting, this.pages, person);
    if (sanction !== null) {
      body.append(
        button({ class: "second danger", icon: "shield", caption: "sanction.page", onclick: sanction }),
      );
    }
    show();
    const refresh = setInterval(show, REFRESH);
    if (this.payee === null) void this.ask(person, show);
    return () => clearInterval(refresh);
  }

  private whereabouts(person: Person): string {
    const { city } = this.setting;
    const shown = city.people.shown(performance.now() / 1000).find((one) => one.person.id === person.id);
    if (shown !== undefined) {
      return text("person.away", {
        distance: distance(groundDistance(shown.state.position, city.self.position)),
      });
    }
    const isThere = city.people.everyone().some(({ id }) => id === person.id);
    return text(isThere ? "people.away" : "person.gone");
  }

  /** In the city people are called as they like: whoever pays is told the name that is registered. */
  private asCitizen(payee: Payee, person: Person): string {
    if (payee.name === person.name) return text("person.citizen");
    return text("person.citizen_called", { name: payee.name });
  }

  private async ask(person: Person, show: () => void): Promise<void> {
    if (this.setting.citizenship.citizen === null) return;
    const found = await this.setting.purse.payee({ person: person.id }).catch(wordsOf);
    if (this.person !== person) return;
    this.payee = found;
    show();
  }

  private pay(): void {
    const { setting, person } = this;
    if (setting.citizenship.citizen === null) {
      setting.signIn();
      return;
    }
    if (person === null) return;
    if (this.payee === null) {
      void this.ask(person, () => typeof this.payee === "object" && this.pay());
      return;
    }
    if (typeof this.payee === "string") return;
    new Payment(setting, this.payee, this.pages, () => this.pages.go(null), setting.close).begin();
  }
}
