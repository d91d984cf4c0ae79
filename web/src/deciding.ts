/** What an action is at this moment, and which sentence says it: pure, without a screen. */

import type { Action, Entry, Line, Option, Result } from "./api";
import { clockSeconds } from "./clock";
import type { Name } from "./parts/Shape.svelte";
import { words } from "./words";

export type Phase = "open" | "asked" | "agreed" | "moving" | "done" | "back";

const PHASES: Record<string, Phase> = {
  awaiting_approval: "asked",
  ready: "agreed",
  counting_down: "moving",
  executing: "moving",
  reverting: "moving",
  succeeded: "done",
  partially_succeeded: "done",
  failed: "done",
  reverted: "back",
};

/** Where a decision stands; “open” while there is nothing, or nothing but a proposal. */
export const phaseOf = (action: Action | undefined): Phase => PHASES[action?.state ?? ""] ?? "open";

/** The take-down that is looked at: the newest that was not given up. */
export const current = (actions: Action[]): Action | undefined =>
  actions.find((one) => one.kind === "take_down" && one.state !== "cancelled" && one.state !== "proposed");

/** Take-downs of which something is down, newest first. */
export const down = (actions: Action[]): Action[] =>
  actions.filter((one) => one.kind === "take_down" && one.results.some((place) => place.stands));

export const namesOf = (places: { name: string }[]): string[] => [...new Set(places.map((one) => one.name))];

export interface Said {
  shape: Name;
  word: string;
  tone?: "" | "bad" | "dim";
  sub: string;
}

const SURE: Record<string, Name> = { proven: "proven", expected: "half", by_hand: "ring" };

/** How sure something is, as shape and word. */
export const sureOf = (certainty: string): { shape: Name; word: string } => ({
  shape: SURE[certainty] ?? "ring",
  word: words.acting.sure[certainty] ?? certainty,
});

/** One place as shape, word and sentence; `at` tells a time with seconds as at the client. */
export function told(one: Result, at: (moment: string) => string): Said {
  const say = words.acting;
  if (one.state === "done") return done(one, at);
  if (one.state === "preparing") return { shape: "half", word: say.steps.preparing ?? "", sub: say.saving };
  if (one.state === "sending") return { shape: "half", word: say.steps.sending ?? "", sub: say.saved };
  if (one.state === "looking") {
    const sub = one.sent_at ? say.askedAt(at(one.sent_at)) : say.saved;
    return { shape: "half", word: say.steps.looking ?? "", sub };
  }
  const sub = words.sentence(one.detail);
  if (one.state === "by_hand") return { shape: "ring", word: say.steps.by_hand ?? "", sub };
  if (one.state === "planned") return { shape: "half", word: say.steps.planned ?? "", tone: "dim", sub };
  return { shape: "struck", word: say.steps[one.state] ?? one.state, tone: "bad", sub };
}

function done(one: Result, at: (moment: string) => string): Said {
  const say = words.acting;
  const back = one.way === "back";
  const word = back ? say.isBack : one.done_by ? (say.steps.by_hand ?? "") : say.checked;
  if (one.done_by) return { shape: "tick", word, sub: say.doneBy(one.done_by, at(one.seen_at ?? "")) };
  const did = back ? say.didBack : (say.did[one.verb] ?? say.checked);
  const sent = one.sent_at ? `${did} ${at(one.sent_at)}.` : `${did}.`;
  return { shape: "tick", word, sub: one.seen_at ? `${sent} ${say.readBack(at(one.seen_at))}` : sent };
}

/** “Facebook and Website are down.”: the one sentence about what was done. */
export function outcome(action: Action): string {
  const say = words.acting;
  const standing = action.results.filter((one) => one.stands && one.state === "done");
  const hand = action.results.filter((one) => one.state === "by_hand");
  const lost = action.results.filter((one) => one.state === "lost");
  const not = action.results.filter((one) => one.state === "refused");
  const isBack = action.results.filter((one) => one.way === "back" && one.state === "done");
  if (standing.length) return say.down(namesOf(standing));
  if (isBack.length) return say.up(namesOf(isBack));
  if (lost.length) return say.notKnown(namesOf(lost));
  return not.length ? say.notDown(namesOf(not)) : say.needsHand(namesOf(hand));
}

/** What the owner was told of this action, as the timeline has it; null while nothing is known. */
export function ownerTold(entries: Entry[], action: Action): Entry | null {
  const from = action.ended_at ?? action.started_at ?? "";
  const kinds = ["owner_told", "owner_not_told"];
  return entries.find((one) => kinds.includes(one.kind) && one.at >= from) ?? null;
}

const CALLS = ["called", "no_answer", "wrong_number", "said_yes", "said_no", "wants_to_think"];

/** Whether a call was begun and nobody has written down what was said. */
export const spokeWith = (entries: Entry[]): boolean =>
  entries.find((one) => CALLS.includes(one.kind))?.kind === "called";

export interface Told {
  text: string;
  proof: string;
  /** What this line has become meanwhile; empty while it is still so. */
  now: string;
}

const plain = (text: string) => text.replace(/\d+/g, "#");

/** The script as it is being read, each line with what it has become; and what is new. */
export function changed(read: Line[], fresh: Line[]): { lines: Told[]; more: string[] } {
  const left = fresh.filter((one) => !read.some((old) => old.text === one.text));
  const lines = read.map((old) => {
    const now = left.find((one) => plain(one.text) === plain(old.text));
    return { ...old, now: fresh.some((one) => one.text === old.text) ? "" : (now?.text ?? "") };
  });
  const used = new Set(lines.map((one) => one.now));
  return { lines, more: left.map((one) => one.text).filter((text) => !used.has(text)) };
}

/** Which options are ticked at first. */
export const suggested = (goes: Option[]): string[] =>
  goes.filter((one) => one.suggested).map((one) => one.key);

/** A time with its seconds, as at the client. */
export const atOf = (zone: string | undefined) => (moment: string) =>
  moment ? clockSeconds(moment, zone) : "";
