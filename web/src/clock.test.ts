import { expect, test } from "vitest";
import { clock, clockSeconds, forField, minutesBetween, spell, when } from "./clock";

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

test("what lies ahead has its day, and a date when its weekday would be read as this week’s", () => {
  expect(when("2026-05-17T00:00:00Z", now, "Europe/Vienna")).toBe("Sunday 02:00");
  expect(when("2026-05-21T00:00:00Z", now, "Europe/Vienna")).toBe("21 May 02:00");
});

test("a span of less than a day names its day once", () => {
  process.env.TZ = "Europe/Vienna";
  expect(spell("2026-05-17T00:00:00Z", "2026-05-17T06:00:00Z", now)).toBe("Sunday 02:00 to 08:00");
  expect(spell("2026-05-16T18:00:00Z", "2026-05-18T06:00:00Z", now)).toBe(
    "Saturday 20:00 to Monday 08:00",
  );
  expect(forField(new Date("2026-05-14T05:05:00Z"))).toBe("2026-05-14T07:05");
});
