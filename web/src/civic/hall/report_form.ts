/** Reporting something: what kind, what is wrong, a photo, and where. */

import { uuid7 } from "../../api/uuid";
import { chosen, text } from "../../i18n";
import { button, el, setText } from "../../ui/dom";
import { attempt, field, form, type ProblemLine, problemLine, submitButton, wordsOf } from "../../ui/form";
import type { SheetPage } from "../../ui/pages";
import { type Desk, myNumber, standing } from "./desk";
import type { Service } from "./names";
import { type Area, area, ask, signInFirst } from "./parts";
import { PhotoField } from "./photo_field";
import { type ChosenPlace, type PlaceField, placeField, placeOf, placeText } from "./place_field";
import type { Report } from "./report_words";

const LONGEST = 4000;
const DRAFT = "report";

interface Typed {
  service: string;
  description: string;
  address: string;
  contact: string;
  place: string;
}

/** The photo that was chosen last; a file cannot be kept across a reload, but it outlives the sheet. */
let chosenPhoto: File | null = null;

/** @param start The place to begin with; without it where I stand. */
export function reportForm(desk: Desk, start: ChosenPlace | null = null): SheetPage {
  const page: SheetPage = {
    title: "report.write",
    back: () => desk.home("reports"),
    build: (body) => {
      return new Writing(desk, page, start).build(body);
    },
  };
  return page;
}

class Writing {
  private readonly typed: Typed;
  /** Of this very report: sent twice, it is taken up once. */
  private key = uuid7();
  private readonly problem = problemLine();

  constructor(
    private readonly desk: Desk,
    private readonly page: SheetPage,
    private readonly start: ChosenPlace | null,
  ) {
    const kept = desk.drafts.get(DRAFT);
    this.typed = {
      service: kept.service ?? "",
      description: kept.description ?? "",
      address: kept.address ?? "",
      contact: kept.contact ?? "",
      place: kept.place ?? "",
    };
  }

  build(body: HTMLElement): () => void {
    const { desk, typed } = this;
    const [words, place] = [this.textArea(), this.placeChoice()];
    const wrong = problemLine("report-service-problem");
    const photo = new PhotoField(chosenPhoto, (file) => {
      chosenPhoto = file;
      this.key = uuid7();
    });
    const send = submitButton("report.send");
    const act = () => {
      if (typed.service === "") return wrong.say(text("report.no_service"));
      const said = words.needed();
      if (said === null) return undefined;
      if (myNumber(desk) === null) return desk.signIn(this.page);
      const point = place.value().point ?? standing(desk);
      void attempt(send, this.problem.say, () => this.send(said, point[0], point[1]));
      return undefined;
    };
    body.append(
      signInFirst(desk),
      form(
        act,
        this.services(wrong),
        words.element,
        photo.element,
        place.element,
        this.line("address", "report.address", "report.address_hint"),
        this.line("contact", "report.contact", "report.contact_hint"),
        el("p", { class: "soft", text: "report.public" }),
        this.problem.element,
        send,
        button({ class: "plain", caption: "hall.discard", onclick: () => void this.discard() }),
      ),
    );
    return () => photo.stop();
  }

  private services(wrong: ProblemLine): HTMLElement {
    const cards = el("div", { class: "service-cards" });
    void this.fillCards(cards, wrong.say);
    const legend = el("legend", {}, el("b", { text: "report.service" }));
    return el("fieldset", { class: "services" }, legend, cards, wrong.element);
  }

  private textArea(): Area {
    return area({
      id: "report-description",
      label: "report.description",
      hint: "report.description_hint",
      value: this.typed.description,
      most: LONGEST,
      rows: 5,
      typed: (description) => this.keep({ description }),
    });
  }

  private placeChoice(): PlaceField {
    const here: ChosenPlace = { kind: "here", point: standing(this.desk) };
    return placeField(this.desk, {
      id: "report-place",
      kinds: ["here", "map"],
      start: this.start ?? placeOf(this.typed.place) ?? here,
      changed: (at) => this.keep({ place: placeText(at) }),
    });
  }

  private line(
    id: "address" | "contact",
    label: "report.address" | "report.contact",
    hint: "report.address_hint" | "report.contact_hint",
  ): HTMLElement {
    const made = field({
      id: `report-${id}`,
      label,
      hint,
      value: this.typed[id],
      attributes: { maxlength: "200" },
    });
    made.input.addEventListener("input", () => this.keep({ [id]: made.input.value }));
    return made.element;
  }

  private async fillCards(place: HTMLElement, say: (message: string) => void): Promise<void> {
    const services = await this.desk.names.services().catch((error: unknown): readonly Service[] => {
      say(wordsOf(error));
      return [];
    });
    const said = el("small", { class: "soft service-said", attributes: { "aria-live": "polite" } });
    const tell = () => {
      const about = services.find(({ code }) => code === this.typed.service)?.about;
      setText(said, about === undefined ? "" : chosen(about));
    };
    const cards = services.map(({ code, name }) => {
      const input = el("input", { attributes: { type: "radio", name: "report-service", value: code } });
      input.checked = code === this.typed.service;
      input.addEventListener("change", () => {
        say("");
        this.keep({ service: code });
        tell();
      });
      return el("label", { class: "service-card" }, input, el("span", {}, chosen(name)));
    });
    tell();
    place.replaceChildren(...cards, said);
  }

  private keep(change: Partial<Typed>): void {
    Object.assign(this.typed, change);
    this.key = uuid7();
    const { description, address, contact } = this.typed;
    const isWritten = [description, address, contact].some((one) => one.trim() !== "");
    if (isWritten) this.desk.drafts.put(DRAFT, { ...this.typed });
    else this.desk.drafts.drop(DRAFT);
  }

  private async send(description: string, x: number, z: number): Promise<void> {
    const { desk, typed } = this;
    const parts = new FormData();
    const fields = { service: typed.service, description, x: x.toFixed(2), z: z.toFixed(2) };
    for (const [name, value] of Object.entries(fields)) parts.set(name, value);
    if (typed.address.trim() !== "") parts.set("address", typed.address.trim());
    const contact = typed.contact.trim();
    if (contact !== "") parts.set(contact.includes("@") ? "contact_email" : "contact_phone", contact);
    if (chosenPhoto !== null) parts.set("photo", chosenPhoto);
    const made: Report = await desk.api.take(
      desk.api.http.POST("/api/v1/reports", {
        params: { header: { "Idempotency-Key": this.key } },
        // A form with a photo: the description knows the fields, the serialiser passes the form on.
        body: parts as never,
        bodySerializer: (form: unknown) => form as FormData,
      }),
    );
    desk.drafts.drop(DRAFT);
    chosenPhoto = null;
    desk.tell(text("report.sent"));
    desk.pages.go(desk.report(made.id));
  }

  private async discard(): Promise<void> {
    const { description, address, contact } = this.typed;
    const isWritten =
      [description, address, contact].some((one) => one.trim() !== "") || chosenPhoto !== null;
    if (isWritten && !(await ask("hall.discard_sure", "hall.discard"))) return;
    this.desk.drafts.drop(DRAFT);
    chosenPhoto = null;
    this.page.back?.();
  }
}
