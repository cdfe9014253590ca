/** The expo as the server knows it: halls, booths, and which screens are live. */

import type { Api, Schemas } from "../../api/client";
import { ProblemError } from "../../api/problem";
import type { Topics } from "../../net/topics";
import type { Bilingual } from "../../render/api";
import { Value } from "../../value";

export type Booth = Schemas["BoothOut"];
export type Hall = Schemas["HallOut"];
export type Slot = Schemas["SlotOut"];
export type Findings = readonly Schemas["FindingOut"][];

export class Expo {
  readonly halls = new Value<readonly Hall[]>([]);
  /** In the halls' own order. */
  readonly booths = new Value<readonly Booth[]>([]);
  /** Booths whose screens show something now. */
  readonly live = new Value<ReadonlySet<string>>(new Set());
  /** Why what is shown may be out of date. */
  readonly problem = new Value<ProblemError | null>(null);
  private running = false;
  private again = false;

  constructor(
    private readonly api: Api,
    topics: Topics,
  ) {
    topics.watch("booths", () => this.refresh());
    topics.watch("screens", () => this.refresh());
    let was = api.me.get()?.citizen?.number;
    api.me.watch((me) => {
      // What is mine to change is another matter for another citizen.
      if (me?.citizen?.number !== was && this.booths.get().length > 0) this.refresh();
      was = me?.citizen?.number;
    });
  }

  booth(id: string): Booth | undefined {
    return this.booths.get().find((one) => one.id === id);
  }

  slot(id: string): Slot | undefined {
    return this.halls
      .get()
      .flatMap(({ slots }) => slots)
      .find((one) => one.id === id);
  }

  /** Those that I may change. */
  get mine(): readonly Booth[] {
    return this.booths.get().filter(({ mine }) => mine);
  }

  /** Fetch anew; asked while it runs, it runs once more. */
  refresh(): void {
    this.again = this.running;
    if (this.running) return;
    this.running = true;
    void this.fetch().finally(() => {
      this.running = false;
      if (this.again) this.refresh();
    });
  }

  /** Something was changed from here: what the server answered counts at once. */
  keep(booth: Booth): void {
    this.booths.set(this.booths.get().map((one) => (one.id === booth.id ? booth : one)));
  }

  private async fetch(): Promise<void> {
    const { api } = this;
    try {
      if (this.halls.get().length === 0) {
        this.halls.set((await api.take(api.http.GET("/api/v1/halls"))).halls as readonly Hall[]);
      }
      const [booths, screens] = await Promise.all([
        api.take(api.http.GET("/api/v1/booths")),
        api.take(api.http.GET("/api/v1/screens")),
      ]);
      this.problem.set(null);
      this.live.set(new Set(screens.live));
      this.booths.set(booths as readonly Booth[]);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      this.problem.set(error);
    }
  }
}

/** Both languages of what a booth says; null while it says nothing that I may see. */
export function titleOf({ title_ko: ko, title_en: en }: Booth): Bilingual | null {
  return ko === null || en === null ? null : { ko, en };
}

export function summaryOf({ summary_ko: ko, summary_en: en }: Booth): Bilingual | null {
  return ko === null || en === null ? null : { ko, en };
}

export function ownerOf({ organisation }: Booth): Bilingual | null {
  return organisation === null ? null : { ko: organisation.name_ko, en: organisation.name_en };
}
