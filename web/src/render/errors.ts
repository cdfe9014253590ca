/**
 * What can go wrong while the city is set up.
 *
 *     Error
 *     └── CityViewError
 *         ├── GraphicsError   the browser gives no WebGL 2
 *         └── CityDataError   the city's files are missing or not what they should be
 */

export class CityViewError extends Error {
  override readonly name: string = "CityViewError";
}

export class GraphicsError extends CityViewError {
  override readonly name = "GraphicsError";
}

export class CityDataError extends CityViewError {
  override readonly name = "CityDataError";
}
