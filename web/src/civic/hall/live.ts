/** Something of the server's, shown and fetched again whenever it changed. */

import { button, el } from "../../ui/dom";
import { wordsOf } from "../../ui/form";
import type { Stop } from "../../value";
import type { Counter, Desk } from "./desk";

export interface Live {
  /** Fetch again. */
  again(): void;
  readonly stop: Stop;
}

/**
 * Fetch, show, and fetch again when the topic changed or somebody signed in or out.
 *
 * What is shown stays while it is fetched anew: only the first time says that it is on its way.
 *
 * @param place Says that it is on its way, or what went wrong while nothing is shown.
 */
export function follow<T>(
  desk: Desk,
  topic: Counter,
  place: HTMLElement,
  fetch: () => Promise<T>,
  show: (found: T) => void,
): Live {
  let [running, wanted, ended, shown] = [false, false, false, false];
  const problem = (error: unknown) => {
    const words = wordsOf(error);
    if (shown) {
      desk.tell(words);
      return;
    }
    place.replaceChildren(
      el("p", { class: "problem", attributes: { role: "alert" } }, words),
      button({ class: "small", caption: "page.retry", onclick: again }),
    );
  };
  const run = async () => {
    running = true;
    try {
      const found = await fetch();
      if (ended) return;
      if (!shown) place.replaceChildren();
      shown = true;
      show(found);
    } catch (error) {
      if (!ended) problem(error);
    } finally {
      running = false;
    }
    if (wanted && !ended) again();
  };
  function again(): void {
    wanted = running;
    if (!running) void run();
  }
  place.replaceChildren(el("p", { class: "soft loading", text: "hall.loading" }));
  again();
  const stops = [desk.city.topics.watch(topic, again), desk.api.me.watch(again)];
  return {
    again,
    stop: () => {
      ended = true;
      for (const stop of stops) stop();
    },
  };
}
