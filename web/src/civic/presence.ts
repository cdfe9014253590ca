/** Tells the city which citizen the person is who stands in it: after every welcome, and after signing in. */

import type { Api } from "../api/client";
import { ProblemError } from "../api/problem";
import type { City } from "../city";
import { retryWait } from "../net/retry";

const MOST_TRIES = 6;

export function followPresence(city: City, api: Api): void {
  const { status } = city.connection;
  let linked = "";
  /** Names what should be linked now; empty: nothing. */
  const wanted = () => {
    const citizen = api.me.get()?.citizen;
    const { state, session, reconnects } = status.get();
    return state === "connected" && session !== "" && citizen
      ? `${citizen.number} ${session} ${reconnects}`
      : "";
  };
  const link = async (wish: string, failures: number): Promise<void> => {
    const { session } = status.get();
    try {
      await api.take(api.http.PUT("/api/v1/session/presence", { body: { session } }));
      // Whoever is known in the city from now on hears of what came before.
      if (wanted() === wish) city.topics.tellAll();
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      console.info("the city does not know yet who I am", error);
      if (!error.passes || failures >= MOST_TRIES) return;
      setTimeout(() => wanted() === wish && void link(wish, failures + 1), retryWait(failures + 2));
    }
  };
  const look = () => {
    const wish = wanted();
    if (wish === linked) return;
    linked = wish;
    if (wish !== "") void link(wish, 0);
  };
  status.watch(look);
  api.me.watch(look);
}
