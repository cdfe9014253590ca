import { expect, test } from "vitest";
import { followFaults } from "./faults";

function watched() {
  const [window, canvas] = [new EventTarget(), new EventTarget()];
  return { window, canvas, fault: followFaults(window, canvas) };
}

test("an error that nobody caught is told once", () => {
  const { window, fault } = watched();
  window.dispatchEvent(new Event("unhandledrejection"));
  expect(fault.get()).toBe("error");
  fault.set("none");
  window.dispatchEvent(new Event("error"));
  expect(fault.get()).toBe("none");
});

test("a layout that took another round is no fault", () => {
  const { window, fault } = watched();
  window.dispatchEvent(Object.assign(new Event("error"), { message: "ResizeObserver loop completed" }));
  expect(fault.get()).toBe("none");
});

test("graphics that stopped are told for as long as they are gone", () => {
  const { canvas, fault } = watched();
  canvas.dispatchEvent(new Event("webglcontextlost"));
  expect(fault.get()).toBe("graphics");
  canvas.dispatchEvent(new Event("webglcontextrestored"));
  expect(fault.get()).toBe("none");
});
