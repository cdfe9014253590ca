/** The citizen's side of the page, put together: who I am, my wallet, whom I meet, and their sheets. */

import { Api } from "../api/client";
import type { City } from "../city";
import { Citizenship } from "../civic/citizenship";
import { followPresence } from "../civic/presence";
import { Purse } from "../civic/purse";
import { HeadsetPurse } from "../civic/vr_purse";
import { language, text } from "../i18n";
import type { Memory } from "../settings";
import { Value } from "../value";
import { personBefore } from "../world/nearest";
import { Taps } from "../world/taps";
import { CitizenSheet } from "./citizen_sheet";
import { button, el, setText } from "./dom";
import { icon } from "./icons";
import { PersonSheet } from "./person_sheet";
import { Received } from "./received";
import type { SheetContent, SheetName, Sheets } from "./sheet";
import type { Toasts } from "./toasts";
import { WalletSheet } from "./wallet_sheet";

const INVITATION_KEY = "meta-gwangju.invitation";

export class CivicSide {
  readonly api = new Api();
  readonly citizenship = new Citizenship(this.api);
  readonly purse: Purse;
  readonly vrPurse: HeadsetPurse;
  readonly contents: Readonly<Record<Extract<SheetName, "citizen" | "wallet" | "person">, SheetContent>>;
  readonly received: Received;
  private readonly invitation: Value<string | null>;
  private readonly person: PersonSheet;
  private sheets: Sheets | null = null;
  private taps: Taps | null = null;
  private wasCitizen: number | null = null;

  constructor(
    private readonly city: City,
    private readonly toasts: Toasts,
    invitation: string | null,
    memory: Memory & { removeItem(key: string): void },
  ) {
    const { api, citizenship } = this;
    this.purse = new Purse(api, city.topics);
    this.vrPurse = new HeadsetPurse(city, citizenship, this.purse);
    this.invitation = keptInvitation(invitation, memory);
    const tell = (message: string) => toasts.show(message);
    const setting = {
      api,
      city,
      citizenship,
      purse: this.purse,
      invitation: this.invitation,
      tell,
      me: () => ({ name: citizenship.citizen?.name ?? "", wallet: citizenship.citizen?.wallet_number ?? "" }),
      suggested: () => ({ name: city.settings.name.get(), colour: city.settings.colour.get() }),
      signIn: () => this.sheets?.show("citizen"),
      openWallet: () => this.sheets?.show("wallet"),
      openAdmin: () => this.sheets?.show("admin"),
      openSanctions: () => this.sheets?.show("sanctions"),
      wave: () => void city.wave(),
      close: () => this.sheets?.close(),
    };
    this.received = new Received(setting.me, (message) => toasts.say(message));
    this.person = new PersonSheet(setting);
    this.contents = {
      citizen: new CitizenSheet(setting).content,
      wallet: new WalletSheet(setting).content,
      person: this.person.content,
    };
  }

  /** Begin: ask who I am, and follow it. */
  open(sheets: Sheets, canvas: HTMLElement): void {
    const { api, city } = this;
    this.sheets = sheets;
    this.taps = new Taps(
      canvas,
      (x, y) => this.personAt(x, y) !== null,
      (x, y) => {
        const id = this.personAt(x, y);
        if (id !== null) this.meet(id);
      },
    );
    this.purse.onReceived = (movement) => this.vrPurse.tell(this.received.show(movement));
    followPresence(city, api);
    api.me.watch(() => this.follow());
    // What I may do may have changed, or my session ended, while nobody could tell.
    city.topics.watch("rights", () => this.citizenship.look());
    this.citizenship.look();
    addEventListener("keydown", (event) => {
      // In the city the shortcuts do this.
      const isFree = !city.inside.get() && document.querySelector("dialog[open]") === null;
      if (event.key === "Escape" && isFree) sheets.close();
    });
    if (this.invitation.get() !== null) sheets.show("citizen");
  }

  /** Whether a press would mean somebody. */
  get isOverSomebody(): boolean {
    return this.taps?.isOver ?? false;
  }

  /** Open the card of somebody in the city. */
  meet(id: number): void {
    if (this.person.meet(id)) this.sheets?.show("person");
  }

  /** Open the card of whoever stands before me. */
  meetAhead(): void {
    const { people, self } = this.city;
    const id = personBefore(people.shown(performance.now() / 1000), self.position, self.yaw);
    if (id === null) this.toasts.show(text("person.nobody"));
    else this.meet(id);
  }

  /** On the landing card: the way in for citizens, and the name of one who is in. */
  doorButton(): HTMLElement {
    const words = el("span");
    const show = () => {
      const { citizen } = this.citizenship;
      setText(words, citizen ? text("citizen.enter_as", { name: citizen.name }) : text("citizen.enter"));
    };
    const open = () => this.sheets?.show("citizen");
    const one = el(
      "button",
      {
        class: "second as-citizen",
        attributes: { type: "button", "aria-haspopup": "dialog" },
        onclick: open,
      },
      icon("citizen"),
      words,
    );
    this.api.me.follow(show);
    language.watch(show);
    return one;
  }

  /** What phones find in their menu. */
  quick(): HTMLElement[] {
    const open = (name: SheetName) => () => this.sheets?.show(name);
    return [
      button({ icon: "wallet", caption: "wallet.title", onclick: open("wallet") }),
      button({ icon: "citizen", caption: "citizen.title", onclick: open("citizen") }),
    ];
  }

  private personAt(x: number, y: number): number | null {
    const { inside, sky, view } = this.city;
    return inside.get() && !sky.get() ? (view.get()?.personAt(x, y) ?? null) : null;
  }

  /** A citizen walks in the city under the name and in the coat that the register knows. */
  private follow(): void {
    const { citizen } = this.citizenship;
    const { settings, inside } = this.city;
    const was = this.wasCitizen;
    this.wasCitizen = citizen?.number ?? null;
    if (citizen === null) {
      if (was === null) return;
      this.received.hide();
      this.toasts.show(text(this.citizenship.hasLeft ? "citizen.is_out" : "citizen.ended"));
      return;
    }
    this.citizenship.hasLeft = false;
    settings.name.set(citizen.name);
    settings.colour.set(citizen.colour);
    if (was !== citizen.number && (was !== null || inside.get() || this.sheets?.open.get() === "citizen")) {
      this.toasts.show(text("citizen.welcome", { name: citizen.name }));
    }
  }
}

/** Followed links are remembered for the visit, and leave the address bar: whoever copies that invites nobody. */
function keptInvitation(
  fresh: string | null,
  memory: Memory & { removeItem(key: string): void },
): Value<string | null> {
  const value = new Value(fresh ?? memory.getItem(INVITATION_KEY));
  value.follow((token) => {
    if (token === null) memory.removeItem(INVITATION_KEY);
    else memory.setItem(INVITATION_KEY, token);
  });
  if (fresh !== null) {
    const url = new URL(location.href);
    url.searchParams.delete("invitation");
    history.replaceState(history.state, "", url);
  }
  return value;
}
