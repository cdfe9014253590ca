import { expect, test } from "vitest";
import { type Bytes, utf8 } from "../../verify/bytes";
// What a city really signed; see `verify/verify.test.ts`.
import vectors from "../../verify/vectors.json";
import { type Asked, check, type Source, type StepResult } from "./checking";

interface Given {
  readonly vote: number;
  readonly city: string;
  readonly definition: string;
  readonly index: number;
  readonly leaf: string;
  readonly size: number;
  readonly root: string;
  readonly signature: string;
  readonly proof: readonly string[];
}

const given = vectors.receipts.map((text) => JSON.parse(text) as Given);
const last = given.reduce((a, b) => (b.size > a.size ? b : a));
const first = given.reduce((a, b) => (b.size < a.size ? b : a));
const textOf = (receipt: Given): string => vectors.receipts[given.indexOf(receipt)] as string;
const counted = utf8(vectors.counted);

/** The city, which answers by what it once signed: the log as it was when `head` was given. */
function city(head: Given, lies: Partial<Source> = {}): Source {
  const { size, root, signature, vote } = head;
  return {
    vote: async () =>
      ({ city: head.city, definition: head.definition, fingerprint: vectors.fingerprint }) as Awaited<
        ReturnType<Source["vote"]>
      >,
    inclusion: async () => ({
      index: head.index,
      head: { vote, size, root, signature },
      proof: [...head.proof],
    }),
    consistency: async () => [],
    export: async () => counted,
    ...lies,
  };
}

async function outcomes(asked: Partial<Asked>, source: Source): Promise<string[]> {
  const said: StepResult[] = [];
  await check({ receipt: "", vote: null, file: null, ...asked }, source, (result) => said.push(result));
  return said.map(({ step, outcome }) => `${step} ${outcome}`);
}

function spoilt(text: string, name: string): string {
  const at = text.indexOf(`"${name}":"`) + name.length + 4;
  return text.slice(0, at) + (text[at] === "0" ? "1" : "0") + text.slice(at + 1);
}

test("an honest receipt passes every step, asked of the city", async () => {
  expect(await outcomes({ receipt: textOf(last) }, city(last))).toEqual([
    "read passed",
    "signed passed",
    "key passed",
    "now passed",
    "recount passed",
  ]);
});

test("with a file from elsewhere nothing is asked of the city", async () => {
  const refuse = async (): Promise<never> => {
    throw new Error("asked");
  };
  const nobody: Source = { vote: refuse, inclusion: refuse, consistency: refuse, export: refuse };
  expect(await outcomes({ receipt: textOf(first), file: counted }, nobody)).toEqual([
    "read passed",
    "signed passed",
    "recount passed",
  ]);
  expect(await outcomes({ file: counted }, nobody)).toEqual(["recount passed"]);
});

test.each(["salt", "leaf", "root", "signature", "city", "definition"])(
  "a receipt with one digit of its %s changed fails",
  async (name) => {
    const found = await outcomes({ receipt: spoilt(textOf(last), name), file: counted }, city(last));
    expect(found).toContain("signed failed");
    expect(found).toContain("recount failed");
  },
);

test("what is no receipt is said to be none, and nothing else is tried", async () => {
  expect(await outcomes({ receipt: "안녕하세요" }, city(last))).toEqual(["read failed"]);
  expect(await outcomes({ receipt: `${textOf(last).slice(0, -2)}}` }, city(last))).toEqual(["read failed"]);
});

test("one flipped byte of the log fails the recount, wherever it is", async () => {
  for (let at = 3; at < counted.length; at += 523) {
    const bad: Bytes = counted.slice();
    bad[at] = (bad[at] as number) ^ 1;
    expect(await outcomes({ file: bad }, city(last))).toEqual(["recount failed"]);
  }
});

test("a city that shows a shorter log, another key, or a log that was rewritten is found out", async () => {
  expect(await outcomes({ receipt: textOf(last) }, city(first))).toContain("now failed");
  const other = city(last, {
    vote: async () => ({ city: "0".repeat(64), definition: last.definition }) as never,
  });
  expect(await outcomes({ receipt: textOf(last) }, other)).toContain("key failed");
  // The proof that the log grew from the first receipt's is missing.
  expect(await outcomes({ receipt: textOf(first) }, city(last))).toContain("now failed");
});
