/** Keeps the screen on while something is read aloud; a browser that cannot says nothing. */

/** Begin now; the answer ends it. A hidden screen gives the lock away, so it is asked for again. */
export function stayAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  let over = false;
  async function take() {
    if (document.visibilityState !== "visible") return;
    lock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    if (over) await lock?.release();
  }
  const again = () => void take();
  document.addEventListener("visibilitychange", again);
  again();
  return () => {
    over = true;
    document.removeEventListener("visibilitychange", again);
    void lock?.release();
  };
}
