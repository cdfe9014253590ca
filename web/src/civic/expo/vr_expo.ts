/** The expo in a headset: open booths, what each says, who is there, leaving a contact and taking it back. */

import type { Api, Schemas } from "../../api/client";
import type { City } from "../../city";
import type { Bilingual, VrLine } from "../../render/api";
import { both } from "../hall/pins";
import { asWritten, dayOf, HeadsetPages, joined, NOTHING, nothing, type Shown } from "../vr_pages";
import { type Booth, type Expo, ownerOf, summaryOf, titleOf } from "./expo";
import { type Given, Grants } from "./grants";
import { slotBefore } from "./place";
import { staffPresent } from "./staff";

type Contact = Schemas["ContactFields"];

export interface VrExpoDesk {
  readonly city: City;
  readonly api: Api;
  readonly expo: Expo;
}

export class HeadsetExpo extends HeadsetPages {
  /** What I left at booths; null while that is not known. */
  private given: readonly Given[] | null = null;

  constructor(
    private readonly desk: VrExpoDesk,
    private readonly grants: Pick<Grants, "all" | "leave" | "withdraw"> = new Grants(desk.api),
  ) {
    super();
  }

  /** Begin where I stand: with the booth before me, or with all that are open. */
  open(): void {
    const { city, expo } = this.desk;
    const slots = expo.halls.get().flatMap(({ slots }) => slots);
    const open = slots.filter(({ id }) => expo.booth(id)?.state === "open");
    const before = slotBefore(open, city.pose().position, null);
    this.start(before?.id ?? null);
  }

  openAt(id: string): void {
    this.start(id);
  }

  protected first(): Shown {
    const { expo } = this.desk;
    const open = expo.booths.get().filter(({ state }) => state === "open");
    const lines = open.map((booth): VrLine => {
      const detail = [asWritten(booth.number), ownerOf(booth), this.isLive(booth) ? both("expo.live") : null];
      return { id: booth.id, title: titleOf(booth) ?? NOTHING, detail: joined(detail, " · "), on: null };
    });
    const said = expo.problem.get()?.said ?? both(lines.length === 0 ? "expo.none_open" : "expo.open_booths");
    return this.shown({ title: both("expo.title"), lines, said }, (id) => this.go(() => this.booth(id)));
  }

  private start(id: string | null): void {
    this.desk.expo.refresh();
    this.given = null;
    const list = () => this.first();
    if (id === null) this.begin(list);
    else this.begin(list, () => this.booth(id));
    // The booth stands there meanwhile; what can be done follows when it is known what was left.
    this.grants.all().then(
      (found) => {
        this.given = found;
      },
      (error: unknown) => console.info("what I left at booths is not fetched", error),
    );
  }

  private isLive({ id }: Booth): boolean {
    return this.desk.expo.live.get().has(id);
  }

  private booth(id: string): Shown {
    const booth = this.desk.expo.booth(id);
    if (booth === undefined) return this.shown({ title: both("expo.booth"), said: both("hall.loading") });
    const title = both("expo.slot_named", { number: asWritten(booth.number) });
    if (booth.state === "free") {
      const said = joined([both("expo.free_lead"), both("vr.booth_free")]);
      return this.shown({ title, lead: both("expo.free"), said });
    }
    const lead = titleOf(booth) ?? ownerOf(booth);
    if (booth.state !== "open") return this.shown({ title, lead, said: both("expo.not_open_yet") });
    const way = this.contactWay(booth);
    const said = joined([
      joined([ownerOf(booth), both(this.isLive(booth) ? "screen.is_live" : "vr.not_live")], " · "),
      summaryOf(booth),
      this.staff(booth),
      way.said,
      { ko: booth.description_ko ?? "", en: booth.description_en ?? "" },
    ]);
    return this.shown({ title, lead, said, act: way.act }, nothing, () => way.go());
  }

  private staff(booth: Booth): Bilingual {
    const { city, expo } = this.desk;
    const slot = expo.slot(booth.id);
    const present = slot === undefined ? [] : staffPresent(city, booth, slot);
    if (present.length === 0) {
      return both(booth.staff.includes(city.id.get()) ? "expo.staff_me" : "vr.staff_away");
    }
    const people = present.map(({ name, where }): Bilingual => {
      const metres = where === null || where === "in" ? null : asWritten(`${Math.round(where)} m`);
      const place = where === "in" ? both("expo.staff_in") : (metres ?? both("people.away"));
      return { ko: `${name}(${place.ko})`, en: `${name} (${place.en})` };
    });
    return joined([both("expo.staff"), joined(people, ", ")], ": ");
  }

  /** What can be done about a contact here, and in what words. */
  private contactWay(booth: Booth): { said: Bilingual | null; act: Bilingual | null; go: () => void } {
    const { given } = this;
    if (given === null) return { said: null, act: null, go: nothing };
    const left = given.find((one) => one.booth === booth.id && !one.withdrawn);
    if (left !== undefined) {
      const said = both("vr.contact_left", { until: dayOf(left.expires_at) });
      return {
        said,
        act: both("vr.contact_withdraw"),
        go: () => this.go(() => this.withdrawing(booth, left)),
      };
    }
    if (!this.desk.api.me.get()?.citizen) return { said: both("vr.contact_visitor"), act: null, go: nothing };
    const contact = lastContact(given);
    if (contact === null) return { said: both("vr.contact_first"), act: null, go: nothing };
    return {
      said: null,
      act: both("vr.contact_leave"),
      go: () => this.go(() => this.leaving(booth, contact)),
    };
  }

  /** What would be left, who would see it: consent is a press of its own. */
  private leaving(booth: Booth, contact: Contact): Shown {
    const organisation = ownerOf(booth) ?? NOTHING;
    const fields = [contact.name, contact.email, contact.phone].map(asWritten);
    const said = joined([
      both("vr.contact_same"),
      both("contact.consent", { organisation }),
      both("contact.who_sees", { organisation }),
      both("contact.take_back"),
    ]);
    const view = {
      title: both("contact.leave"),
      lead: joined(fields, " · "),
      said,
      act: both("vr.contact_agree"),
      binding: true,
    };
    return this.shown(view, nothing, () => {
      const made = this.grants.leave(booth, contact);
      this.ask(this.known(made), () => this.back());
    });
  }

  private withdrawing(booth: Booth, left: Given): Shown {
    const organisation = ownerOf(booth) ?? left.organisation;
    const said = both("contact.withdraw_sure", { organisation });
    const view = { title: both("contact.withdraw"), lead: organisation, said, act: both("contact.withdraw") };
    return this.shown(view, nothing, () => {
      const gone = this.grants.withdraw(left);
      this.ask(this.known(gone), () => this.back());
    });
  }

  /** Once it is done, what the server knows counts. */
  private async known(done: Promise<unknown>): Promise<void> {
    await done;
    this.given = await this.grants.all();
  }
}

/** A keyboard is not at hand: what can be left is what I left last, without the words that went with it. */
export function lastContact(given: readonly Given[]): Contact | null {
  const kept = given.filter(({ contact, withdrawn }) => contact !== null && !withdrawn);
  const [last] = [...kept].sort((a, b) => b.left_at - a.left_at);
  return last?.contact == null ? null : { ...last.contact, message: "" };
}
