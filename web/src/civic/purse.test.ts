import { expect, test } from "vitest";
import type { Api, Me } from "../api/client";
import { Topics } from "../net/topics";
import { Value } from "../value";
import { type Movement, Purse } from "./purse";

function movement(number: number, amount: number, kind: Movement["kind"] = "payment"): Movement {
  return { number, amount, kind, at: 0, with_name: "민", with_wallet: "000002-92", hash: `${number}` };
}

const citizen = (number: number) => ({ citizen: { number } }) as unknown as Me;

/** A wallet on a server: pages of `limit`, the newest first. */
function shop() {
  const kept: Movement[] = [movement(1, 10_000, "welcome")];
  const me = new Value<Me | null>(null);
  const http = {
    GET: (path: string, { params }: { params?: { query: { before?: number; limit: number } } } = {}) => {
      if (path === "/api/v1/wallet") {
        const balance = kept.reduce((sum, { amount }) => sum + amount, 0);
        return { balance, wallet_number: "000001-95", most_paid: 1_000_000 };
      }
      const { before = Number.POSITIVE_INFINITY, limit = 20 } = params?.query ?? {};
      const page = kept.filter(({ number }) => number < before).reverse();
      const movements = page.slice(0, limit);
      return { movements, before: page.length > limit ? movements.at(-1)?.number : null };
    },
  };
  const api = { me, http, take: async (answer: unknown) => answer } as unknown as Api;
  const topics = new Topics();
  const purse = new Purse(api, topics);
  const received: number[] = [];
  purse.onReceived = ({ number }) => received.push(number);
  return { kept, me, purse, topics, received };
}

/** Lets everything that was asked be answered. */
const settled = () => new Promise((resolve) => setTimeout(resolve));

test("what was there before is no news; what comes is told once, in order", async () => {
  const { kept, me, purse, topics, received } = shop();
  kept.push(movement(2, 50));
  me.set(citizen(1));
  await settled();
  expect([purse.wallet.get()?.balance, received]).toEqual([10_050, []]);
  kept.push(movement(3, 70), movement(4, -20), movement(5, 30));
  topics.tell("wallet");
  topics.tell("wallet");
  await settled();
  topics.tell("wallet");
  await settled();
  expect(received).toEqual([3, 5]);
  expect(purse.movements.get().map(({ number }) => number)).toEqual([5, 4, 3, 2, 1]);
});

test("older pages follow on, also after something new came", async () => {
  const { kept, me, purse, topics } = shop();
  for (let number = 2; number <= 45; number++) kept.push(movement(number, -1));
  me.set(citizen(1));
  await settled();
  expect([purse.movements.get().length, purse.hasMore]).toEqual([20, true]);
  await purse.more();
  kept.push(movement(46, 5));
  topics.tell("wallet");
  await settled();
  await purse.more();
  expect(purse.movements.get().map(({ number }) => number)).toEqual(
    Array.from({ length: 46 }, (_, index) => 46 - index),
  );
  expect(purse.hasMore).toBe(false);
});

test("another citizen, or none, sees nothing of the one before", async () => {
  const { me, purse } = shop();
  me.set(citizen(1));
  await settled();
  me.set({ citizen: null } as unknown as Me);
  expect([purse.wallet.get(), purse.movements.get()]).toEqual([null, []]);
  await settled();
  expect(purse.wallet.get()).toBeNull();
});
