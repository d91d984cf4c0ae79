/** The worker: shows every push and says so, opens what is tapped, keeps the shell for no signal. */

/// <reference lib="webworker" />
import { noticeOf, text, type Facts, type Notice } from "./payload";
import { notice as words } from "./words/notice";

declare const self: ServiceWorkerGlobalScope;
declare const __SHELL__: string;

const SHELL = `shell-${__SHELL__}`;
const STYLE = "/nightdesk.css";
const WITH_THE_SHELL = ["/", STYLE, "/manifest.webmanifest", "/icons/icon-192.png", "/icons/badge-96.png"];

async function show(notice: Notice): Promise<void> {
  const alarm = notice.data?.kind === "alarm";
  const options = {
    body: text(notice.body) || (text(notice.title) ? "" : words.unknown),
    tag: text(notice.tag) || "nightdesk",
    lang: text(notice.lang) || "en",
    // Each step of the ladder has a tag of its own; a repeat of one sending must not buzz again.
    renotify: !text(notice.tag),
    requireInteraction: notice.requireInteraction === true,
    icon: "/icons/icon-192.png",
    badge: "/icons/badge-96.png",
    data: { ...notice.data, navigate: text(notice.navigate) },
    actions: alarm ? [{ action: "ack", title: words.onIt }] : [],
  };
  await self.registration.showNotification(text(notice.title) || words.title, options);
}

/** The proof that it was shown. Tried three times; the notice is on the screen whatever happens. */
async function sayItWasShown({ receipt_url: address, receipt }: Facts = {}): Promise<void> {
  if (!text(address) || !receipt || new URL(text(address), self.origin).origin !== self.origin) return;
  for (const pause of [0, 1000, 4000]) {
    await new Promise((later) => setTimeout(later, pause));
    const body = JSON.stringify({ receipt });
    const headers = { "Content-Type": "application/json" };
    const sent = await fetch(text(address), { method: "POST", headers, body }).catch(() => null);
    if (sent && sent.status < 500) return;
  }
}

async function badge(count: unknown): Promise<void> {
  if (typeof count === "number" && "setAppBadge" in navigator) await navigator.setAppBadge(count);
}

async function pushed(event: PushEvent): Promise<void> {
  const { notice, badge: count } = noticeOf(() => event.data?.json());
  // A browser takes the permission away from whoever shows nothing.
  await show(notice).catch(() => show({}));
  await Promise.allSettled([sayItWasShown(notice.data), badge(count)]);
}

/** Only the path counts: whoever opened the app by another name of this machine is signed in there. */
function pathOf(facts: Facts | undefined, action: string): string {
  const wanted = text(facts?.navigate);
  const url = new URL(URL.canParse(wanted, self.origin) ? wanted : "/", self.origin);
  if (action === "ack") url.searchParams.set("ack", "1");
  return url.pathname + url.search;
}

/** The window that is looked at, else any of ours, else a new one. */
async function tapped(event: NotificationEvent): Promise<void> {
  event.notification.close();
  const path = pathOf(event.notification.data, event.action);
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const ours = windows.filter((one) => !new URL(one.url).pathname.startsWith("/p/"));
  const best = ours.find((one) => one.focused) ?? ours.find((one) => one.visibilityState === "visible") ?? ours[0];
  if (!best) return void (await self.clients.openWindow(path));
  await best.focus().catch(() => undefined);
  best.postMessage({ kind: "open", path });
}

const bytes = (key: string) =>
  Uint8Array.from(atob(key.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));

/** The browser changed the subscription: take a new one and tell the server at once. */
async function resubscribe(): Promise<void> {
  const { id, key } = await (await fetch("/v1/push-key")).json();
  const made = await self.registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(key),
  });
  const { endpoint, keys } = made.toJSON();
  const body = JSON.stringify({ subscription: { endpoint, keys }, push_key_id: id });
  const headers = { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() };
  await fetch("/v1/me/devices", { method: "POST", headers, body });
}

/** What a script loads later; without it, a new version on the server would leave the old one stuck. */
async function piecesOf(script: string): Promise<string[]> {
  const written = await (await fetch(script, { cache: "no-cache" })).text();
  return [...written.matchAll(/["'`](?:\.\/|\/?assets\/)([\w.-]+\.(?:js|css))["'`]/g)].map(
    (found) => `/assets/${found[1]}`,
  );
}

async function keepShell(): Promise<void> {
  const cache = await caches.open(SHELL);
  const shell = await (await fetch("/", { cache: "no-cache" })).text();
  const assets = [...shell.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((found) => found[1] ?? "/");
  const pieces = await Promise.all(assets.filter((path) => path.endsWith(".js")).map(piecesOf));
  const all = new Set([...WITH_THE_SHELL, ...assets, ...pieces.flat()]);
  await cache.addAll([...all].map((path) => new Request(path, { cache: "no-cache" })));
}

async function dropOldShells(): Promise<void> {
  for (const name of await caches.keys()) if (name !== SHELL) await caches.delete(name);
  await self.clients.claim();
}

async function fresh(request: Request): Promise<Response> {
  const response = await fetch(request);
  if (response.ok) await (await caches.open(SHELL)).put(request, response.clone());
  return response;
}

const fromShell = async (request: Request, path: string): Promise<Response> =>
  (await caches.match(path, { cacheName: SHELL })) ?? fetch(request);

function fetched(event: FetchEvent): void {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.origin) return;
  if (/^\/(v1|p|public|in|connect)\//.test(pathname) || /^\/(healthz|readyz)$/.test(pathname)) return;
  if (event.request.mode === "navigate") event.respondWith(fromShell(event.request, "/"));
  else if (pathname === STYLE) event.respondWith(fresh(event.request).catch(() => fromShell(event.request, STYLE)));
  else event.respondWith(fromShell(event.request, pathname));
}

self.addEventListener("install", (event) => event.waitUntil(keepShell()));
self.addEventListener("activate", (event) => event.waitUntil(dropOldShells()));
self.addEventListener("fetch", fetched);
self.addEventListener("push", (event) => event.waitUntil(pushed(event)));
self.addEventListener("notificationclick", (event) => event.waitUntil(tapped(event)));
self.addEventListener("pushsubscriptionchange", (event) => (event as ExtendableEvent).waitUntil(resubscribe()));
self.addEventListener("message", (event) => {
  if (event.data?.kind === "use-the-new-version") event.waitUntil(self.skipWaiting());
});
