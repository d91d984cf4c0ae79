/** Times as people read them: “03:12”, never “3 min ago” alone. */

const parts = (at: string | Date, options: Intl.DateTimeFormatOptions, zone?: string) =>
  new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone }).format(new Date(at));

/** “03:12”. */
export const clock = (at: string | Date, zone?: string): string =>
  parts(at, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, zone);

/** “03:12:08”. */
export const clockSeconds = (at: string | Date, zone?: string): string =>
  parts(at, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }, zone);

/** “03:12” today, “Sunday 18:00” this week, “3 May 18:00” before. */
export function when(at: string | Date, now: Date = new Date(), zone?: string): string {
  const days = (now.getTime() - new Date(at).getTime()) / 86_400_000;
  const day = (moment: string | Date) => parts(moment, { day: "numeric", month: "long" }, zone);
  if (days < 1 && day(at) === day(now)) return clock(at, zone);
  if (days < 6) return `${parts(at, { weekday: "long" }, zone)} ${clock(at, zone)}`;
  return `${day(at)} ${clock(at, zone)}`;
}

/** “3 May”. */
export const date = (at: string | Date): string => parts(at, { day: "numeric", month: "long" });

/** Whole minutes between two moments, one at least. */
export const minutesBetween = (from: string, until: string): number =>
  Math.max(1, Math.ceil((Date.parse(until) - Date.parse(from)) / 60_000));

/** The zone of this phone, an IANA name. */
export const here = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
