/** Asking an officer for a reason that everybody will read. */

import type { Key } from "../../i18n";
import { dialog } from "../../ui/dialog";
import { form, submitButton } from "../../ui/form";
import { area } from "./parts";

/** Characters. */
const LONGEST = 300;

/** The reason; null when the dialog was closed without one. */
export function askReason(act: Key): Promise<string | null> {
  return new Promise((resolve) => {
    let found: string | null = null;
    const body = dialog(act, "ask", () => resolve(found));
    const words = area({
      id: "reason",
      label: "hall.reason",
      hint: "hall.reason_hint",
      most: LONGEST,
      rows: 3,
    });
    const send = () => {
      found = words.needed();
      if (found !== null) body.closest("dialog")?.close();
    };
    body.append(form(send, words.element, submitButton(act)));
    words.input.focus();
  });
}
