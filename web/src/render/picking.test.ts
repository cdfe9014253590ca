import { Matrix4, PerspectiveCamera, Vector3 } from "three";
import { expect, test } from "vitest";
import { personAlong, personAt, type Standing } from "./picking";

const [WIDTH, HEIGHT] = [800, 600];
const EYE = new Vector3(0, 1.6, 0);

/** Looking north, along −Z. */
function clipFromWorld(): Matrix4 {
  const camera = new PerspectiveCamera(50, WIDTH / HEIGHT, 0.1, 1000);
  camera.position.copy(EYE);
  camera.updateMatrixWorld();
  return new Matrix4().multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse);
}

const at = (people: Standing[], x: number, y: number) =>
  personAt(people, clipFromWorld(), EYE, WIDTH, HEIGHT, x, y);
const person = (id: number, x: number, z: number): Standing => ({ id, x, y: 0, z, height: 2.1 });

test("a press on somebody's middle means them, beside them nobody", () => {
  const people = [person(1, 0, -5)];
  expect(at(people, 400, 330)).toBe(1);
  expect(at(people, 400 + 110, 330)).toBeNull();
  expect(at(people, 400, 20)).toBeNull();
});

test("of two behind one another the nearer is meant", () => {
  expect(at([person(1, 0, -20), person(2, 0, -5)], 400, 330)).toBe(2);
  expect(at([person(2, 0, -5), person(1, 0, -20)], 400, 330)).toBe(2);
});

test("nobody behind me, and nobody far away, is meant", () => {
  expect(at([person(1, 0, 5)], 400, 330)).toBeNull();
  expect(at([person(1, 0, -90)], 400, 305)).toBeNull();
});

test("far people are as large as a fingertip", () => {
  const people = [person(1, 0, -50)];
  expect(at(people, 400 + 20, 312)).toBe(1);
  expect(at(people, 400 + 26, 312)).toBeNull();
});

test("a ray means whom it passes within arm's width, ahead of it, the nearest first", () => {
  const north = new Vector3(0, 0, -1);
  const hand = new Vector3(0, 1.2, 0);
  expect(personAlong([person(1, 0.3, -9), person(2, 0.2, -4)], hand, north)).toBe(2);
  expect(personAlong([person(1, 0.8, -4)], hand, north)).toBeNull();
  expect(personAlong([person(1, 0, 4)], hand, north)).toBeNull();
  expect(personAlong([person(1, 0, -4)], hand, new Vector3(0, 0.9, -0.435).normalize())).toBeNull();
});
