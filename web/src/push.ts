/** Can this phone be reached? Answers in words, so that a screen can pick its sentence. */

import { answer, api, type Device } from "./api";

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

async function subscription(): Promise<PushSubscription | null> {
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

const bytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));

const isWith = (made: PushSubscription, key: Uint8Array): boolean => {
  const used = new Uint8Array(made.options.applicationServerKey ?? new ArrayBuffer(0));
  return used.length === key.length && used.every((byte, index) => byte === key[index]);
};

/** A push service that cannot be reached lets a browser wait for ever; a person waits 20 s. */
const inTime = <T>(deed: Promise<T>): Promise<T> =>
  Promise.race([
    deed,
    new Promise<never>((_, give) =>
      setTimeout(() => give(new DOMException("No answer in time", "AbortError")), 20_000),
    ),
  ]);

async function subscribed(key: Uint8Array<ArrayBuffer>): Promise<PushSubscription> {
  const { pushManager } = await navigator.serviceWorker.ready;
  const old = await pushManager.getSubscription();
  if (old && isWith(old, key)) return old;
  await old?.unsubscribe();
  return inTime(pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
}

/** Subscribe if need be, and tell the server: the subscription of today is the one that rings. */
async function register(): Promise<Device> {
  const { id, key } = await answer(api.GET("/v1/push-key"));
  const { endpoint, keys } = (await subscribed(bytes(key))).toJSON();
  const device = await answer(
    api.POST("/v1/me/devices", {
      body: {
        subscription: {
          endpoint: endpoint ?? "",
          keys: { p256dh: keys?.p256dh ?? "", auth: keys?.auth ?? "" },
        },
        push_key_id: id,
        label: labelOf(navigator.userAgent, platform()),
        platform: platform(),
        installed: installed(),
      },
    }),
  );
  localStorage.setItem("device", device.id);
  return device;
}

/** Ask the person, then register. The word says how it ended. Call it from a tap. */
export async function letItWakeMe(): Promise<Reach> {
  const before = await reach();
  if (before === "not-asked" && (await Notification.requestPermission()) !== "granted") return reach();
  if (!["not-asked", "not-subscribed", "subscribed"].includes(before)) return before;
  return register().then(reach, (error) => {
    if (error instanceof DOMException && error.name === "AbortError") return "no-service";
    throw error;
  });
}

/** At every start: a subscription that the server has forgotten rings nobody. */
export async function resend(): Promise<Reach> {
  const word = await reach();
  if (word === "subscribed" || word === "not-subscribed") await register();
  return word;
}

/** The server's name for this phone, once it was registered. */
export const thisDevice = (): string | null => localStorage.getItem("device");
