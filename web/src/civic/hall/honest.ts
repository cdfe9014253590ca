/** What this kind of vote does not give, said wherever somebody votes or checks. */

import { el } from "../../ui/dom";

export function honest(): HTMLElement {
  return el(
    "details",
    { class: "honest", attributes: { open: "" } },
    el("summary", { text: "vote.honest" }),
    el(
      "ul",
      {},
      el("li", { text: "vote.honest_link" }),
      el("li", { text: "vote.honest_account" }),
      el("li", { text: "vote.honest_stuffing" }),
      el("li", { text: "vote.honest_binding" }),
    ),
  );
}
