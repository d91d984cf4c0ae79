import { expect, test } from "vitest";
import { endsNextDay, lacks, monday, preset, presets, rule, tidy } from "./rota";

process.env.TZ = "Europe/Vienna";
const THURSDAY = new Date("2026-05-14T01:12:00Z");

test("the first week begins on the Monday before, also on a Sunday and over a new year", () => {
  expect(monday(THURSDAY)).toBe("2026-05-11");
  expect(monday(new Date("2026-05-17T21:00:00Z"))).toBe("2026-05-11");
  expect(monday(new Date("2026-05-17T22:30:00Z"))).toBe("2026-05-18");
  expect(monday(new Date("2027-01-01T12:00:00Z"))).toBe("2026-12-28");
});

test("nights me, days the backup leaves no hour of the day without anybody", () => {
  const [nights, days] = preset("nights", "mia", ["ben", "eva"], THURSDAY);
  expect([nights?.people, days?.people]).toEqual([["mia"], ["ben"]]);
  expect([nights?.until, nights?.from]).toEqual([days?.from, days?.until]);
  expect(endsNextDay(nights!)).toBe(true);
  expect(endsNextDay(days!)).toBe(false);
  expect(nights?.starts_on).toBe("2026-05-04");
});

test("week about takes everybody in turn, day and night", () => {
  const [week] = preset("weeks", "mia", ["ben", "eva"], THURSDAY);
  expect(week?.people).toEqual(["mia", "ben", "eva"]);
  expect(week?.days).toHaveLength(7);
  expect(week?.starts_on).toBe("2026-05-11");
  expect(endsNextDay(week!)).toBe(true);
});

test("whoever is alone is not offered to share", () => {
  expect(presets(0)).toEqual(["always", "empty"]);
  expect(preset("always", "mia", [], THURSDAY)[0]?.people).toEqual(["mia"]);
  expect(preset("nights", "mia", [], THURSDAY)[0]?.people).toEqual(["mia"]);
  expect(presets(1)).toContain("nights");
});

test("a rule says what it lacks, and seconds of a picker are dropped", () => {
  const good = rule("20:00", "07:00", ["mia"], "2026-05-11");
  expect(lacks(good)).toBeNull();
  expect(lacks({ ...good, days: [] })).toBe("days");
  expect(lacks({ ...good, until: "" })).toBe("time");
  expect(lacks({ ...good, starts_on: "" })).toBe("date");
  expect(tidy({ ...good, from: "20:00:00", days: [2, 0] })).toMatchObject({ from: "20:00", days: [0, 2] });
});
