/** Which booths' models may stand: the nearest, as far as the picture's budget goes (LOOK). */

import type { BoothModel, Quality } from "./api";

/** Models are fetched within this distance, and let go beyond the farther one, metres. */
export const MODEL_REACH = 80;
export const MODEL_LEAVES = 100;

export interface ModelBudget {
  readonly triangles: number;
  readonly draws: number;
  readonly pixels: number;
}

const MEGAPIXEL = 2 ** 20;

export const MODEL_BUDGET: Readonly<Record<Quality, ModelBudget>> = {
  low: { triangles: 50_000, draws: 64, pixels: 16 * MEGAPIXEL },
  medium: { triangles: 100_000, draws: 96, pixels: 32 * MEGAPIXEL },
  high: { triangles: 200_000, draws: 150, pixels: 64 * MEGAPIXEL },
};

export interface ModelWish {
  readonly id: string;
  /** From the viewer to the stand, metres. */
  readonly distance: number;
  readonly model: Pick<BoothModel, "triangles" | "draws" | "pixels">;
}

/**
 * Choose whose models stand.
 *
 * @param standing Whose do now: they leave later than others come, so that nothing flickers at the border.
 * @returns Ids, the nearest first. The nearest always stands; behind it one that is too costly is left out.
 */
export function chooseModels(
  wishes: readonly ModelWish[],
  standing: ReadonlySet<string>,
  budget: ModelBudget,
): string[] {
  const near = wishes
    .filter(({ id, distance }) => distance <= (standing.has(id) ? MODEL_LEAVES : MODEL_REACH))
    .sort((a, b) => a.distance - b.distance);
  const spent = { triangles: 0, draws: 0, pixels: 0 };
  const chosen: string[] = [];
  for (const { id, model } of near) {
    const fits =
      spent.triangles + model.triangles <= budget.triangles &&
      spent.draws + model.draws <= budget.draws &&
      spent.pixels + model.pixels <= budget.pixels;
    if (!fits && chosen.length > 0) continue;
    chosen.push(id);
    spent.triangles += model.triangles;
    spent.draws += model.draws;
    spent.pixels += model.pixels;
  }
  return chosen;
}
