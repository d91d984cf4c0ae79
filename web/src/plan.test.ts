import { expect, test } from "vitest";
import type { PlanStep } from "./api";
import { groups, known, leavesOut, waits, whole, wholeWhenShown, writtenOut } from "./plan";
import { words } from "./words";

const steps: PlanStep[] = [
  { who: "first", channels: ["webpush"], wait_seconds: 30, unless_shown: false },
  { who: "first", channels: ["sms"], wait_seconds: 90, unless_shown: true },
  { who: "first", channels: ["voice"], wait_seconds: 180, unless_shown: false },
];

test("what the server keeps for its ringer is not sent back to it", () => {
  const raw = { who: "first", people: null, channels: ["voice"], wait_seconds: 60.0 };
  expect(known(raw)).toEqual({ who: "first", channels: ["voice"], wait_seconds: 60, unless_shown: false });
});

test("each step knows how long after the first alarm it comes", () => {
  const [group] = groups(steps);
  expect(group?.map((step) => step.after)).toEqual([0, 30, 120]);
  expect(whole(group ?? [])).toBe(300);
});

test("a step that reaches nobody costs no time", () => {
  const [group] = groups(steps, (step) => !step.channels.includes("sms"));
  expect(group?.map((step) => step.after)).toEqual([0, 30, 30]);
  expect(whole(group ?? [])).toBe(210);
});

test("the default written out rings everybody that it rang before", () => {
  const two = writtenOut(steps, 2);
  expect(groups(two).map((group) => group[0]?.who)).toEqual(["first", "second", "third"]);
  expect(leavesOut(two, ["a", "b", "c"])).toBe(false);
  expect(leavesOut(two, ["a", "b", "c", "d"])).toBe(true);
  expect(leavesOut(writtenOut(steps, 4), ["a", "b", "c", "d"])).toBe(false);
});

test("a plan that names only the first leaves the backup out, and one by name does not", () => {
  expect(leavesOut(steps, ["a", "b"])).toBe(true);
  expect(leavesOut([...steps, { ...steps[0]!, who: "b" }], ["a", "b"])).toBe(false);
});

test("a step that a shown alarm spares is waited for once a phone has shown it", () => {
  const push = { who: "first", channels: ["webpush" as const], wait_seconds: 30, unless_shown: false };
  const text = { who: "first", channels: ["sms" as const], wait_seconds: 90, unless_shown: true };
  const [group] = groups([push, text], (step) => !step.channels.includes("sms"));
  expect([whole(group!), wholeWhenShown(group!)]).toEqual([30, 120]);
});

test("a wait that somebody set by a program stays choosable", () => {
  expect(waits(77)).toContain(77);
  expect(waits(30).filter((one) => one === 30)).toHaveLength(1);
});

test("seconds are said as people say them", () => {
  expect([30, 60, 90, 120, 150, 300].map(words.plan.length)).toEqual([
    "30 s",
    "1 min",
    "90 s",
    "2 min",
    "2.5 min",
    "5 min",
  ]);
});
