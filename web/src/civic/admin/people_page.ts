/** Citizens as operators see them: finding one, roles, devices, sanctions. */

import type { Schemas } from "../../api/client";
import { text } from "../../i18n";
import { button, el } from "../../ui/dom";
import { attempt, problemLine } from "../../ui/form";
import { icon } from "../../ui/icons";
import type { SheetPage } from "../../ui/pages";
import { ask, chip, select } from "../hall/parts";
import { momentOf } from "../money";
import { type AdminDesk, placeOptions, ROLE_PLACES, roleWords } from "./desk";
import { pagedList } from "./list";
import { sanctionPage } from "./sanction_page";

type Person = Schemas["PersonOut"];
type Given = Schemas["GivenIn"]["role"];
const TYPING = 300;

function nameOf({ name, number }: Person): string {
  return name ?? text("admin.erased", { number });
}

export function peoplePage(desk: AdminDesk): SheetPage {
  return {
    title: "admin.people",
    back: () => desk.pages.go(null),
    build: (body) => {
      let words = "";
      let role: Given | "" = "";
      const fetch = async (before: number | null) => {
        const query = { words, role: role || undefined, before: before ?? undefined };
        const { http } = desk.api;
        const found = await desk.api.take(http.GET("/api/v1/admin/people", { params: { query } }));
        return { items: found.people as Person[], before: found.before };
      };
      const list = pagedList("admin.nobody", fetch, (person) => line(desk, person));
      const search = el("input", {
        class: "input",
        label: "admin.search",
        placeholder: "admin.search",
        attributes: { type: "search", maxlength: "60", "data-first": "" },
      });
      let typing: ReturnType<typeof setTimeout> | undefined;
      search.addEventListener("input", () => {
        clearTimeout(typing);
        typing = setTimeout(() => {
          words = search.value.trim();
          list.again();
        }, TYPING);
      });
      const roles = select<Given | "">(
        "admin.role",
        [
          { value: "", title: text("admin.all_roles") },
          { value: "officer", title: text("role.officer") },
          { value: "operator", title: text("role.operator") },
        ],
        role,
        (value) => {
          role = value;
          list.again();
        },
      );
      body.append(
        el("p", { class: "soft", text: "admin.noted" }),
        el("div", { class: "admin-tools" }, el("label", { class: "search" }, icon("search"), search), roles),
        list.element,
      );
      return () => clearTimeout(typing);
    },
  };
}

function line(desk: AdminDesk, person: Person): HTMLElement {
  const roles = person.roles.filter(({ role }) => role !== "citizen").map(roleWords);
  return el(
    "li",
    {},
    el(
      "button",
      {
        class: "opener",
        attributes: { type: "button" },
        onclick: () => desk.pages.go(personPage(desk, person)),
      },
      el("b", {}, nameOf(person)),
      el("small", {}, [text("admin.number", { number: person.number }), ...roles].join(" · ")),
    ),
    el(
      "span",
      { class: "chips" },
      person.here ? chip(text("admin.here"), "done") : null,
      ...person.sanctions.map((kind) => chip(text(`sanction.${kind}` as "sanction.mute"), "alert")),
    ),
  );
}

function personPage(desk: AdminDesk, found: Person): SheetPage {
  let person = found;
  const page: SheetPage = {
    title: "admin.person",
    back: () => desk.pages.go(peoplePage(desk)),
    build: (body) => {
      const again = (roles: Person["roles"]) => {
        person = { ...person, roles };
        desk.pages.refresh();
      };
      const { number } = person;
      const act = button({
        class: "second danger",
        icon: "shield",
        caption: "sanction.page",
        onclick: () => {
          const subject = { name: nameOf(person), about: { citizen: number } };
          desk.pages.go(sanctionPage(desk, subject, () => desk.pages.go(page)));
        },
      });
      body.append(
        el(
          "p",
          { class: "whom" },
          el("b", {}, nameOf(person)),
          el("small", {}, text("admin.number", { number })),
          el("small", {}, text("admin.joined", { when: momentOf(person.joined_at) })),
        ),
        ...rolesPart(desk, person, again),
        ...devicesPart(desk, person),
      );
      if (person.erased_at === null) body.append(el("h4", { text: "admin.acts" }), act);
      return undefined;
    },
  };
  return page;
}

type Again = (roles: Person["roles"]) => void;

function rolesPart(desk: AdminDesk, person: Person, again: Again): HTMLElement[] {
  const { api, tell } = desk;
  const problem = problemLine();
  const rows = person.roles.map((given) => {
    const words = roleWords(given);
    const isGiven = given.role === "officer" || given.role === "operator";
    const take = button({
      class: "small",
      caption: "admin.take",
      attributes: { "aria-label": `${text("admin.take")}: ${words}` },
      onclick: async () => {
        if (!(await ask("admin.take_sure", "admin.take", { role: words }))) return;
        await attempt(take, problem.say, async () => {
          const path = { number: person.number, role: given.role as Given };
          const params = { path, query: { place: given.place } };
          const { http } = api;
          const left = await api.take(http.DELETE("/api/v1/admin/people/{number}/roles/{role}", { params }));
          tell(text("admin.taken"));
          again(left as Person["roles"]);
        });
      },
    });
    return el("li", {}, el("div", {}, el("b", {}, words)), isGiven ? take : null);
  });
  const none = el("li", {}, el("small", { text: "admin.no_roles" }));
  return [
    el("h4", { text: "admin.roles" }),
    el("ul", { class: "things" }, ...(rows.length === 0 ? [none] : rows)),
    problem.element,
    person.erased_at === null ? giving(desk, person, again) : el("p"),
  ];
}

function giving({ api, tell }: AdminDesk, person: Person, again: Again): HTMLElement {
  let role: Given = "officer";
  let place = ROLE_PLACES[0] ?? "city";
  const problem = problemLine();
  const roles = select<Given>(
    "admin.role",
    [
      { value: "officer", title: text("role.officer") },
      { value: "operator", title: text("role.operator") },
    ],
    role,
    (value) => {
      role = value;
    },
  );
  const places = select("sanction.place", placeOptions(ROLE_PLACES), place, (value) => {
    place = value;
  });
  const give = button({
    class: "second",
    icon: "plus",
    caption: "admin.give",
    onclick: async () => {
      const fill = { name: nameOf(person), role: roleWords({ role, place }) };
      if (!(await ask("admin.give_sure", "admin.give", fill))) return;
      await attempt(give, problem.say, async () => {
        const params = { path: { number: person.number } };
        const { http } = api;
        const body = { role, place };
        const all = await api.take(http.PUT("/api/v1/admin/people/{number}/roles", { params, body }));
        tell(text("admin.given"));
        again(all as Person["roles"]);
      });
    },
  });
  return el("div", { class: "lines" }, el("div", { class: "pair" }, roles, places), give, problem.element);
}

function devicesPart({ api, tell }: AdminDesk, person: Person): HTMLElement[] {
  const problem = problemLine();
  const out = button({
    class: "second",
    icon: "door",
    caption: "admin.sign_out",
    hidden: person.sessions === 0,
    onclick: async () => {
      if (!(await ask("admin.sign_out_sure", "admin.sign_out", { name: nameOf(person) }))) return;
      await attempt(out, problem.say, async () => {
        const params = { path: { number: person.number } };
        await api.take(api.http.DELETE("/api/v1/admin/people/{number}/sessions", { params }));
        out.hidden = true;
        tell(text("admin.signed_out"));
      });
    },
  });
  const { sessions, passkeys } = person;
  return [
    el("h4", { text: "admin.devices" }),
    el("p", { class: "soft" }, text("admin.devices_words", { sessions, passkeys })),
    out,
    problem.element,
  ];
}
