/** How a source is connected: which step a platform asks for next, and what a pasted text means. */

import type { Account, Asked, Capability, Choice, Place, Platform, Source } from "./api";
import { when } from "./clock";
import type { Name } from "./parts/Shape.svelte";
import { words } from "./words";

export type Step = "sign-in" | "not-set-up" | "form" | "key" | "mailbox" | "link" | "watch";
export type Group = keyof typeof words.connect.group;

/** The link in a text that was pasted or shared; empty when there is none. */
export function asLink(text: string): string {
  const whole = /https?:\/\/[^\s<>"]+/i.exec(text)?.[0];
  if (whole) return whole;
  const bare = text.trim();
  return /^[\w-]+(\.[\w-]+)*\.[a-z]{2,}(\/\S*)?$/i.test(bare) ? `https://${bare}` : "";
}

/** What a link is called until somebody gives it a name. */
export function hostOf(link: string): string {
  try {
    return new URL(link).hostname.replace(/^www\./, "");
  } catch {
    return "";
  }
}

/** The kinds that are read at an address, whatever it is. */
export const takesAddress = (kind: string): boolean => ["feed", "page"].includes(kind);

/** The link as a source keeps it: where it is read at it, or where no ids stand in it. */
export const addressOf = (kind: string, place: Place, link: string): string | null =>
  link && (takesAddress(kind) || (kind === "reddit" && !Object.keys(place).length)) ? link : null;

const filled = (one: Asked, place: Place) => one.optional || one.secret || Boolean(place[one.name]);

/** What a person does next; `place` is what a link has told, null without one. */
export function step(one: Platform, place: Place | null): Step {
  if (one.way === "account") return one.set_up ? "sign-in" : "not-set-up";
  if (one.way === "own" || one.kind === "feed") return "form";
  if (one.way === "key" || one.way === "mailbox") return one.way;
  return place && one.asked.every((asked) => filled(asked, place)) ? "watch" : "link";
}

const SOCIAL = ["facebook", "instagram", "youtube", "tiktok", "x", "bluesky", "mastodon", "reddit"];
const OWN = ["feed", "page", "webhook", "push", "file"];

const groupOf = ({ kind }: Platform): Group =>
  kind === "mail" ? "mail" : OWN.includes(kind) ? "own" : SOCIAL.includes(kind) ? "social" : "reviews";

/** Every platform once, in four groups; what is new to this app stands with the reviews. */
export function grouped(all: Platform[]): [Group, Platform[]][] {
  const groups = Object.keys(words.connect.group) as Group[];
  return groups
    .map((group): [Group, Platform[]] => [group, all.filter((one) => groupOf(one) === group)])
    .filter(([, found]) => found.length);
}

const SHAPES: Record<string, Name> = { real: "proven", link: "ring", none: "dash" };

/** Shape and word of how a thing can be done. */
export const how = (can: Capability) => ({
  shape: SHAPES[can.how] ?? ("dash" as const),
  word: words.client.how[can.how] ?? "",
  tone: can.how === "real" ? ("" as const) : ("dim" as const),
});

const SURE = ["real", "link", "none"];

/** What works first, what does not last; the catalogue's order within. */
export const surestFirst = (all: Capability[]): Capability[] =>
  [...all].sort((a, b) => SURE.indexOf(a.how) - SURE.indexOf(b.how));

/** The same said of several things is said once. */
export function saidOnce(all: Capability[]): { verbs: string[]; can: Capability }[] {
  const rows = new Map<string, { verbs: string[]; can: Capability }>();
  for (const can of surestFirst(all)) {
    const said = JSON.stringify([can.how, can.reason, can.link]);
    const row = rows.get(said) ?? { verbs: [], can };
    rows.set(said, { ...row, verbs: [...row.verbs, can.verb] });
  }
  return [...rows.values()];
}

/** The source that watches this place already. */
export function watching(choice: Choice, sources: Source[]): Source | undefined {
  const same = (one: Source) =>
    Object.entries(choice.place).every(([name, id]) => String(one.place[name]) === String(id));
  return sources.find((one) => one.kind === choice.kind && same(one));
}

/** Until when an account holds, in words; what has no end is renewed by itself. */
export function held({ ends_at }: Account, now = new Date()): { over: boolean; said: string } {
  const say = words.account;
  if (!ends_at) return { over: false, said: say.noEnd };
  const over = Date.parse(ends_at) <= now.getTime();
  return { over, said: (over ? say.ended : say.holds)(when(ends_at, now)) };
}

/** Shape and word of an account that has run out. */
export const ranOut = { shape: "struck", word: words.account.over, tone: "bad" } as const;

const FIRST = "connect:first";

/** Signing in leaves the app: whether this is the first set-up is remembered in this tab. */
export const setOut = (first: boolean): void =>
  first ? sessionStorage.setItem(FIRST, "yes") : sessionStorage.removeItem(FIRST);

export const isFirst = (): boolean => sessionStorage.getItem(FIRST) !== null;
