/** The shifts that come again: how a rota may begin, and what a rule still needs. */

import type { ShiftRule } from "./api";

export const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];

/** The Monday of this week here, or so many weeks before, as a rule keeps it. */
export function monday(now: Date, before = 0): string {
  const back = ((now.getDay() + 6) % 7) + 7 * before;
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() - back);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

export const rule = (from: string, until: string, people: string[], starts_on: string): ShiftRule => ({
  days: [...EVERY_DAY],
  from,
  until,
  people,
  starts_on,
});

export type Preset = "nights" | "weeks" | "always" | "empty";

/**
 * The rules of a beginning. A week changes hands on Monday at nine, when both are awake. What nobody
 * takes in turn began a week ago: the night that is going on now belongs to it.
 */
export function preset(name: Preset, me: string, others: string[], now: Date): ShiftRule[] {
  const backup = others[0];
  const starts_on = monday(now, name === "weeks" ? 0 : 1);
  if (name === "nights" && backup)
    return [rule("20:00", "07:00", [me], starts_on), rule("07:00", "20:00", [backup], starts_on)];
  if (name === "weeks" && backup) return [rule("09:00", "09:00", [me, ...others], starts_on)];
  return name === "empty" ? [] : [rule("09:00", "09:00", [me], starts_on)];
}

/** Which presets make sense with so many others. */
export const presets = (others: number): Preset[] =>
  others ? ["nights", "weeks", "empty"] : ["always", "empty"];

export type Need = "days" | "time" | "date";

/** What a rule lacks, if anything. */
export function lacks(one: ShiftRule): Need | null {
  if (!one.days.length) return "days";
  if (!/^\d\d:\d\d/.test(one.from) || !/^\d\d:\d\d/.test(one.until)) return "time";
  return /^\d{4}-\d\d-\d\d$/.test(one.starts_on) ? null : "date";
}

/** Pickers of some phones add seconds; a rule has none. */
export const tidy = (one: ShiftRule): ShiftRule => ({
  ...one,
  days: [...one.days].sort(),
  from: one.from.slice(0, 5),
  until: one.until.slice(0, 5),
});

/** An end that is not after the beginning lies on the next day. */
export const endsNextDay = ({ from, until }: ShiftRule): boolean => until.slice(0, 5) <= from.slice(0, 5);
