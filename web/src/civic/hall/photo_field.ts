/** A photo from the camera or a file, shown before it is sent. */

import { text } from "../../i18n";
import { button, el, setText } from "../../ui/dom";
import { problemLine } from "../../ui/form";

/** As the server takes them. */
const KINDS = ["image/jpeg", "image/png", "image/webp"];
const LARGEST = 10_000_000;

export class PhotoField {
  readonly element: HTMLElement;
  private readonly preview = el("img", { class: "photo", hidden: true });
  private readonly name = el("small");
  private readonly problem = problemLine("report-photo-problem");
  private readonly remove = button({
    class: "small",
    caption: "report.photo_remove",
    onclick: () => this.take(null),
  });
  /** The address that the preview is shown from. */
  private shown = "";

  /** @param changed Told what is chosen now; null: nothing. */
  constructor(
    start: File | null,
    private readonly changed: (photo: File | null) => void,
  ) {
    this.preview.alt = text("report.photo_preview");
    const [camera, file] = [this.input(true), this.input(false)];
    file.id = "report-photo-file";
    this.element = el(
      "div",
      { class: "photo-field line-field" },
      el("b", { text: "report.photo" }),
      el("small", { class: "soft", text: "report.photo_hint" }),
      this.preview,
      this.buttons(camera, file),
      this.name,
      this.problem.element,
      camera,
      file,
    );
    this.show(start);
  }

  /** The field is gone: the browser may forget the picture. */
  stop(): void {
    if (this.shown !== "") URL.revokeObjectURL(this.shown);
  }

  private buttons(camera: HTMLInputElement, file: HTMLInputElement): HTMLElement {
    // A desk has no camera that a file field would open.
    const hasCamera = matchMedia("(pointer: coarse)").matches;
    const press = (one: HTMLInputElement) => () => one.click();
    return el(
      "div",
      { class: "acts" },
      hasCamera &&
        button({ class: "small", icon: "camera", caption: "report.photo_take", onclick: press(camera) }),
      button({ class: "small", icon: "image", caption: "report.photo_file", onclick: press(file) }),
      this.remove,
    );
  }

  private input(camera: boolean): HTMLInputElement {
    const capture: Record<string, string> = camera ? { capture: "environment" } : {};
    const accept = KINDS.join(",");
    const one = el("input", {
      class: "spoken",
      attributes: { type: "file", accept, tabindex: "-1", "aria-hidden": "true", ...capture },
    });
    one.addEventListener("change", () => {
      const file = one.files?.[0];
      one.value = "";
      if (file) this.take(file);
    });
    return one;
  }

  private take(photo: File | null): void {
    this.problem.say("");
    if (photo !== null && !KINDS.includes(photo.type)) {
      this.problem.say(text("report.photo_kind"));
      return;
    }
    if (photo !== null && photo.size > LARGEST) {
      this.problem.say(text("report.photo_large"));
      return;
    }
    this.changed(photo);
    this.show(photo);
  }

  private show(photo: File | null): void {
    this.stop();
    this.shown = photo === null ? "" : URL.createObjectURL(photo);
    this.preview.hidden = photo === null;
    if (photo !== null) this.preview.src = this.shown;
    this.remove.hidden = photo === null;
    setText(this.name, photo?.name ?? text("report.photo_none"));
  }
}
