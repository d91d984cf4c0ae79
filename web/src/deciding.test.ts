import { expect, test } from "vitest";
import type { Action, Entry, Line, Result } from "./api";
import { changed, current, down, outcome, ownerTold, phaseOf, spokeWith, told } from "./deciding";

const line = (text: string, proof = ""): Line => ({ text, proof });
const entry = (kind: string, at = "2026-05-12T01:20:00Z") => ({ kind, at }) as Entry;
const at = (moment: string) => moment.slice(11, 19);

function place(more: Partial<Result>): Result {
  const one = { name: "Facebook", verb: "take_down", way: "there", state: "done", detail: "", done_by: "" };
  return { ...one, stands: false, sent_at: null, seen_at: null, ...more } as Result;
}
const action = (state: string, ...results: Result[]) =>
  ({ id: state, kind: "take_down", state, results, started_at: null, ended_at: null }) as unknown as Action;

test("a fact that changed while reading is marked and the line stays as it was read", () => {
  const read = [line("15 new reviews since 01:50.", "pulse"), line("13 are one star."), line("Is that okay?")];
  const fresh = [line("17 new reviews since 01:50.", "pulse"), line("13 are one star."), line("Is that okay?")];
  const { lines, more } = changed(read, fresh);
  expect(lines.map((one) => one.text)).toEqual(read.map((one) => one.text));
  expect(lines.map((one) => one.now)).toEqual(["17 new reviews since 01:50.", "", ""]);
  expect(more).toEqual([]);
});

test("a line that was not there is told as new, and one that dropped out is left alone", () => {
  const { lines, more } = changed([line("A."), line("B.")], [line("A."), line("We cannot see Google.")]);
  expect(lines.map((one) => one.now)).toEqual(["", ""]);
  expect(more).toEqual(["We cannot see Google."]);
});

test("the newest take-down that was not given up is looked at", () => {
  const actions = [action("cancelled"), action("proposed"), action("ready"), action("reverted")];
  expect(current(actions)?.id).toBe("ready");
  expect(phaseOf(current(actions))).toBe("agreed");
  expect(phaseOf(undefined)).toBe("open");
  expect(phaseOf(action("some_new_word"))).toBe("open");
});

test("only what still stands can be put back", () => {
  const both = [action("reverted", place({ way: "back" })), action("succeeded", place({ stands: true }))];
  expect(down(both).map((one) => one.id)).toEqual(["succeeded"]);
});

test("each place says what was done and when it was read back", () => {
  const times = { sent_at: "2026-05-12T03:16:21Z", seen_at: "2026-05-12T03:16:26Z" };
  expect(told(place(times), at).sub).toBe("Hidden 03:16:21. Read back 03:16:26.");
  expect(told(place({ state: "preparing" }), at).sub).toBe("Saving how it was.");
  expect(told(place({ state: "looking", ...times }), at).sub).toContain("Asked at 03:16:21.");
  const refused = told(place({ state: "refused", detail: "sign in again" }), at);
  expect([refused.shape, refused.tone, refused.sub]).toEqual(["struck", "bad", "Sign in again."]);
  expect(told(place({ done_by: "Mia", ...times }), at).sub).toBe("Mia did it by hand at 03:16:26.");
});

test("the headline never says that something is down which is not", () => {
  const facebook = place({ stands: true });
  const website = place({ name: "Website", state: "by_hand" });
  expect(outcome(action("partially_succeeded", facebook, website))).toBe("Facebook is down.");
  expect(outcome(action("partially_succeeded", website))).toBe("Website needs a hand.");
  expect(outcome(action("failed", place({ state: "refused" })))).toBe("Facebook is not down.");
  expect(outcome(action("failed", place({ state: "lost", stands: true })))).toContain("not known");
  expect(outcome(action("reverted", place({ way: "back" })))).toBe("Facebook can be seen again.");
});

test("a message about what was agreed is no word about what was done", () => {
  const done = { ...action("succeeded"), ended_at: "2026-05-12T01:21:00Z" };
  expect(ownerTold([entry("owner_told")], done)).toBeNull();
  const late = entry("owner_not_told", "2026-05-12T01:21:05Z");
  expect(ownerTold([late, entry("owner_told")], done)).toBe(late);
});

test("a call waits for its answer until one is written down", () => {
  expect(spokeWith([entry("acknowledged"), entry("called")])).toBe(true);
  expect(spokeWith([entry("said_no"), entry("called")])).toBe(false);
  expect(spokeWith([])).toBe(false);
});
