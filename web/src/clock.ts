/** Times as people read them: “03:12”, never “3 min ago” alone. */

const parts = (at: string | Date, options: Intl.DateTimeFormatOptions, zone?: string) =>
  new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone }).format(new Date(at));

/** “03:12”. */
export const clock = (at: string | Date, zone?: string): string =>
  parts(at, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, zone);

/** “03:12:08”. */
export const clockSeconds = (at: string | Date, zone?: string): string =>
  parts(at, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }, zone);

/** “03:12” today, “Sunday 18:00” within six days, “3 May 18:00” before and after. */
export function when(at: string | Date, now: Date = new Date(), zone?: string): string {
  const days = Math.abs(now.getTime() - new Date(at).getTime()) / 86_400_000;
  const day = (moment: string | Date) => parts(moment, { day: "numeric", month: "long" }, zone);
  if (days < 1 && day(at) === day(now)) return clock(at, zone);
  if (days < 6) return `${parts(at, { weekday: "long" }, zone)} ${clock(at, zone)}`;
  return `${day(at)} ${clock(at, zone)}`;
}

/** “Sunday 02:00 to 08:00”; the second day is named when it is more than a day away. */
export function spell(from: string | number, until: string | number, now: Date = new Date()): string {
  const [start, end] = [new Date(from), new Date(until)];
  const short = end.getTime() - start.getTime() < 86_400_000;
  return `${when(start, now)} to ${short ? clock(end) : when(end, now)}`;
}

/** A moment as a field for day and time wants it, by this phone: “2026-05-14T07:00”. */
export function forField(at: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** “3 May”. */
export const date = (at: string | Date): string => parts(at, { day: "numeric", month: "long" });

/** Whole minutes between two moments, one at least. */
export const minutesBetween = (from: string, until: string): number =>
  Math.max(1, Math.ceil((Date.parse(until) - Date.parse(from)) / 60_000));

/** The zone of this phone, an IANA name. */
export const here = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
