import { expect, test } from "vitest";
import { lookFor } from "./look";

test("between 22:00 and 07:00 it is dark whatever the system says", () => {
  for (const hour of [22, 23, 0, 3, 6]) expect(lookFor("clock", hour, true)).toBe("night");
});

test("by day the system decides", () => {
  expect(lookFor("clock", 7, true)).toBe("day");
  expect(lookFor("clock", 21, false)).toBe("night");
});

test("the night rule can be switched off, and darkness can be kept", () => {
  expect(lookFor("system", 3, true)).toBe("day");
  expect(lookFor("night", 12, true)).toBe("night");
});
