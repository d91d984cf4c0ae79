/** The escalation plan as it is read and changed: groups by person, times from the first alarm. */

import type { PlanStep } from "./api";

export const PLACES = ["first", "second", "third"];
const EVERYONE = "everyone";
// What the server allows, in steps that a person can feel.
const WAITS = [10, 15, 30, 45, 60, 90, 120, 180, 240, 300, 600, 900];

export interface Told extends PlanStep {
  /** Its place in the whole plan, from 0. */
  place: number;
  /** Seconds since this person was first rung. */
  after: number;
  /** Seconds until the next step; none for a step that reaches nobody. */
  costs: number;
}

/** What the server sends, without what only the ringer needs. */
export function known(raw: Record<string, unknown>): PlanStep {
  return {
    who: String(raw.who ?? "first"),
    channels: (Array.isArray(raw.channels) ? raw.channels : []) as PlanStep["channels"],
    wait_seconds: Math.max(5, Math.round(Number(raw.wait_seconds) || 0)),
    unless_shown: raw.unless_shown === true,
  };
}

/** Steps in a row that ring the same person, with the time of each; `reaches` says which ones count. */
export function groups(steps: PlanStep[], reaches: (step: PlanStep) => boolean = () => true): Told[][] {
  const found: Told[][] = [];
  steps.forEach((step, place) => {
    const last = found.at(-1);
    const before = last?.at(-1);
    const told = { ...step, place, after: 0, costs: reaches(step) ? step.wait_seconds : 0 };
    if (last && before && before.who === step.who) last.push({ ...told, after: before.after + before.costs });
    else found.push([told]);
  });
  return found;
}

/** How long a group rings before the next one's turn. */
export const whole = (group: Told[]): number => group.reduce((sum, step) => sum + step.costs, 0);

/** The same once a phone has shown it: what that spares is waited for all the same. */
export const wholeWhenShown = (group: Told[]): number =>
  group.reduce((sum, step) => sum + (step.unless_shown ? step.wait_seconds : step.costs), 0);

/** The default, written out: it rings everybody in turn, and so must what is saved in its place. */
export function writtenOut(steps: PlanStep[], people: number): PlanStep[] {
  const named = PLACES.flatMap((who) => steps.map((step) => ({ ...step, who })));
  return people > PLACES.length ? [...named, ...steps.map((step) => ({ ...step, who: EVERYONE }))] : named;
}

/** Whether somebody on the ladder is in no step. */
export const leavesOut = (steps: PlanStep[], ids: string[]): boolean =>
  !steps.some((step) => step.who === EVERYONE) &&
  ids.some((id, place) => !steps.some(({ who }) => who === id || who === PLACES[place]));

/** The waits to choose from; one that is set already is always among them. */
export const waits = (now: number): number[] => [...new Set([...WAITS, now])].sort((a, b) => a - b);
