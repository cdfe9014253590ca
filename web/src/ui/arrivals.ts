/** People who come and go, gathered for a moment: a crowd makes one notice, not fifty. */

import { type Key, text } from "../i18n";

const GATHER = 1200;

export class Arrivals {
  private readonly names: string[] = [];

  /**
   * @param one Text for a single person, with `{name}`.
   * @param many Text for several, with `{name}` and `{count}` (the others).
   */
  constructor(
    private readonly one: Key,
    private readonly many: Key,
    private readonly show: (message: string) => void,
  ) {}

  add(name: string): void {
    this.names.push(name);
    if (this.names.length === 1) setTimeout(() => this.flush(), GATHER);
  }

  private flush(): void {
    const names = this.names.splice(0);
    const key = names.length === 1 ? this.one : this.many;
    this.show(text(key, { name: names[0], count: names.length - 1 }));
  }
}
