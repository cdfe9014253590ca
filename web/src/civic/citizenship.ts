/** Me as a citizen: becoming one, coming back in, and everything that is mine to change. */

import type { Api, Me, Schemas } from "../api/client";
import { Value } from "../value";
import { createPasskey, findPasskey } from "./passkey";

export interface Profile {
  readonly name: string;
  readonly colour: number;
  readonly language: "ko" | "en";
}

/** How often a page that comes back to the front asks who it is, at most, ms. */
const LOOK_AGAIN = 15_000;

export class Citizenship {
  /** Recovery codes that their owner has not put away yet: the server shows them once. */
  readonly codes = new Value<readonly string[] | null>(null);
  /** True once I left by myself: then the end of my session is no news. */
  hasLeft = false;
  private asked = Number.NEGATIVE_INFINITY;

  constructor(private readonly api: Api) {
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && performance.now() - this.asked > LOOK_AGAIN) this.look();
    });
  }

  get citizen(): Schemas["MyCitizen"] | null {
    return this.api.me.get()?.citizen ?? null;
  }

  /** Ask who I am; without an answer what was known stays. */
  look(): void {
    this.asked = performance.now();
    this.api.refresh().catch((error: unknown) => console.info("who I am is not known yet", error));
  }

  /** Become a citizen. Throws ProblemError. */
  async join(profile: Profile): Promise<void> {
    const registered = await this.register(profile);
    this.codes.set(registered.recovery_codes);
    this.api.keep(registered.me);
  }

  /** Another passkey for me, kept by the device that asks. Throws ProblemError. */
  async addPasskey(): Promise<void> {
    const { citizen } = this;
    if (citizen !== null) this.api.keep((await this.register({ ...citizen, language: "ko" })).me);
  }

  /** Throws ProblemError. */
  async signIn(): Promise<void> {
    const { api } = this;
    const { ceremony, options } = await api.take(api.http.POST("/api/v1/session/passkey/options"));
    const credential = await findPasskey(options);
    api.keep(await api.take(api.http.POST("/api/v1/session/passkey", { body: { ceremony, credential } })));
  }

  /** Throws ProblemError. */
  async signInByCode(code: string): Promise<void> {
    const { api } = this;
    api.keep(await api.take(api.http.POST("/api/v1/session/code", { body: { code } })));
  }

  /** Throws ProblemError. */
  async signOut(): Promise<void> {
    this.hasLeft = true;
    await this.api.take(this.api.http.DELETE("/api/v1/session"));
    await this.api.refresh();
  }

  /** Throws ProblemError. */
  async change(profile: Profile): Promise<Me> {
    const { api } = this;
    return api.keep(await api.take(api.http.PUT("/api/v1/session/profile", { body: profile })));
  }

  /** Fresh recovery codes; the older ones open nothing any more. Throws ProblemError. */
  async renewCodes(): Promise<void> {
    const { codes } = await this.api.take(this.api.http.POST("/api/v1/recovery-codes"));
    this.codes.set(codes);
  }

  /** The codes are put away. */
  async codesKept(): Promise<void> {
    this.codes.set(null);
    await this.api.refresh();
  }

  /** Erase me: for good. Throws ProblemError. */
  async erase(): Promise<void> {
    this.hasLeft = true;
    await this.api.take(this.api.http.DELETE("/api/v1/citizen"));
    await this.api.refresh();
  }

  private async register({ name, colour, language }: Profile): Promise<Schemas["Registered"]> {
    const { api } = this;
    const begun = api.http.POST("/api/v1/passkeys/options", { body: { name } });
    const { ceremony, options } = await api.take(begun);
    const credential = await createPasskey(options);
    const body = { ceremony, credential, name, colour, language };
    return api.take(api.http.POST("/api/v1/passkeys", { body }));
  }
}
