import { expect, test } from "vitest";
import type { Incident } from "./api";
import { whoHasIt, words } from "./words";
import { notice } from "./words/notice";
import * as day from "./words/statement";

function everySentence(part: unknown): string[] {
  if (typeof part === "string") return [part];
  if (typeof part === "function") return [];
  if (part && typeof part === "object") return Object.values(part).flatMap(everySentence);
  return [];
}

const all = [...everySentence(words), ...everySentence(notice), ...everySentence({ ...day })];

test("no sentence is longer than fifteen words", () => {
  const long = all.flatMap((said) => said.split(/(?<=[.?:]) /)).filter((one) => one.split(/\s+/).length > 15);
  expect(all.length).toBeGreaterThan(300);
  expect(long).toEqual([]);
});

test("no sentence shouts, blames or calls a review fake", () => {
  expect(all.filter((said) => /!|fake|you failed|attack|\bpage\b/i.test(said))).toEqual([]);
});

test("a sentence of the server gets its capital letter and its full stop", () => {
  expect(words.sentence("a time zone like Europe/Vienna is needed")).toBe(
    "A time zone like Europe/Vienna is needed.",
  );
  expect(words.sentence("Ready?")).toBe("Ready?");
  expect(words.sentence("  ")).toBe("");
});

test("one is one and two are many", () => {
  expect(words.now.ofSources(1)).toBe("of 1 source read");
  expect(words.now.ofSources(34)).toBe("of 34 sources read");
  expect(words.incident.title("Corner Bistro", 1)).toBe("Corner Bistro: 1 new review");
});

test("stars are listed from the worst, without those that nobody gave", () => {
  expect(words.incident.stars({ "5": 1, "1": 13, "3": 0, "2": 1 })).toBe("13 ★1 · 1 ★2 · 1 ★5");
});

const at = (moment: string) => moment.slice(11, 16);
const now = Date.parse("2026-05-12T03:14:00Z");

function incident(escalation: object | null): Incident {
  return { opened_at: "2026-05-12T03:12:00Z", escalation } as unknown as Incident;
}

const mine = {
  state: "acknowledged",
  by_user_id: "usr_1",
  by_name: "Marta",
  at: "2026-05-12T03:13:00Z",
  ack_expires_at: "2026-05-12T03:23:00Z",
  attempts: [],
};

test("who has it is said with the time, to the one who has it and to the others", () => {
  expect(whoHasIt(incident(mine), "usr_1", at, now)).toBe("You have it until 03:23.");
  expect(whoHasIt(incident(mine), "usr_2", at, now)).toBe("Marta is on it since 03:13.");
});

test("in the last minutes it asks whether you are still there", () => {
  const late = Date.parse("2026-05-12T03:21:00Z");
  expect(whoHasIt(incident(mine), "usr_1", at, late)).toBe("Still with us? Ringing starts again at 03:23.");
});

test("while nobody has it, it says who is being rung", () => {
  const ringing = { state: "ringing", attempts: [{ name: "Eva", at: "2026-05-12T03:12:30Z" }] };
  expect(whoHasIt(incident(ringing), "usr_1", at, now)).toBe("Ringing Eva since 03:12.");
  expect(whoHasIt(incident({ ...ringing, state: "exhausted" }), "usr_1", at, now)).toContain(
    "Nobody has answered",
  );
});

test("nothing is said when nobody was ever rung", () => {
  expect(whoHasIt(incident(null), "usr_1", at, now)).toBe("");
});
