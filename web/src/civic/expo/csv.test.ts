import { expect, test } from "vitest";
import { csvOf } from "./csv";

test("cells are quoted where they must be", () => {
  expect(csvOf([["a", 'say "hi"', "1,2", "x\ny"]])).toBe('\uFEFFa,"say ""hi""","1,2","x\ny"\r\n');
});

test("nothing that a visitor wrote is taken for a formula", () => {
  expect(csvOf([['=HYPERLINK("http://x")', "+82 10", "@a", "-1"]])).toBe(
    `\uFEFF"'=HYPERLINK(""http://x"")",'+82 10,'@a,'-1\r\n`,
  );
});
