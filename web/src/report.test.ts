import { expect, test } from "vitest";
import { changesOf, linesOf } from "./report";
import { stepOf, untilOf } from "./statements";

test("changes come back as they were typed", () => {
  const typed = "Ask for the bill earlier; Rosa; 2026-06-01\nTrain the bar";
  expect(changesOf(typed)).toEqual([
    { what: "Ask for the bill earlier", who: "Rosa", by: "2026-06-01" },
    { what: "Train the bar", who: "", by: null },
  ]);
  expect(linesOf(changesOf(typed))).toBe(typed);
});

test("empty lines are no changes, and a day may stand before a name", () => {
  expect(changesOf("\n ; Rosa\nTrain; 2026-06-01; Rosa")).toEqual([
    { what: "Train", who: "Rosa", by: "2026-06-01" },
  ]);
});

test("a hold is quiet hours, a moment or a hand, and only one of them", () => {
  expect(untilOf("48", "2026-05-14T07:00")).toEqual({ quiet_for: "PT48H", manual: false });
  expect(untilOf("manual", "2026-05-14T07:00")).toEqual({ manual: true });
  expect(untilOf("at", "2026-05-14T07:00").at).toMatch(/^2026-05-1[345]T.*Z$/);
});

test("every state has its step on the way", () => {
  expect(["draft", "in_review", "approved", "held", "published"].map(stepOf)).toEqual([0, 1, 2, 3, 4]);
});
