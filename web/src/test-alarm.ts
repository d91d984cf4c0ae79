/** Follows one test alarm from the tap until somebody or something says that it arrived. */

import { answer, api } from "./api";

export interface Test {
  state: "before" | "no-phone" | "counting" | "waiting" | "shown" | "late" | "failed";
  /** Left while counting; from the tap while waiting; from leaving to being shown once it was. */
  seconds: number;
  /** When it was shown. */
  at?: string;
  /** The attempt, for whoever has to answer for a channel without receipts. */
  id?: string;
  /** What its provider says, when it failed. */
  why?: string;
}

const LATE = 30;
const LOOK_EVERY = 500;
export const COUNT = 30;

/**
 * Counts down, then sends. A locked phone stops the clocks of its screens, so that locking it,
 * which is what the person is asked to do, sends at once. The answer stops it.
 */
export function countDown(each: (left: number) => void, send: () => void): () => void {
  const ends = Date.now() + COUNT * 1000;
  const look = () => {
    const left = Math.max(0, (ends - Date.now()) / 1000);
    if (left && document.visibilityState === "visible") return each(left);
    stop();
    send();
  };
  const clock = setInterval(look, 100);
  document.addEventListener("visibilitychange", look);
  function stop(): void {
    clearInterval(clock);
    document.removeEventListener("visibilitychange", look);
  }
  each(COUNT);
  return stop;
}

/** Tells `seen` how it stands until it ends; the answer stops it. */
export function sendTest(id: string, seen: (test: Test) => void): () => void {
  const started = Date.now();
  const path = { params: { path: { notification_id: id } } };
  const passed = () => (Date.now() - started) / 1000;
  const clock = setInterval(
    () => seen({ state: passed() > LATE ? "late" : "waiting", seconds: passed(), id }),
    100,
  );
  let over = false;

  async function look(): Promise<void> {
    const found = await answer(api.GET("/v1/notifications/{notification_id}", path)).catch(() => null);
    if (over) return;
    if (found?.state === "confirmed")
      return end({ state: "shown", seconds: found.seconds ?? passed(), at: found.confirmed_at ?? undefined, id });
    if (found?.state === "failed")
      return end({ state: "failed", seconds: passed(), id, why: found.error ?? undefined });
    // A push that arrives late still counts: go on looking while the screen is open.
    setTimeout(() => void look(), LOOK_EVERY);
  }

  function end(last: Test): void {
    stop();
    seen(last);
  }

  function stop(): void {
    over = true;
    clearInterval(clock);
  }

  seen({ state: "waiting", seconds: 0, id });
  void look();
  return stop;
}
