/** What somebody began to write, kept on their device until it is sent or thrown away. */

export interface DraftMemory {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export type Fields = Readonly<Record<string, string>>;

interface Kept {
  /** Number of the citizen who wrote it; null: nobody had signed in. */
  readonly owner: number | null;
  readonly fields: Fields;
}

const PREFIX = "meta-gwangju.draft.";

function isKept(value: unknown): value is Kept {
  const { owner, fields } = (value ?? {}) as Partial<Kept>;
  const isOwner = owner === null || typeof owner === "number";
  return (
    isOwner && typeof fields === "object" && Object.values(fields).every((one) => typeof one === "string")
  );
}

export class Drafts {
  /** What the device would not keep (no room, or not allowed) stands here as long as the page does. */
  private readonly unkept = new Map<string, string>();

  /** @param me Number of the citizen who writes; null for a visitor. */
  constructor(
    private readonly memory: DraftMemory,
    private readonly me: () => number | null,
  ) {}

  /** What was written under this name; of another citizen nothing is told. */
  get(name: string): Fields {
    const kept = this.read(name);
    const isMine = kept !== null && (kept.owner === null || kept.owner === this.me());
    return isMine ? kept.fields : {};
  }

  /** Keep what is written now; nothing at all is not kept. */
  put(name: string, fields: Fields): void {
    if (Object.values(fields).every((text) => text.trim() === "")) {
      this.drop(name);
      return;
    }
    const kept: Kept = { owner: this.me() ?? this.read(name)?.owner ?? null, fields };
    const text = JSON.stringify(kept);
    try {
      this.memory.setItem(PREFIX + name, text);
      this.unkept.delete(name);
    } catch (error) {
      console.info("the device keeps no draft; it stands while the page does", error);
      this.unkept.set(name, text);
    }
  }

  /** What was sent is no draft any more; what was changed since then stays. */
  sent(name: string, fields: Fields): void {
    const since = Object.entries(this.get(name)).filter(([field, value]) => fields[field] !== value);
    this.put(name, Object.fromEntries(since));
  }

  drop(name: string): void {
    this.unkept.delete(name);
    this.memory.removeItem(PREFIX + name);
  }

  private read(name: string): Kept | null {
    const text = this.unkept.get(name) ?? this.memory.getItem(PREFIX + name);
    if (text === null) return null;
    try {
      const value: unknown = JSON.parse(text);
      return isKept(value) ? value : null;
    } catch {
      return null;
    }
  }
}
