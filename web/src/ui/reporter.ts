/** News of the city in a few words, shown or said. */

import type { News } from "../city";
import { chosen, text } from "../i18n";
import { Arrivals } from "./arrivals";
import type { Toasts } from "./toasts";

/** @param blink Covers a jump. */
export function reporter(toasts: Toasts, blink: () => void): (news: News) => void {
  const show = (message: string) => toasts.show(message);
  const entered = new Arrivals("people.entered", "people.entered_many", show);
  const left = new Arrivals("people.left", "people.left_many", show);
  return (news) => {
    switch (news.kind) {
      case "entered":
        return entered.add(news.person.name);
      case "left":
        return left.add(news.person.name);
      case "waved":
        return toasts.say(text("people.waved", { name: news.person.name }));
      case "notice":
        return toasts.show(chosen(news), "warning");
      case "sound_back":
        return toasts.show(text("state.sound_back"));
      case "teleported":
        return blink();
    }
  };
}
