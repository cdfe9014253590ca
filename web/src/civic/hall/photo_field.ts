/** A photo from the camera or a file, shown before it is sent. */

import { text } from "../../i18n";
import { button, el, setText } from "../../ui/dom";
import { problemLine } from "../../ui/form";
import type { Stop } from "../../value";

/** As the server takes them. */
const KINDS = ["image/jpeg", "image/png", "image/webp"];
const LARGEST = 10_000_000;

export interface PhotoField {
  readonly element: HTMLElement;
  readonly stop: Stop;
}

export function photoField(start: File | null, changed: (photo: File | null) => void): PhotoField {
  const preview = el("img", { class: "photo", hidden: true });
  preview.alt = text("report.photo_preview");
  const name = el("small");
  const problem = problemLine("report-photo-problem");
  let shown = "";
  const show = (photo: File | null) => {
    if (shown !== "") URL.revokeObjectURL(shown);
    shown = photo === null ? "" : URL.createObjectURL(photo);
    preview.hidden = photo === null;
    if (photo !== null) preview.src = shown;
    remove.hidden = photo === null;
    setText(name, photo?.name ?? text("report.photo_none"));
  };
  const take = (photo: File | null) => {
    problem.say("");
    if (photo !== null && !KINDS.includes(photo.type)) {
      problem.say(text("report.photo_kind"));
      return;
    }
    if (photo !== null && photo.size > LARGEST) {
      problem.say(text("report.photo_large"));
      return;
    }
    changed(photo);
    show(photo);
  };
  const input = (camera: boolean) => {
    const one = el("input", {
      class: "spoken",
      attributes: {
        type: "file",
        accept: KINDS.join(","),
        tabindex: "-1",
        "aria-hidden": "true",
        ...(camera ? { capture: "environment" } : {}),
      },
    });
    one.addEventListener("change", () => {
      const file = one.files?.[0];
      one.value = "";
      if (file) take(file);
    });
    return one;
  };
  const [camera, file] = [input(true), input(false)];
  file.id = "report-photo-file";
  const remove = button({ class: "small", caption: "report.photo_remove", onclick: () => take(null) });
  // A desk has no camera that a file field would open.
  const hasCamera = matchMedia("(pointer: coarse)").matches;
  show(start);
  const element = el(
    "div",
    { class: "photo-field line-field" },
    el("b", { text: "report.photo" }),
    el("small", { class: "soft", text: "report.photo_hint" }),
    preview,
    el(
      "div",
      { class: "acts" },
      hasCamera
        ? button({
            class: "small",
            icon: "camera",
            caption: "report.photo_take",
            onclick: () => camera.click(),
          })
        : null,
      button({ class: "small", icon: "image", caption: "report.photo_file", onclick: () => file.click() }),
      remove,
    ),
    name,
    problem.element,
    camera,
    file,
  );
  return {
    element,
    stop: () => {
      if (shown !== "") URL.revokeObjectURL(shown);
    },
  };
}
