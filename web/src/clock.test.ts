import { expect, test } from "vitest";
import { clock, clockSeconds, minutesBetween, when } from "./clock";

const now = new Date("2026-05-14T01:12:08Z");

test("a time is read in the zone of the client", () => {
  expect(clock(now, "Europe/Vienna")).toBe("03:12");
  expect(clockSeconds(now, "Europe/Vienna")).toBe("03:12:08");
  expect(clock("2026-05-13T22:00:00Z", "Europe/Vienna")).toBe("00:00");
});

test("today is a time, this week a day, before that a date", () => {
  expect(when("2026-05-13T23:50:00Z", now, "Europe/Vienna")).toBe("01:50");
  expect(when("2026-05-13T19:04:00Z", now, "Europe/Vienna")).toBe("Wednesday 21:04");
  expect(when("2026-05-03T16:00:00Z", now, "Europe/Vienna")).toBe("3 May 18:00");
});

test("minutes are rounded up, so that nothing looks fresher than it is", () => {
  expect(minutesBetween("2026-05-14T01:06:30Z", "2026-05-14T01:12:08Z")).toBe(6);
  expect(minutesBetween("2026-05-14T01:12:08Z", "2026-05-14T01:12:08Z")).toBe(1);
});
