import { expect, test } from "vitest";
import { bytesOf, creationOptions, nameOfLoopback, obstacle, requestOptions, textOf } from "./passkey";

test.each([
  ["127.0.0.1", true, "address"],
  ["192.168.0.7", false, "address"],
  ["[::1]", true, "address"],
  ["gwangju.example", false, "insecure"],
  // Node has no passkeys: what is left is the browser's fault.
  ["localhost", true, "unsupported"],
] as const)("%s, secure: %s, is hindered by its %s", (host, isSecure, expected) => {
  expect(obstacle(host, isSecure)).toBe(expected);
});

test("this very device has a name, too; another one's address leads nowhere else", () => {
  expect(nameOfLoopback("http://127.0.0.1:8000/?spot=a")).toBe("http://localhost:8000/?spot=a");
  expect(nameOfLoopback("http://[::1]:8000/")).toBe("http://localhost:8000/");
  expect(nameOfLoopback("http://192.168.0.7:8000/")).toBeNull();
});

test("base64url goes both ways, without padding", () => {
  const bytes = Uint8Array.from([251, 255, 254, 0, 1]);
  expect(textOf(bytes.buffer)).toBe("-__-AAE");
  expect([...bytesOf("-__-AAE")]).toEqual([...bytes]);
});

test("options in JSON become options in bytes", () => {
  const made = creationOptions({
    challenge: "AQID",
    rp: { id: "localhost", name: "a" },
    user: { id: "BAU", name: "나은", displayName: "" },
    pubKeyCredParams: [{ type: "public-key", alg: -7 }],
    excludeCredentials: [{ id: "Bg", type: "public-key" }],
  });
  expect([...(made.challenge as Uint8Array)]).toEqual([1, 2, 3]);
  expect([...(made.user.id as Uint8Array)]).toEqual([4, 5]);
  expect(made.user.name).toBe("나은");
  const [known] = made.excludeCredentials ?? [];
  expect([...(known.id as Uint8Array)]).toEqual([6]);
  expect(requestOptions({ challenge: "AQID" }).allowCredentials).toEqual([]);
});
