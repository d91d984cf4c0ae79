/** Every sentence that the manager reads. Short, numbers first, no blame, no exclamation marks. */

import type { Incident } from "./api";
import * as acting from "./words/acting";
import * as call from "./words/call";
import * as clients from "./words/clients";
import * as connect from "./words/connect";
import * as night from "./words/night";
import * as ready from "./words/ready";
import * as plan from "./words/plan";
import * as rota from "./words/rota";
import * as shell from "./words/shell";
import * as ways from "./words/ways";

export const words = {
  ...shell,
  ...night,
  ...acting,
  ...call,
  ...clients,
  ...connect,
  ...ready,
  ...rota,
  ...ways,
  ...plan,

  /** A sentence of the server, whatever it forgot: capital letter, full stop. */
  sentence: (text: string): string => {
    const trimmed = text.trim();
    if (!trimmed) return "";
    return trimmed[0]?.toUpperCase() + trimmed.slice(1) + (/[.?:]$/.test(trimmed) ? "" : ".");
  },
};

// Three minutes are enough to wake up again, and too few to fall asleep over.
const RUNS_OUT = 3 * 60_000;

/** “Anna is on it since 03:13.”, “Ringing Eva since 03:12.”: who has an incident. */
export function whoHasIt(
  incident: Incident,
  me: string | undefined,
  clock: (at: string) => string,
  now = Date.now(),
): string {
  const { escalation } = incident;
  const say = words.incident;
  if (!escalation || escalation.state === "ended" || escalation.state === "cancelled") return "";
  if (escalation.state === "exhausted") return say.exhausted;
  if (escalation.state !== "acknowledged") {
    const last = escalation.attempts.at(-1);
    return last ? say.ringing(last.name, clock(last.at)) : say.ringingSoon;
  }
  const until = escalation.ack_expires_at;
  if (until && escalation.by_user_id && escalation.by_user_id === me) {
    const runsOut = Date.parse(until) - now < RUNS_OUT;
    return runsOut ? `${say.stillWithUs} ${say.ringsAgain(clock(until))}` : say.youHaveIt(clock(until));
  }
  return say.theyHaveIt(escalation.by_name ?? "", clock(escalation.at ?? incident.opened_at));
}
