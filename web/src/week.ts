/** The days ahead: who is on shift when, and where nobody is. Days are those of this phone. */

export interface Turn {
  user_id: string;
  name: string;
  starts_at: string;
  ends_at: string;
}

/** Milliseconds; `who` is null where nobody is. */
export interface Span {
  from: number;
  until: number;
  who: string | null;
  name: string;
}

/** A span on one day: where it begins and ends between midnight, 0, and midnight, 1. */
export interface Bar extends Span {
  left: number;
  right: number;
}

export interface Day {
  from: number;
  until: number;
  bars: Bar[];
}

export const DAYS = 7;

/** Midnight here, so many days from today. */
export const midnight = (now: Date, ahead = 0): Date =>
  new Date(now.getFullYear(), now.getMonth(), now.getDate() + ahead);

const nobody = (from: number, until: number): Span => ({ from, until, who: null, name: "" });

/** A gap as one rota fills it; its turns come in order and none over another. */
function filled(gap: Span, turns: Turn[]): Span[] {
  const found: Span[] = [];
  let at = gap.from;
  for (const turn of turns) {
    const from = Math.max(Date.parse(turn.starts_at), at);
    const until = Math.min(Date.parse(turn.ends_at), gap.until);
    if (from >= until) continue;
    if (at < from) found.push(nobody(at, from));
    found.push({ from, until, who: turn.user_id, name: turn.name });
    at = until;
  }
  return at < gap.until ? [...found, nobody(at, gap.until)] : found;
}

/** Neighbours with the same person are one span. */
function joined(spans: Span[]): Span[] {
  const found: Span[] = [];
  for (const span of spans) {
    const last = found.at(-1);
    if (last && last.who === span.who && last.until === span.from) last.until = span.until;
    else found.push({ ...span });
  }
  return found;
}

/** Whoever the first rota has; where it has nobody, the next; else nobody. Whole, in order. */
export function covered(rotas: Turn[][], from: number, until: number): Span[] {
  let found = [nobody(from, until)];
  for (const turns of rotas)
    found = found.flatMap((span) => (span.who === null ? filled(span, turns) : [span]));
  return joined(found);
}

/** Where a moment stands on the wall clock of its day: noon is a half, however long the day is. */
export function ofDay(at: number, day: { from: number; until: number }): number {
  if (at <= day.from) return 0;
  if (at >= day.until) return 1;
  const wall = new Date(at);
  return (wall.getHours() * 60 + wall.getMinutes()) / 1440;
}

/** Seven days, today first, each with its bars. */
export function week(spans: Span[], now: Date): Day[] {
  return Array.from({ length: DAYS }, (_, ahead) => {
    const day = { from: midnight(now, ahead).getTime(), until: midnight(now, ahead + 1).getTime() };
    const bars = spans
      .filter((span) => span.from < day.until && span.until > day.from)
      .map((span) => ({ ...span, left: ofDay(span.from, day), right: ofDay(span.until, day) }));
    return { ...day, bars };
  });
}

/** When nobody is on shift from now on. */
export const gapsAhead = (spans: Span[], now: number): Span[] =>
  spans
    .filter((span) => span.who === null && span.until > now)
    .map((span) => ({ ...span, from: Math.max(span.from, now) }));

/** The span of this moment and the one behind it. */
export function nowAndThen(spans: Span[], now: number): [Span | undefined, Span | undefined] {
  const place = spans.findIndex((span) => span.from <= now && now < span.until);
  return place < 0 ? [undefined, undefined] : [spans[place], spans[place + 1]];
}

/** The next moment at which the clock here shows this hour. */
export function nextHour(hour: number, now: Date): Date {
  const at = new Date(now.getFullYear(), now.getMonth(), now.getDate(), hour);
  return at > now ? at : new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, hour);
}

/** The turns of one person that are not over, from now on. */
export const turnsOf = (turns: Turn[], who: string | undefined, now: number): Turn[] =>
  turns.filter((turn) => turn.user_id === who && Date.parse(turn.ends_at) > now);

/** Whether two times touch: nobody can give away and take the same hour. */
export const overlap = (one: Turn, other: Turn): boolean =>
  one.starts_at < other.ends_at && other.starts_at < one.ends_at;
