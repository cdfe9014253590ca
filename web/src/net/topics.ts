/** What the API keeps and others change: whoever shows it hears that it should be fetched again. */

import type { Stop } from "../value";

export class Topics {
  private readonly watchers = new Map<string, Set<() => void>>();

  /** Call `watcher` whenever `topic` changed, until the returned function is called. */
  watch(topic: string, watcher: () => void): Stop {
    const watchers = this.watchers.get(topic) ?? new Set();
    this.watchers.set(topic, watchers.add(watcher));
    return () => watchers.delete(watcher);
  }

  tell(topic: string): void {
    for (const watcher of [...(this.watchers.get(topic) ?? [])]) watcher();
  }

  /** Something may have changed while nobody could tell. */
  tellAll(): void {
    for (const topic of this.watchers.keys()) this.tell(topic);
  }
}
