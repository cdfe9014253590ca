/** The city's API: typed by its own description, with the session's token on every change. */

import createClient, { type Client } from "openapi-fetch";
import { Value } from "../value";
import { ProblemError, readProblem, unanswered } from "./problem";
import type { components, paths } from "./schema";
import { uuid7 } from "./uuid";

export type Schemas = components["schemas"];
export type Me = Schemas["Me"];

/** Nobody waits longer than this for an answer, ms. */
const LONGEST_WAIT = 20_000;
const SAFE = new Set(["GET", "HEAD"]);

/** What `openapi-fetch` returns. */
interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** `openapi-fetch` spells read-only arrays out as objects; this makes arrays of them again. */
type Plain<T> = T extends object
  ? T extends { readonly length: number; readonly [index: number]: infer E }
    ? readonly Plain<E>[]
    : { readonly [K in keyof T]: Plain<T[K]> }
  : T;

export class Api {
  /** Whoever asks, as the server said last; null until it has. */
  readonly me = new Value<Me | null>(null);
  readonly http: Client<paths>;

  /** @param send The browser's `fetch`, or a test's. */
  constructor(private readonly send: (request: Request) => Promise<Response> = (request) => fetch(request)) {
    this.http = createClient<paths>({
      baseUrl: globalThis.location?.origin ?? "",
      fetch: (request) => this.ask(request),
    });
  }

  /** The data of an answer. Throws ProblemError for every other answer, and where none came. */
  async take<T>(asked: Promise<Answer<T>>): Promise<Plain<T>> {
    const { data, error, response } = await asked.catch((reason: unknown) => {
      // An answer may also stop half way.
      throw reason instanceof ProblemError ? reason : unanswered(reason);
    });
    if (response.ok) return data as Plain<T>;
    const problem = readProblem(response.status, error);
    // Signed out elsewhere, or the session is over: the page must not go on as if it were not.
    const isOver = problem.status === 401 || problem.code === "not_allowed";
    if (isOver && this.me.get()?.citizen) await this.refresh();
    throw problem;
  }

  /** Ask anew who I am. */
  async refresh(): Promise<Me> {
    return this.keep(await this.take(this.http.GET("/api/v1/session")));
  }

  /** Somebody was told who they are: it counts from here on. */
  keep(me: Me): Me {
    this.me.set(me);
    return me;
  }

  private async ask(request: Request): Promise<Response> {
    if (SAFE.has(request.method)) return this.answer(request);
    if (!request.headers.has("Idempotency-Key")) request.headers.set("Idempotency-Key", uuid7());
    const again = request.clone();
    const response = await this.answer(this.signed(request));
    if (response.status !== 403) return response;
    const body: unknown = await response
      .clone()
      .json()
      .catch(() => null);
    if (readProblem(403, body).code !== "csrf") return response;
    // Another tab signed in or out meanwhile. Nothing was done yet, so it may be asked once more.
    await this.refresh();
    return this.answer(this.signed(again));
  }

  private signed(request: Request): Request {
    const token = this.me.get()?.csrf;
    if (token) request.headers.set("X-CSRF-Token", token);
    return request;
  }

  private async answer(request: Request): Promise<Response> {
    try {
      return await this.send(new Request(request, { signal: AbortSignal.timeout(LONGEST_WAIT) }));
    } catch (error) {
      throw unanswered(error);
    }
  }
}
