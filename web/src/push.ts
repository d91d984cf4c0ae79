/** Can this phone be reached? Answers in words, so that a screen can pick its sentence. */

export type Reach =
  | "subscribed"
  | "not-subscribed"
  | "not-asked"
  | "denied"
  | "install-first"
  | "in-app-browser"
  | "unsupported"
  | "insecure"
  | "no-service";

export interface Facts {
  secure: boolean;
  worker: boolean;
  push: boolean;
  permission: NotificationPermission | null;
  platform: Platform;
  installed: boolean;
  inApp: boolean;
  subscribed: boolean;
}

export type Platform = "ios" | "android" | "desktop";

/** One word for all of it. */
export function reachOf(facts: Facts): Reach {
  if (facts.inApp) return "in-app-browser";
  if (!facts.secure) return "insecure";
  if (facts.platform === "ios" && !facts.installed) return "install-first";
  if (!facts.worker || !facts.push || facts.permission === null) return "unsupported";
  if (facts.permission === "denied") return "denied";
  if (facts.permission === "default") return "not-asked";
  return facts.subscribed ? "subscribed" : "not-subscribed";
}

export function platformOf(agent: string, touchPoints: number): Platform {
  if (/iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && touchPoints > 1)) return "ios";
  return /Android/.test(agent) ? "android" : "desktop";
}

/** Browsers inside other apps cannot be rung and cannot install anything. */
export const isInApp = (agent: string): boolean =>
  /FBAN|FBAV|Instagram|GSA\/|Line\/|MicroMessenger|LinkedInApp|; wv\)/.test(agent);

/** What to call this phone in the list: “Chrome on Android”. */
export function labelOf(agent: string, platform: Platform): string {
  const browser = /Edg\//.test(agent)
    ? "Edge"
    : /Firefox\//.test(agent)
      ? "Firefox"
      : /Chrome\//.test(agent)
        ? "Chrome"
        : "Safari";
  const system =
    platform === "ios"
      ? /iPad/.test(agent)
        ? "iPad"
        : "iPhone"
      : platform === "android"
        ? "Android"
        : /Windows/.test(agent)
          ? "Windows"
          : /Mac/.test(agent)
            ? "Mac"
            : "Linux";
  return `${browser} on ${system}`;
}

export const platform = (): Platform => platformOf(navigator.userAgent, navigator.maxTouchPoints);

export const installed = (): boolean =>
  matchMedia("(display-mode: standalone)").matches ||
  (navigator as { standalone?: boolean }).standalone === true;

/** What this browser is subscribed with, if it is. */
export async function subscription(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker?.getRegistration();
  return (await registration?.pushManager?.getSubscription()) ?? null;
}

/** The word for this phone, now. */
export async function reach(): Promise<Reach> {
  return reachOf({
    secure: isSecureContext,
    worker: "serviceWorker" in navigator,
    push: "PushManager" in window,
    permission: "Notification" in window ? Notification.permission : null,
    platform: platform(),
    installed: installed(),
    inApp: isInApp(navigator.userAgent),
    subscribed: (await subscription()) !== null,
  });
}

/** The server's name for this phone, once it was registered. */
export const thisDevice = (): string | null => localStorage.getItem("device");
