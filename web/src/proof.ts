/** Is this person ready for the night? Push must be proved, and where there are calls, a call heard. */

import type { Channel, Device } from "./api";
import type { Reach } from "./push";

export type Proof = "proved" | "unproved" | "broken" | "none" | "not-set-up";

export interface Readiness {
  push: Proof;
  call: Proof;
  word: "ready" | "push-only" | "not-ready";
}

const isProved = (one: Device): Proof =>
  one.broken_at ? "broken" : one.last_confirmed_at ? "proved" : "unproved";

/** The best of several: one proved number is enough. */
function best(devices: Device[]): Proof {
  const proofs = devices.map(isProved);
  return (["proved", "unproved", "broken"] as const).find((one) => proofs.includes(one)) ?? "none";
}

/** Whether the operator has set this channel up; unknown counts as set up, so that nobody relaxes. */
export const isSetUp = (channels: Channel[] | undefined, name: string): boolean =>
  channels?.find((one) => one.channel === name)?.set_up ?? true;

/** How sure it is that this phone wakes this person. */
export function readiness(
  devices: Device[],
  channels: Channel[] | undefined,
  phone: string | null,
  reach: Reach,
): Readiness {
  const live = devices.filter((one) => one.state === "live");
  const mine = live.filter((one) => one.id === phone && one.channel === "webpush");
  const push = reach === "subscribed" ? best(mine) : "none";
  const call = isSetUp(channels, "voice")
    ? best(live.filter((one) => one.channel === "voice"))
    : "not-set-up";
  if (push !== "proved") return { push, call, word: "not-ready" };
  return { push, call, word: call === "proved" || call === "not-set-up" ? "ready" : "push-only" };
}

/** A contact that may be let through silence, as a vCard 3.0 that every phone reads (RFC 2426). */
export function vcard(name: string, number: string): string {
  const dial = number.replace(/[^+\d]/g, "");
  const plain = name.replace(/([\\;,])/g, "\\$1");
  return ["BEGIN:VCARD", "VERSION:3.0", `FN:${plain}`, `N:${plain};;;;`, `TEL;TYPE=CELL:${dial}`, "END:VCARD"]
    .map((line) => `${line}\r\n`)
    .join("");
}
