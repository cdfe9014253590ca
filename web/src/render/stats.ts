/** What the view says of itself: frames, triangles, tiles. */

import type { ViewStats } from "./api";
import type { City } from "./city";
import type { Stage } from "./stage";

export function statsOf(stage: Stage | null, city: City | null, complete: boolean): ViewStats {
  const render = stage?.renderer.info.render;
  return {
    framesPerSecond: stage?.framesPerSecond ?? 0,
    drawCalls: render?.calls ?? 0,
    triangles: render?.triangles ?? 0,
    tilesLoaded: city?.tiles.tilesLoaded ?? 0,
    tilesVisible: city?.tiles.tilesVisible ?? 0,
    tilesAwaited: city?.tiles.tilesAwaited ?? 0,
    bytes: city?.tiles.bytes ?? 0,
    complete,
  };
}
