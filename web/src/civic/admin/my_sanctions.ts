/** What officers did about me: heard over the wire, asked for again after a reload, answered by an appeal. */

import type { Api, Schemas } from "../../api/client";
import { ProblemError } from "../../api/problem";
import type { City } from "../../city";
import type { Bilingual } from "../../render/api";
import type { Memory } from "../../settings";
import { Value } from "../../value";

export interface MySanction {
  readonly act: Schemas["SanctionOut"];
  readonly appeal: Schemas["AppealOut"] | null;
  /** A visitor's, to appeal with. */
  readonly code: string | null;
}

const KEY = "meta-gwangju.sanctions";
const MOST = 5;

/** The number of an act, and a visitor's code, as they stand in what the server told. */
export function namedIn({ en }: Bilingual): { readonly number: number; readonly code: string | null } | null {
  const found = /\(([1-9]\d{0,15})(?:, ([A-Z0-9-]{5,40}))?\)/i.exec(en);
  return found === null ? null : { number: Number(found[1]), code: found[2] ?? null };
}

/** Acts about a visitor, by number, and the codes to appeal with. */
function keptCodes(memory: Memory): Record<string, string> {
  try {
    const found: unknown = JSON.parse(memory.getItem(KEY) ?? "{}");
    const entries = Object.entries((found ?? {}) as Record<string, unknown>);
    return Object.fromEntries(
      entries.filter((one): one is [string, string] => /^\d+$/.test(one[0]) && typeof one[1] === "string"),
    );
  } catch {
    return {};
  }
}

export class MySanctions {
  /** The newest first. */
  readonly all = new Value<readonly MySanction[]>([]);
  /** Just told to me, until I close it. */
  readonly told = new Value<(Bilingual & { readonly number: number }) | null>(null);

  constructor(
    private readonly api: Api,
    city: City,
    private readonly memory: Memory = sessionStorage,
  ) {
    city.notice.watch((notice) => {
      if (notice?.code === "sanctioned") this.hear(notice);
      else if (notice?.code === "sanction_lifted") this.lifted();
    });
    // Whoever is put out, or kept out at the door, is told by the refusal.
    city.connection.status.watch(({ state, refusal }) => {
      if (state === "refused" && refusal !== null) this.hear(refusal);
    });
    city.topics.watch("moderation", () => this.look());
    city.topics.watch("rights", () => this.look());
    let was: number | undefined;
    api.me.watch((me) => {
      if (me?.citizen?.number !== was) this.look();
      was = me?.citizen?.number;
    });
  }

  /** Ask for all of them. Throws ProblemError. */
  async refresh(): Promise<void> {
    const { api } = this;
    const found: MySanction[] = [];
    for (const [number, code] of Object.entries(keptCodes(this.memory))) {
      found.push(await this.one(Number(number), code));
    }
    if (api.me.get()?.citizen) {
      const mine = await api.take(api.http.GET("/api/v1/moderation/mine"));
      for (const { id } of mine) found.push(await this.one(id, null));
    }
    this.all.set(found.sort((a, b) => b.act.id - a.act.id));
  }

  /** Say something against one. Throws ProblemError. */
  async appeal(number: number, code: string | null, said: string): Promise<void> {
    const params = { path: { number } };
    const body = { text: said, code };
    const { http } = this.api;
    await this.api.take(http.POST("/api/v1/moderation/acts/{number}/appeal", { params, body }));
    if (code !== null) this.keep(number, code);
    await this.refresh();
  }

  /** The code of an act about me as a visitor; null: I need none, or nobody told it here. */
  codeOf(number: number): string | null {
    return keptCodes(this.memory)[String(number)] ?? null;
  }

  private hear(said: Bilingual): void {
    const named = namedIn(said);
    if (named === null) return;
    if (named.code !== null) this.keep(named.number, named.code);
    this.told.set({ ko: said.ko, en: said.en, number: named.number });
    this.look();
  }

  private lifted(): void {
    this.told.set(null);
    this.look();
  }

  private keep(number: number, code: string): void {
    const kept = Object.entries({ ...keptCodes(this.memory), [String(number)]: code });
    this.memory.setItem(KEY, JSON.stringify(Object.fromEntries(kept.slice(-MOST))));
  }

  private look(): void {
    if (!this.api.me.get()?.citizen && Object.keys(keptCodes(this.memory)).length === 0) return;
    this.refresh().catch((error: unknown) => {
      if (!(error instanceof ProblemError)) throw error;
      console.info("acts about me are not known yet", error);
    });
  }

  private async one(number: number, code: string | null): Promise<MySanction> {
    const { http } = this.api;
    const header = code === null ? {} : { "Appeal-Code": code };
    const params = { path: { number }, header };
    const { act, appeal } = await this.api.take(http.GET("/api/v1/moderation/acts/{number}", { params }));
    return { act, appeal: appeal ?? null, code };
  }
}
