/** A new version is offered, never taken while somebody's thumb is on the screen. */

import { worker } from "./trusted";

let waiting = $state.raw<ServiceWorker | null>(null);

export const update = {
  get ready(): boolean {
    return waiting !== null;
  },
  use(): void {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    waiting?.postMessage({ kind: "use-the-new-version" });
  },
};

// The first worker of all passes through "installed" too; it replaces nothing and is not offered.
const replaces = Boolean(globalThis.navigator?.serviceWorker?.controller);

function offer(registration: ServiceWorkerRegistration): void {
  if (replaces && registration.waiting?.state === "installed") waiting = registration.waiting;
}

/** Register the worker and watch for its successor. */
export async function startWorker(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register(worker());
  offer(registration);
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", () => offer(registration));
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") registration.update().catch(() => undefined);
  });
}
