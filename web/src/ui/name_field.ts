/** The name on the landing card: typed, or drawn from a hat; what cannot be a name is said at once. */

import type { City } from "../city";
import { language, text } from "../i18n";
import { inLanguage, nameProblem, randomName, tidyName } from "../name";
import { MAX_NAME } from "../protocol/messages";
import { button, el } from "./dom";

export interface NameField {
  readonly element: HTMLElement;
  /** Take the name over; where it cannot be one, put the cursor there and return false. */
  submit(): boolean;
}

function labelled(input: HTMLInputElement, another: HTMLElement, problem: HTMLElement): HTMLElement {
  return el(
    "div",
    { class: "field name" },
    el(
      "label",
      { attributes: { for: input.id } },
      el("b", { text: "landing.name" }),
      el("small", { text: "landing.name_hint" }),
    ),
    el("div", { class: "with-button" }, input, another),
    problem,
  );
}

export function nameField(city: City): NameField {
  const { name } = city.settings;
  const input = el("input", {
    id: "name",
    class: "input",
    // Room for letters that are typed in parts; the rule counts what comes out.
    attributes: {
      type: "text",
      autocomplete: "nickname",
      maxlength: String(MAX_NAME * 2),
      "aria-describedby": "name-problem",
    },
  });
  // A citizen who signs in is called what the register says.
  name.follow((known) => {
    if (document.activeElement !== input) input.value = known;
  });
  const problem = el("p", { id: "name-problem", class: "problem", attributes: { role: "alert" } });
  const check = () => {
    const tidy = tidyName(input.value);
    const wrong = nameProblem(tidy);
    problem.textContent = wrong === null ? "" : text(`name.${wrong}`);
    input.setAttribute("aria-invalid", String(wrong !== null));
    if (wrong === null) name.set(tidy);
    return wrong === null;
  };
  const draw = () => {
    input.value = randomName(language.get());
    check();
  };
  input.addEventListener("change", check);
  // A name that was drawn is translated with the page; a name that was typed is theirs.
  language.watch((chosen) => {
    if (city.inside.get()) return;
    const said = inLanguage(input.value, chosen);
    if (said === input.value) return;
    input.value = said;
    check();
  });
  input.addEventListener("input", () => {
    if (input.getAttribute("aria-invalid") === "true") check();
  });
  const another = button({
    class: "inside-field",
    icon: "dice",
    label: "landing.another_name",
    hint: "landing.another_name",
    onclick: draw,
  });
  const submit = () => {
    const fine = check();
    if (!fine) input.focus();
    return fine;
  };
  return { element: labelled(input, another, problem), submit };
}
