import { expect, test } from "vitest";
import { stillGood, type Wish } from "./outbox";

const wish = (at: number): Wish => ({
  key: String(at),
  path: "/v1/escalations/esc_1/acknowledge",
  body: {},
  at,
});

test("a tap of half an hour ago is not sent any more", () => {
  const minute = 60_000;
  const left = stillGood([wish(0), wish(20 * minute)], 31 * minute);
  expect(left.map((one) => one.at)).toEqual([20 * minute]);
});
