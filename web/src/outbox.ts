/** What was tapped without a signal and may be sent late: “I'm on it”, a call, a note. Nothing else. */

import { Trouble, wishKey } from "./api";

const NAME = "outbox";
// Later than this the tap says nothing about the present any more.
const GOOD_FOR = 30 * 60_000;

export interface Wish {
  key: string;
  path: string;
  body: unknown;
  at: number;
}

const read = (): Wish[] => {
  try {
    return JSON.parse(localStorage.getItem(NAME) ?? "[]");
  } catch {
    return [];
  }
};
const write = (wishes: Wish[]) => localStorage.setItem(NAME, JSON.stringify(wishes));

/** Which wishes are still worth sending. */
export const stillGood = (wishes: Wish[], now: number): Wish[] =>
  wishes.filter((wish) => now - wish.at < GOOD_FOR);

const post = ({ key, path, body }: Wish): Promise<Response> =>
  fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": key },
    body: JSON.stringify(body),
    keepalive: true,
    signal: AbortSignal.timeout(12_000),
  });

/** Send now, or keep it for the next signal. The word says which; Trouble when it was refused. */
export async function sendOrKeep(path: string, body: unknown): Promise<"sent" | "kept"> {
  const wish = { key: wishKey(), path, body, at: Date.now() };
  const response = await post(wish).catch(() => null);
  if (!response || response.status >= 500) {
    write([...read(), wish]);
    return "kept";
  }
  if (!response.ok) throw new Trouble("refused", response.status, await response.json().catch(() => ({})));
  return "sent";
}

/** What one person tapped is never sent in the name of the next. */
export const drop = (): void => localStorage.removeItem(NAME);

/** Send what was kept, in its order; stop at the first that still finds no signal. */
export async function flush(): Promise<void> {
  let left = stillGood(read(), Date.now());
  if (!left.length) return drop();
  for (const wish of [...left]) {
    const response = await post(wish).catch(() => null);
    if (!response || response.status >= 500) break;
    left = left.filter((one) => one.key !== wish.key);
  }
  write(left);
}

/** Try again whenever there may be a signal. */
export function startOutbox(): void {
  addEventListener("online", () => void flush());
}
