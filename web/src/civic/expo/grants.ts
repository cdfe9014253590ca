/** What I left at booths: citizens' with the city, visitors' keys in this browser. */

import type { Api, Schemas } from "../../api/client";
import type { Memory } from "../../settings";
import type { Booth } from "./expo";

export interface Given {
  readonly id: number;
  readonly booth: string;
  readonly organisation: { readonly ko: string; readonly en: string };
  /** What was left; null where this browser holds only the key. */
  readonly contact: Schemas["ContactFields"] | null;
  readonly withdrawn: boolean;
  readonly left_at: number;
  readonly expires_at: number;
  /** A visitor's, to take it back with. */
  readonly token: string | null;
}

export type Kept = Omit<Given, "withdrawn" | "contact"> & { readonly token: string };

const KEY = "meta-gwangju.contacts";
const MOST = 50;

/** Read the keys that this browser holds; what is no key, or is over, is left out. */
export function keptGrants(memory: Memory, now: number): Kept[] {
  try {
    const found: unknown = JSON.parse(memory.getItem(KEY) ?? "[]");
    if (!Array.isArray(found)) return [];
    return found.filter((one) => isKept(one) && one.expires_at > now);
  } catch {
    return [];
  }
}

function isKept(one: unknown): one is Kept {
  const { id, booth, token, organisation, left_at, expires_at } = (one ?? {}) as Partial<Kept>;
  return (
    typeof id === "number" &&
    typeof booth === "string" &&
    typeof token === "string" &&
    typeof organisation?.ko === "string" &&
    typeof organisation.en === "string" &&
    typeof left_at === "number" &&
    typeof expires_at === "number"
  );
}

export function keepGrant(memory: Memory, grant: Kept, now: number): void {
  const others = keptGrants(memory, now).filter(({ id }) => id !== grant.id);
  memory.setItem(KEY, JSON.stringify([grant, ...others].slice(0, MOST)));
}

export function forgetGrant(memory: Memory, id: number, now: number): void {
  memory.setItem(KEY, JSON.stringify(keptGrants(memory, now).filter((one) => one.id !== id)));
}

export class Grants {
  constructor(
    private readonly api: Api,
    private readonly memory: Memory = localStorage,
  ) {}

  /** Leave a contact at a booth. Throws ProblemError. */
  async leave(booth: Booth, contact: Schemas["ContactFields"]): Promise<Given> {
    const params = { path: { name: booth.id } };
    const body = { ...contact, consent: true as const };
    const made = await this.api.take(this.api.http.POST("/api/v1/booths/{name}/contacts", { params, body }));
    const now = Date.now() / 1000;
    const { organisation: whose } = booth;
    const grant = {
      id: made.id,
      booth: booth.id,
      organisation: { ko: whose?.name_ko ?? "", en: whose?.name_en ?? "" },
      left_at: now,
      expires_at: made.expires_at,
    };
    if (made.token !== null) keepGrant(this.memory, { ...grant, token: made.token }, now);
    return { ...grant, contact, withdrawn: false, token: made.token };
  }

  /** All that I left. Throws ProblemError. */
  async all(): Promise<Given[]> {
    const now = Date.now() / 1000;
    const here = keptGrants(this.memory, now).map((one) => ({ ...one, contact: null, withdrawn: false }));
    if (!this.api.me.get()?.citizen) return here;
    const found = await this.api.take(this.api.http.GET("/api/v1/contacts"));
    const mine = found.map((one) => ({
      id: one.id,
      booth: one.booth,
      organisation: { ko: one.organisation_ko, en: one.organisation_en },
      contact: one.contact,
      withdrawn: one.state === "withdrawn",
      left_at: one.left_at,
      expires_at: one.expires_at,
      token: null,
    }));
    return [...mine, ...here];
  }

  /** Take one back: what was left is destroyed. Throws ProblemError. */
  async withdraw({ id, token }: Given): Promise<void> {
    const header = token === null ? {} : { "X-Contact-Token": token };
    const params = { path: { number: id }, header };
    await this.api.take(this.api.http.DELETE("/api/v1/contacts/{number}", { params }));
    if (token !== null) forgetGrant(this.memory, id, Date.now() / 1000);
  }
}
