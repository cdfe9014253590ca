import { expect, test } from "vitest";
import { Saving } from "./saving";

const HERE = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 4, 1.6, -7, 1];
const A_STEP_ON = HERE.with(14, -7.1);
const A_BREATH_ON = HERE.with(13, 1.602);

function saver(): Saving {
  const saving = new Saving();
  saving.on = true;
  saving.drew(0, HERE);
  return saving;
}

test("who does not save power gets every picture", () => {
  const saving = new Saving();
  saving.drew(0, HERE);
  expect(saving.isDue(1, HERE)).toBe(true);
});

test("the first picture waits for nothing", () => {
  const saving = new Saving();
  saving.on = true;
  expect(saving.isDue(0, HERE)).toBe(true);
});

test("a still view is drawn once a second", () => {
  expect(saver().isDue(999, A_BREATH_ON)).toBe(false);
  expect(saver().isDue(1000, HERE)).toBe(true);
});

test("a moving view is drawn ten times a second", () => {
  expect(saver().isDue(99, A_STEP_ON)).toBe(false);
  expect(saver().isDue(100, A_STEP_ON)).toBe(true);
});

test("a picture that is not good any more is drawn anew at once", () => {
  const saving = saver();
  saving.forget();
  expect(saving.isDue(1, HERE)).toBe(true);
});
