/** The ground people stand on: height chunks of the city, loaded around the points that are asked for. */

export interface GroundIndex {
  readonly cell: number;
  readonly chunk: number;
  readonly origin: readonly [number, number];
  readonly columns: number;
  readonly rows: number;
  /** Path below the city's base with `{column}` and `{row}`. */
  readonly chunks: string;
}

/** Fetches a file below the city's base; rejects when it is not there. */
export type FetchBytes = (path: string) => Promise<ArrayBuffer>;

/**
 * Height inside one cell, split along the diagonal h00 to h11 as the ground meshes are.
 *
 * Args: corner heights (first digit +x, second +z) and fractions inside the cell, 0 to 1.
 */
export function heightInCell(
  h00: number,
  h10: number,
  h01: number,
  h11: number,
  fx: number,
  fz: number,
): number {
  return fx >= fz ? h00 + (h10 - h00) * fx + (h11 - h10) * fz : h00 + (h01 - h00) * fz + (h11 - h01) * fx;
}

export class Ground {
  private readonly loaded = new Map<number, Float32Array>();
  private readonly wanted = new Set<number>();
  private readonly failed = new Map<number, number>();
  private readonly side: number;

  constructor(
    private readonly index: GroundIndex,
    private readonly fetchBytes: FetchBytes,
  ) {
    this.side = Math.round(index.chunk / index.cell) + 1;
  }

  /** World height at x, z (metres); undefined outside the city, and while the chunk there loads. */
  height(x: number, z: number): number | undefined {
    const { cell, chunk, origin } = this.index;
    const column = Math.floor((x - origin[0]) / chunk);
    const row = Math.floor((z - origin[1]) / chunk);
    const heights = this.chunkAt(column, row);
    if (heights === undefined) return undefined;
    const u = (x - origin[0] - column * chunk) / cell;
    const v = (z - origin[1] - row * chunk) / cell;
    const i = Math.min(this.side - 2, Math.floor(u));
    const j = Math.min(this.side - 2, Math.floor(v));
    const at = j * this.side + i;
    return heightInCell(
      heights[at] ?? 0,
      heights[at + 1] ?? 0,
      heights[at + this.side] ?? 0,
      heights[at + this.side + 1] ?? 0,
      u - i,
      v - j,
    );
  }

  /** Load every chunk that touches the square of `reach` metres round a point. */
  async around(x: number, z: number, reach: number): Promise<void> {
    const { chunk, origin } = this.index;
    const pending: Promise<void>[] = [];
    for (
      let column = Math.floor((x - reach - origin[0]) / chunk);
      column * chunk <= x + reach - origin[0];
      column += 1
    ) {
      for (
        let row = Math.floor((z - reach - origin[1]) / chunk);
        row * chunk <= z + reach - origin[1];
        row += 1
      ) {
        if (this.exists(column, row)) pending.push(this.load(column, row));
      }
    }
    await Promise.all(pending);
  }

  private exists(column: number, row: number): boolean {
    return column >= 0 && row >= 0 && column < this.index.columns && row < this.index.rows;
  }

  private chunkAt(column: number, row: number): Float32Array | undefined {
    if (!this.exists(column, row)) return undefined;
    const key = row * this.index.columns + column;
    const heights = this.loaded.get(key);
    if (heights === undefined && !this.wanted.has(key) && (this.failed.get(key) ?? 0) < 3) {
      // Asked for without waiting: the caller gets undefined now and a height some frames later.
      this.load(column, row).catch((error: unknown) => console.warn("ground chunk did not load", error));
    }
    return heights;
  }

  private async load(column: number, row: number): Promise<void> {
    const key = row * this.index.columns + column;
    if (this.loaded.has(key) || this.wanted.has(key)) return;
    this.wanted.add(key);
    try {
      const path = this.index.chunks.replace("{column}", String(column)).replace("{row}", String(row));
      const heights = new Float32Array(await this.fetchBytes(path));
      if (heights.length !== this.side * this.side) {
        throw new Error(
          `ground chunk ${path}: ${heights.length} heights instead of ${this.side * this.side}`,
        );
      }
      this.loaded.set(key, heights);
    } catch (error) {
      this.failed.set(key, (this.failed.get(key) ?? 0) + 1);
      throw error;
    } finally {
      this.wanted.delete(key);
    }
  }
}
