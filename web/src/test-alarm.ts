/** Follows one test alarm from the tap until the phone says that it was shown. */

import { answer, api } from "./api";

export interface Test {
  state: "before" | "no-phone" | "waiting" | "shown" | "late" | "failed";
  /** From the tap while waiting; from leaving to being shown once it was. */
  seconds: number;
  /** When it was shown. */
  at?: string;
}

const LATE = 30;
const LOOK_EVERY = 500;

/** Tells `seen` how it stands until it ends; the answer stops it. */
export function sendTest(id: string, seen: (test: Test) => void): () => void {
  const started = Date.now();
  const path = { params: { path: { notification_id: id } } };
  const passed = () => (Date.now() - started) / 1000;
  const clock = setInterval(
    () => seen({ state: passed() > LATE ? "late" : "waiting", seconds: passed() }),
    100,
  );
  let over = false;

  async function look(): Promise<void> {
    const found = await answer(api.GET("/v1/notifications/{notification_id}", path)).catch(() => null);
    if (over) return;
    if (found?.state === "confirmed")
      return end({ state: "shown", seconds: found.seconds ?? passed(), at: found.confirmed_at ?? undefined });
    if (found?.state === "failed" || found?.state === "expired")
      return end({ state: "failed", seconds: passed() });
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

  seen({ state: "waiting", seconds: 0 });
  void look();
  return stop;
}
