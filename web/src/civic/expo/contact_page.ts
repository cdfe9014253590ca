/** Leaving a contact at a booth: what, who sees it, for how long. */

import { chosen, text } from "../../i18n";
import { button, el } from "../../ui/dom";
import { attempt, field, form, problemLine, submitButton } from "../../ui/form";
import { icon } from "../../ui/icons";
import type { SheetPage } from "../../ui/pages";
import { area } from "../hall/parts";
import { momentOf } from "../money";
import type { ExpoDesk } from "./desk";
import { type Booth, ownerOf } from "./expo";
import { type Given, Grants } from "./grants";
import { grantsPage } from "./grants_page";

const MESSAGE = 500;

export function contactPage(desk: ExpoDesk, booth: Booth): SheetPage {
  const typed = { name: desk.api.me.get()?.citizen?.name ?? "", email: "", phone: "", message: "" };
  return {
    title: "contact.leave",
    back: () => desk.pages.go(desk.booth(booth.id)),
    build: (body) => {
      build(desk, booth, typed, body);
      return undefined;
    },
  };
}

type Typed = { name: string; email: string; phone: string; message: string };

function build(desk: ExpoDesk, booth: Booth, typed: Typed, body: HTMLElement): void {
  const whose = ownerOf(booth);
  const organisation = whose === null ? "" : chosen(whose);
  const line = (id: keyof Typed, attributes: Readonly<Record<string, string>>, first = false) => {
    const one = field({
      id: `contact-${id}`,
      label: `contact.${id}`,
      value: typed[id],
      attributes,
      first,
      hint: id === "email" ? "contact.one_of" : undefined,
    });
    one.input.addEventListener("input", () => {
      typed[id] = one.input.value;
    });
    return one;
  };
  const name = line("name", { autocomplete: "name", maxlength: "80" }, true);
  const email = line("email", { type: "email", inputmode: "email", autocomplete: "email", maxlength: "254" });
  const phone = line("phone", { type: "tel", inputmode: "tel", autocomplete: "tel", maxlength: "32" });
  const message = area({
    id: "contact-message",
    label: "contact.message",
    value: typed.message,
    most: MESSAGE,
    rows: 3,
    typed: (value) => {
      typed.message = value;
    },
  });
  const agreed = el("input", { attributes: { type: "checkbox" } });
  const problem = problemLine();
  const submit = submitButton("contact.send");
  const act = () => {
    if (name.input.value.trim() === "") return name.say(text("name.empty"));
    if (email.input.value.trim() === "" && phone.input.value.trim() === "") {
      return email.say(text("contact.need_one"));
    }
    if (!agreed.checked) {
      problem.say(text("contact.need_consent"));
      return agreed.focus();
    }
    void attempt(submit, problem.say, async () => {
      const contact = {
        name: name.input.value.trim(),
        email: email.input.value.trim(),
        phone: phone.input.value.trim(),
        message: message.input.value.trim(),
      };
      desk.pages.go(donePage(desk, booth, await new Grants(desk.api).leave(booth, contact)));
    });
  };
  body.append(
    el(
      "ul",
      { class: "gains" },
      el("li", {}, text("contact.who_sees", { organisation })),
      el("li", { text: "contact.how_long" }),
      el("li", { text: desk.api.me.get()?.citizen ? "contact.take_back" : "contact.take_back_here" }),
    ),
    form(
      act,
      name.element,
      email.element,
      phone.element,
      message.element,
      el("label", { class: "check" }, agreed, el("span", {}, text("contact.consent", { organisation }))),
      problem.element,
      submit,
    ),
  );
}

function donePage(desk: ExpoDesk, booth: Booth, given: Given): SheetPage {
  return {
    title: "contact.done",
    back: () => desk.pages.go(desk.booth(booth.id)),
    build: (body) => {
      const whose = ownerOf(booth);
      body.append(
        el(
          "p",
          { class: "done-line" },
          icon("check"),
          el(
            "span",
            {},
            text("contact.done_words", {
              organisation: whose === null ? "" : chosen(whose),
              until: momentOf(given.expires_at),
            }),
          ),
        ),
        button({
          class: "second",
          icon: "receipt",
          caption: "contact.mine",
          onclick: () => desk.pages.go(grantsPage(desk)),
        }),
      );
      return undefined;
    },
  };
}
