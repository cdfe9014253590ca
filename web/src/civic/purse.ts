/** My wallet: what is in it, what came and went, and paying somebody. */

import type { Api, Schemas } from "../api/client";
import { ProblemError } from "../api/problem";
import type { Topics } from "../net/topics";
import { Value } from "../value";

export type Movement = Schemas["MovementOut"];
export type Payee = Schemas["Payee"];

const PAGE = 20;

export class Purse {
  /** Null for visitors, and until the server has answered. */
  readonly wallet = new Value<Schemas["MyWallet"] | null>(null);
  /** The newest first. */
  readonly movements = new Value<readonly Movement[]>([]);
  /** Why what is shown may be out of date. */
  readonly problem = new Value<ProblemError | null>(null);
  /** Called for money that somebody sent me while this page looked. */
  onReceived: ((movement: Movement) => void) | null = null;
  private owner: number | null = null;
  private before: number | null = null;
  private running = false;
  private again = false;

  constructor(
    private readonly api: Api,
    topics: Topics,
  ) {
    api.me.watch((me) => this.belongTo(me?.citizen?.number ?? null));
    topics.watch("wallet", () => this.refresh());
  }

  get hasMore(): boolean {
    return this.before !== null;
  }

  /** Fetch balance and newest movements; asked while it runs, it runs once more. */
  refresh(): void {
    if (this.owner === null) return;
    this.again = this.running;
    if (this.running) return;
    this.running = true;
    void this.fetch(this.owner).finally(() => {
      this.running = false;
      if (this.again) this.refresh();
    });
  }

  /** The next older page of movements. Throws ProblemError. */
  async more(): Promise<void> {
    const { owner, before } = this;
    if (before === null) return;
    const query = { before, limit: PAGE };
    const page = await this.api.take(this.api.http.GET("/api/v1/wallet/movements", { params: { query } }));
    if (owner !== this.owner || before !== this.before) return;
    this.before = page.before;
    this.movements.set([...this.movements.get(), ...page.movements]);
  }

  /** Who would be paid: a person in the city, or whoever has a wallet number. Throws ProblemError. */
  payee(whom: { readonly person: number } | { readonly number: string }): Promise<Payee> {
    return this.api.take(this.api.http.GET("/api/v1/wallet/payee", { params: { query: whom } }));
  }

  /**
   * Pay. Throws ProblemError.
   *
   * @param key Of this payment: asked again with it, it is still paid once.
   */
  async pay(payee: Payee, amount: number, key: string): Promise<Movement> {
    const movement = await this.api.take(
      this.api.http.POST("/api/v1/wallet/payments", {
        params: { header: { "Idempotency-Key": key } },
        body: { wallet_number: payee.wallet_number, amount },
      }),
    );
    this.refresh();
    return movement;
  }

  private belongTo(owner: number | null): void {
    if (owner === this.owner) return;
    this.owner = owner;
    this.before = null;
    this.wallet.set(null);
    this.movements.set([]);
    this.problem.set(null);
    this.refresh();
  }

  private async fetch(owner: number): Promise<void> {
    const { api } = this;
    try {
      const [wallet, page] = await Promise.all([
        api.take(api.http.GET("/api/v1/wallet")),
        api.take(api.http.GET("/api/v1/wallet/movements", { params: { query: { limit: PAGE } } })),
      ]);
      if (owner === this.owner) this.accept(wallet, page);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      this.problem.set(error);
    }
  }

  private accept(wallet: Schemas["MyWallet"], page: Schemas["Movements"]): void {
    const isFirst = this.wallet.get() === null;
    const known = this.movements.get();
    const newest = known[0]?.number ?? 0;
    const fresh = page.movements.filter(({ number }) => number > newest);
    this.problem.set(null);
    this.wallet.set(wallet);
    // More came than a page holds: what is between is fetched again by and by.
    const joins = known.length > 0 && fresh.length < page.movements.length;
    if (!joins) this.before = page.before;
    this.movements.set(joins ? [...fresh, ...known] : page.movements);
    if (isFirst) return;
    for (const movement of fresh.reverse()) {
      if (movement.amount > 0 && movement.kind === "payment") this.onReceived?.(movement);
    }
  }
}
