/** Whether this phone, once registered, can still be rung: what it found out at this opening. */

import { reach, thisDevice, type Reach } from "./push";
import { session } from "./session.svelte";
import { resend } from "./subscription";

let found = $state<Reach | null>(null);

export const standing = {
  /** The reason why a phone that was registered cannot be rung now; null when all is well. */
  get lost(): Reach | null {
    return found && found !== "subscribed" && thisDevice() ? found : null;
  },
};

/** Compare with the server, then remember the word. Without a signal the browser's own word counts. */
export async function compare(): Promise<void> {
  found = await resend().catch(reach);
}

/** Whenever somebody comes back: a permission may have been taken away meanwhile. */
export function startStanding(): void {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && session.state === "in") void compare();
  });
}
