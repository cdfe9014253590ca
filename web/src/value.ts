/** A value that others follow: the page's whole state is a handful of these. */

export type Stop = () => void;

export class Value<T> {
  private readonly followers = new Set<(value: T) => void>();

  constructor(private current: T) {}

  get(): T {
    return this.current;
  }

  /** Set, and tell the followers when it is another value. */
  set(value: T): void {
    if (Object.is(value, this.current)) return;
    this.current = value;
    for (const follower of [...this.followers]) follower(value);
  }

  /** Call `follower` now and at every change, until the returned function is called. */
  follow(follower: (value: T) => void): Stop {
    follower(this.current);
    return this.watch(follower);
  }

  /** Call `follower` at every change from now on. */
  watch(follower: (value: T) => void): Stop {
    this.followers.add(follower);
    return () => this.followers.delete(follower);
  }
}
