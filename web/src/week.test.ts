import { beforeAll, expect, test } from "vitest";
import { covered, gapsAhead, nextHour, nowAndThen, turnsOf, week, type Turn } from "./week";

beforeAll(() => {
  process.env.TZ = "Europe/Vienna";
});

const at = (text: string) => new Date(text).getTime();
const turn = (user_id: string, starts_at: string, ends_at: string): Turn => ({
  user_id,
  name: user_id,
  starts_at,
  ends_at,
});

const from = at("2026-05-13T22:00:00Z");
const until = at("2026-05-14T22:00:00Z");
const night = turn("mia", "2026-05-13T20:00:00Z", "2026-05-14T05:00:00Z");
const day = turn("ben", "2026-05-14T05:00:00Z", "2026-05-14T18:00:00Z");

test("without a rota nobody is on shift the whole time", () => {
  expect(covered([], from, until)).toEqual([{ from, until, who: null, name: "" }]);
});

test("turns are cut at both ends and what they leave is nobody’s", () => {
  const spans = covered([[night, day]], from, until);
  expect(spans.map((one) => [one.who, one.until - one.from])).toEqual([
    ["mia", 7 * 3_600_000],
    ["ben", 13 * 3_600_000],
    [null, 4 * 3_600_000],
  ]);
});

test("a second rota holds only where the first has nobody", () => {
  const all = turn("eva", "2026-05-13T00:00:00Z", "2026-05-16T00:00:00Z");
  expect(covered([[night], [all]], from, until).map((one) => one.who)).toEqual(["mia", "eva"]);
});

test("two turns of one person in a row are one span", () => {
  const again = turn("mia", "2026-05-14T05:00:00Z", "2026-05-15T05:00:00Z");
  expect(covered([[night, again]], from, until)).toHaveLength(1);
});

test("a gap that has begun is counted from now on, one that is over not at all", () => {
  const spans = covered([[day]], from, until);
  const now = at("2026-05-14T01:12:00Z");
  expect(gapsAhead(spans, now).map((one) => one.from)).toEqual([now, at("2026-05-14T18:00:00Z")]);
  expect(gapsAhead(spans, until)).toEqual([]);
});

test("now and then are the span of this moment and the next one", () => {
  const [now, then] = nowAndThen(covered([[night, day]], from, until), at("2026-05-14T01:12:00Z"));
  expect([now?.who, then?.who]).toEqual(["mia", "ben"]);
  expect(nowAndThen([], 0)).toEqual([undefined, undefined]);
});

test("a night is drawn on both of its days, by the wall clock", () => {
  const now = new Date("2026-05-13T10:00:00Z");
  const days = week(covered([[night]], at("2026-05-12T22:00:00Z"), until), now);
  expect(days).toHaveLength(7);
  const drawn = days.map((one) =>
    one.bars.filter((bar) => bar.who).map((bar) => [bar.left * 24, bar.right * 24]),
  );
  expect(drawn.slice(0, 2)).toEqual([[[22, 24]], [[0, 7]]]);
});

test("on the day that has 23 hours noon is still in the middle", () => {
  const now = new Date("2026-03-29T08:00:00Z");
  const spans = covered([[turn("mia", "2026-03-29T10:00:00Z", "2026-03-29T22:00:00Z")]], 0, at("2026-03-30"));
  expect(week(spans, now)[0]?.bars.at(1)).toMatchObject({ who: "mia", left: 0.5, right: 1 });
});

test("the next seven o’clock is today’s or tomorrow’s, also over a change of the clock", () => {
  expect(nextHour(7, new Date("2026-05-14T01:12:00Z")).toISOString()).toBe("2026-05-14T05:00:00.000Z");
  expect(nextHour(7, new Date("2026-05-14T05:00:00Z")).toISOString()).toBe("2026-05-15T05:00:00.000Z");
  expect(nextHour(7, new Date("2026-10-24T20:00:00Z")).toISOString()).toBe("2026-10-25T06:00:00.000Z");
});

test("my turns are mine and not over", () => {
  expect(turnsOf([night, day], "mia", at("2026-05-14T04:00:00Z"))).toEqual([night]);
  expect(turnsOf([night, day], "mia", at("2026-05-14T06:00:00Z"))).toEqual([]);
});
