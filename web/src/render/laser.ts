/** What a laser in the city means: the same things as a press on the picture, chosen the same way. */

import { PerspectiveCamera, Vector3 } from "three";
import type { VrThing } from "./api";
import type { Booths } from "./booths";
import { personAlong, type Standing } from "./picking";
import type { Pins } from "./pins";

/** A laser is the middle of a picture of this many pixels to a side, seen through this field of view, degrees. */
const PICTURE = 1000;
const FIELD = 60;
/** A ray steeper than this leaves no direction for the picture's upper edge. */
const STEEP = 0.999;

export class Lasers {
  private readonly camera = new PerspectiveCamera(FIELD, 1, 0.1, 1000);
  private readonly ahead = new Vector3();

  constructor(
    private readonly people: { standing(): Iterable<Standing> },
    private readonly pins: Pick<Pins, "at">,
    private readonly booths: Pick<Booths, "along">,
  ) {}

  /** Somebody before a pin, a pin before a booth; null: nothing. */
  along(origin: Vector3, direction: Vector3): VrThing | null {
    const person = personAlong(this.people.standing(), origin, direction);
    if (person !== null) return { kind: "person", id: `${person}` };
    const middle = PICTURE / 2;
    const pin = this.pins.at([middle, middle], this.lookAlong(origin, direction), PICTURE, PICTURE);
    if (pin !== null) return { kind: "pin", id: pin };
    const booth = this.booths.along(origin, direction);
    return booth === null ? null : { kind: "booth", id: booth };
  }

  private lookAlong(origin: Vector3, direction: Vector3): PerspectiveCamera {
    const { camera, ahead } = this;
    const isSteep = Math.abs(direction.y) > STEEP;
    camera.up.set(0, isSteep ? 0 : 1, isSteep ? 1 : 0);
    camera.position.copy(origin);
    camera.lookAt(ahead.copy(origin).add(direction));
    camera.updateMatrixWorld();
    return camera;
  }
}
