import { expect, test } from "vitest";
import type { Account, Capability, Choice, Platform, Source } from "./api";
import { asLink, grouped, held, hostOf, how, saidOnce, step, surestFirst, watching } from "./connecting";

const platform = (parts: Partial<Platform>): Platform =>
  ({ kind: "google", name: "Google", way: "account", set_up: true, asked: [], ...parts }) as Platform;
const asked = (name: string, secret = false, optional = false) => ({ name, label: name, secret, optional });
const can = (verb: string, way: string) => ({ verb, how: way, reason: "" }) as Capability;

test.each([
  ["https://maps.app.goo.gl/abc", "https://maps.app.goo.gl/abc"],
  ["  https://g.page/bistro ", "https://g.page/bistro"],
  ["Have a look: https://g.page/bistro", "https://g.page/bistro"],
  ["www.facebook.com/bistro", "https://www.facebook.com/bistro"],
  ["Corner Bistro", ""],
  ["bistro", ""],
  ["javascript:alert(1)", ""],
  ["", ""],
])("“%s” means the link “%s”", (text, link) => {
  expect(asLink(text)).toBe(link);
});

test("a feed is called by its host until somebody names it", () => {
  expect(hostOf("https://www.bistro.example/feed.xml")).toBe("bistro.example");
  expect(hostOf("nothing")).toBe("");
});

test("an account is signed in to, if the server has an app for it", () => {
  expect(step(platform({}), null)).toBe("sign-in");
  expect(step(platform({ set_up: false }), null)).toBe("not-set-up");
});

test("a key and a mailbox are entered", () => {
  expect(step(platform({ way: "key" }), { place_id: "1" })).toBe("key");
  expect(step(platform({ way: "mailbox" }), null)).toBe("mailbox");
});

test("what needs nothing is watched at once when its link tells all, and asked for a link when not", () => {
  const store = platform({ kind: "app_store", way: "nothing", asked: [asked("app"), asked("land", false, true)] });
  expect(step(store, { app: "1" })).toBe("watch");
  expect(step(store, {})).toBe("link");
  expect(step(store, null)).toBe("link");
});

test("the four kinds of one’s own are a form", () => {
  for (const kind of ["feed", "webhook", "push", "file"]) {
    expect(step(platform({ kind, way: kind === "feed" ? "nothing" : "own" }), null)).toBe("form");
  }
});

test("every platform stands in one group, and none is lost", () => {
  const kinds = ["google", "facebook", "mail", "feed", "push", "yelp", "something_new"];
  const groups = grouped(kinds.map((kind) => platform({ kind })));
  expect(groups.map(([group, all]) => [group, all.map((one) => one.kind)])).toEqual([
    ["reviews", ["google", "yelp", "something_new"]],
    ["social", ["facebook"]],
    ["mail", ["mail"]],
    ["own", ["feed", "push"]],
  ]);
});

test("what works stands first and what cannot be done last", () => {
  const all = [can("hide", "none"), can("report", "link"), can("read", "real"), can("reply", "real")];
  expect(surestFirst(all).map((one) => one.verb)).toEqual(["read", "reply", "report", "hide"]);
});

test("seven things with one reason are one line, and another reason is another line", () => {
  const none = (verb: string, reason: string) => ({ ...can(verb, "none"), reason });
  const all = [none("reply", "By hand."), none("hide", "By hand."), none("block", "Not there."), can("read", "real")];
  expect(saidOnce(all).map((row) => row.verbs)).toEqual([["read"], ["reply", "hide"], ["block"]]);
});

test("how a thing is done is a shape and a word, and an unknown way is a no", () => {
  expect(how(can("read", "real"))).toEqual({ shape: "proven", word: "Works", tone: "" });
  expect(how(can("report", "link"))).toEqual({ shape: "ring", word: "By hand", tone: "dim" });
  expect(how(can("hide", "none"))).toEqual({ shape: "dash", word: "No", tone: "dim" });
  expect(how(can("hide", "by_magic")).shape).toBe("dash");
});

test("a place is watched already when kind and ids are the same, whatever else was kept with them", () => {
  const choice = { number: 0, kind: "google", name: "Bistro", place: { location: 2002 }, url: "" } as Choice;
  const source = (kind: string, place: object) => ({ id: "src_1", kind, place }) as Source;
  expect(watching(choice, [source("google", { location: "2002", secret: "google:0" })])?.id).toBe("src_1");
  expect(watching(choice, [source("google", { location: "2003" })])).toBeUndefined();
  expect(watching(choice, [source("places", { location: "2002" })])).toBeUndefined();
});

test("it is said until when an account holds, and that it has run out", () => {
  const now = new Date("2026-05-12T12:00:00Z");
  const until = (ends_at: string | null) => held({ ends_at } as Account, now);
  expect(until(null)).toEqual({ over: false, said: "Holds until somebody takes it back." });
  expect(until("2026-07-01T12:00:00Z").said).toMatch(/^Holds until 1 July/);
  expect(until("2026-05-12T12:00:00Z").over).toBe(true);
});
