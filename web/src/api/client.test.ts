import { expect, test } from "vitest";
import { Api, type Me } from "./client";
import { ProblemError } from "./problem";

const VISITOR = { citizen: null, roles: [], may: [], organisations: [], csrf: null };

function me(csrf: string | null): Me {
  return { ...VISITOR, csrf } as unknown as Me;
}

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": status < 400 ? "application/json" : "application/problem+json" },
  });
}

const CSRF = { code: "csrf", ko: "오래됨", en: "out of date" };

/** A server that writes down what it was asked, and answers in turn. */
function server(...answers: (() => Response)[]): { readonly api: Api; readonly asked: Request[] } {
  const asked: Request[] = [];
  const api = new Api(async (request) => {
    asked.push(request);
    const answer = answers.shift();
    if (answer === undefined) throw new TypeError("no route");
    return answer();
  });
  return { api, asked };
}

globalThis.location = { origin: "http://localhost" } as Location;

test("a change carries the session's token and a key of its own", async () => {
  const { api, asked } = server(() => json({}));
  api.keep(me("token"));
  await api.take(api.http.POST("/api/v1/recovery-codes"));
  expect(asked[0].headers.get("X-CSRF-Token")).toBe("token");
  expect(asked[0].headers.get("Idempotency-Key")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
});

test("another tab signed in: the token is fetched anew, and the same request sent once more", async () => {
  const { api, asked } = server(
    () => json(CSRF, 403),
    () => json(me("new")),
    () => json({ code: "AAAAA-BBBBB", expires_at: 1 }, 201),
  );
  api.keep(me("old"));
  const made = await api.take(api.http.POST("/api/v1/device-codes"));
  expect(made.code).toBe("AAAAA-BBBBB");
  expect(asked.map(({ headers }) => headers.get("X-CSRF-Token"))).toEqual(["old", null, "new"]);
  const keys = [asked[0], asked[2]].map(({ headers }) => headers.get("Idempotency-Key"));
  expect(keys[0]).toBe(keys[1]);
});

test("a token that is refused twice is told, not asked for ever", async () => {
  const { api, asked } = server(
    () => json(CSRF, 403),
    () => json(me("new")),
    () => json(CSRF, 403),
  );
  await expect(api.take(api.http.POST("/api/v1/device-codes"))).rejects.toMatchObject({ code: "csrf" });
  expect(asked).toHaveLength(3);
});

test("a problem document speaks for itself; anything else is said in the page's words", async () => {
  const funds = { code: "insufficient_funds", ko: "모자라요", en: "not enough" };
  const { api } = server(
    () => json(funds, 409),
    () => new Response("<html>bad gateway</html>", { status: 502 }),
  );
  const problem = await api.take(api.http.GET("/api/v1/wallet")).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(ProblemError);
  expect(problem).toMatchObject({ status: 409, said: { ko: "모자라요", en: "not enough" }, passes: false });
  const gateway = await api.take(api.http.GET("/api/v1/wallet")).catch((error: unknown) => error);
  expect(gateway).toMatchObject({ status: 502, code: "unreadable", passes: true });
});

test("without an answer the page says so", async () => {
  const { api } = server();
  const lost = await api.take(api.http.GET("/api/v1/wallet")).catch((error: unknown) => error);
  expect(lost).toMatchObject({ status: 0, code: "offline", passes: true });
});

test("an answer that stops half way is none", async () => {
  const { api } = server(() => {
    const body = new ReadableStream({
      start: (stream) => stream.error(new DOMException("signal timed out", "TimeoutError")),
    });
    return new Response(body, { headers: { "content-type": "application/json" } });
  });
  await expect(api.take(api.http.GET("/api/v1/wallet"))).rejects.toMatchObject({ code: "slow" });
});

test("whoever is signed out elsewhere is a visitor here, too", async () => {
  const { api } = server(
    () => json({ code: "not_allowed", ko: "시민만", en: "citizens only" }, 403),
    () => json(me(null)),
  );
  api.keep({ ...me("token"), citizen: { number: 1 } } as unknown as Me);
  await expect(api.take(api.http.GET("/api/v1/wallet"))).rejects.toMatchObject({ code: "not_allowed" });
  expect(api.me.get()?.citizen).toBeNull();
});
