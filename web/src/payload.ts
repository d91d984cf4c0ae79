/** What a push brings, whatever it brings: words where there are words, and nothing that can throw. */

export interface Facts {
  receipt_url?: string;
  receipt?: string;
  kind?: string;
  navigate?: string;
}

export type Notice = Partial<
  Record<"title" | "body" | "navigate" | "tag" | "lang" | "requireInteraction", unknown>
> & { data?: Facts };

// Nobody reads more on a lock screen, and no browser has promised to take more.
const LONGEST = 600;

/** A text, cut to what a notice can hold; empty for anything else. */
export const text = (value: unknown): string => (typeof value === "string" ? value.slice(0, LONGEST) : "");

const record = (value: unknown): object =>
  value && typeof value === "object" && !Array.isArray(value) ? value : {};

/** The notice in a payload; an empty one when it cannot be read. */
export function noticeOf(read: () => unknown): { notice: Notice; badge: unknown } {
  try {
    const payload: { notification?: unknown; app_badge?: unknown } = record(read());
    const notice: Notice = record(payload.notification);
    return { notice: { ...notice, data: record(notice.data) }, badge: payload.app_badge };
  } catch {
    return { notice: {}, badge: undefined };
  }
}
