import { expect, test } from "vitest";
import { uuid7 } from "./uuid";

test("the example of RFC 9562, appendix A.6", () => {
  const random = Uint8Array.from([
    0, 0, 0, 0, 0, 0, 0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f,
  ]);
  expect(uuid7(0x017f22e279b0, random)).toBe("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
});

test("a later one stands behind an earlier one, and no two are the same", () => {
  expect(uuid7(1_800_000_000_001) > uuid7(1_800_000_000_000)).toBe(true);
  expect(new Set(Array.from({ length: 200 }, () => uuid7(5))).size).toBe(200);
});
