/** Keeps what this browser is subscribed with and what the server knows of it the same. */

import { answer, api, type Device } from "./api";
import { installed, labelOf, platform, reach, subscription, thisDevice, type Reach } from "./push";

interface Key {
  id: string;
  key: string;
}

const bytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));

const isWith = (made: PushSubscription, key: string): boolean => {
  const used = new Uint8Array(made.options.applicationServerKey ?? new ArrayBuffer(0));
  const wanted = bytes(key);
  return used.length === wanted.length && used.every((byte, index) => byte === wanted[index]);
};

/** Whether the server rings exactly this subscription, with the key that it uses now. */
export function isKnown(made: PushSubscription | null, key: Key, devices: Device[]): boolean {
  const device = devices.find((one) => one.id === thisDevice());
  if (!made || !device || !isWith(made, key.key)) return false;
  const same = device.endpoint_tail === made.endpoint.slice(-8) && device.push_key_id === key.id;
  return same && device.state === "live" && device.installed === installed();
}

/** A push service that cannot be reached lets a browser wait for ever; a person waits 20 s. */
const inTime = <T>(deed: Promise<T>): Promise<T> =>
  Promise.race([
    deed,
    new Promise<never>((_, give) =>
      setTimeout(() => give(new DOMException("No answer in time", "AbortError")), 20_000),
    ),
  ]);

/** A browser has one subscription, bound to one key: another key takes another subscription. */
async function subscribed(key: string): Promise<PushSubscription> {
  const { pushManager } = await navigator.serviceWorker.ready;
  const old = await pushManager.getSubscription();
  if (old && isWith(old, key)) return old;
  await old?.unsubscribe();
  return inTime(pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) }));
}

/** Subscribe if need be, and tell the server: the subscription of today is the one that rings. */
async function register({ id, key }: Key): Promise<void> {
  const { endpoint, keys } = (await subscribed(key)).toJSON();
  const body = {
    subscription: {
      endpoint: endpoint ?? "",
      keys: { p256dh: keys?.p256dh ?? "", auth: keys?.auth ?? "" },
    },
    push_key_id: id,
    label: labelOf(navigator.userAgent, platform()),
    platform: platform(),
    installed: installed(),
  };
  const device = await answer(api.POST("/v1/me/devices", { body }));
  const before = thisDevice();
  localStorage.setItem("device", device.id);
  if (before && before !== device.id) await takeOff(before);
}

/** What this browser was rung by before rings nobody any more, and may not count as a proof. */
async function takeOff(id: string): Promise<void> {
  const params = { path: { device_id: id }, header: { "if-match": "*" } };
  await answer(api.DELETE("/v1/me/devices/{device_id}", { params })).catch(() => undefined);
}

const keyNow = (): Promise<Key> => answer(api.GET("/v1/push-key"));

/** Ask the person, then register. The word says how it ended. Call it from a tap. */
export async function letItWakeMe(): Promise<Reach> {
  const before = await reach();
  if (before === "not-asked" && (await Notification.requestPermission()) !== "granted") return reach();
  if (!["not-asked", "not-subscribed", "subscribed"].includes(before)) return before;
  return inWords(register(await keyNow()));
}

/** At every opening: what the server would ring is compared with what this browser has. */
export async function resend(): Promise<Reach> {
  const word = await reach();
  if (word !== "subscribed" && word !== "not-subscribed") return word;
  const [key, { data: devices }] = await Promise.all([keyNow(), answer(api.GET("/v1/me/devices"))]);
  if (isKnown(await subscription(), key, devices)) return word;
  return inWords(register(key));
}

async function inWords(deed: Promise<void>): Promise<Reach> {
  return deed.then(reach, (error) => {
    if (error instanceof DOMException && error.name === "AbortError") return "no-service";
    throw error;
  });
}
