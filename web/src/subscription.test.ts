import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { letItWakeMe, resend } from "./subscription";

const OLD = "AQID";
const NEW = "BAUG";
const raw = (key: string) => Uint8Array.from(atob(key), (char) => char.charCodeAt(0)).buffer;

/** A browser's one subscription, and how often it was asked for another. */
class Manager {
  now: { endpoint: string; key: string } | null = null;
  made = 0;
  ill = false;

  getSubscription = async () => (this.now ? this.asSubscription(this.now) : null);

  subscribe = async ({ applicationServerKey }: { applicationServerKey: Uint8Array }) => {
    if (this.now) throw new DOMException("another key", "InvalidStateError");
    if (this.ill) throw new DOMException("no push service", "AbortError");
    const key = btoa(String.fromCharCode(...applicationServerKey));
    this.now = { endpoint: `https://push.test/made-anew-${++this.made}`, key };
    return this.asSubscription(this.now);
  };

  private asSubscription({ endpoint, key }: { endpoint: string; key: string }) {
    return {
      endpoint,
      options: { applicationServerKey: raw(key) },
      unsubscribe: async () => ((this.now = null), true),
      toJSON: () => ({ endpoint, keys: { p256dh: "p", auth: "a" } }),
    };
  }
}

/** What the server keeps: one push key in use, devices by endpoint. */
class Server {
  key = { id: "vap_1", key: OLD };
  devices: Record<string, unknown>[] = [];
  asked: string[] = [];

  answer = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    this.asked.push(`${request.method} ${pathname}`);
    if (pathname === "/v1/push-key") return Response.json(this.key);
    if (request.method === "GET") return Response.json({ data: this.devices });
    if (request.method === "DELETE") return this.drop(pathname.split("/").at(-1) ?? "");
    return Response.json(this.add(await request.json()), { status: 201 });
  };

  private drop(id: string): Response {
    this.devices = this.devices.filter((one) => one.id !== id);
    return new Response(null, { status: 204 });
  }

  add(body: { subscription: { endpoint: string }; push_key_id: string; installed?: boolean }) {
    const tail = body.subscription.endpoint.slice(-8);
    const known = this.devices.find((one) => one.endpoint_tail === tail);
    const device = known ?? { id: `dev_${this.devices.length + this.asked.length}`, endpoint_tail: tail };
    Object.assign(device, { push_key_id: body.push_key_id, state: "live", installed: body.installed });
    if (!known) this.devices.push(device);
    return device;
  }
}

let manager: Manager;
let server: Server;
let kept: Map<string, string>;
const notification = { permission: "granted", requestPermission: async () => "granted" };

beforeEach(() => {
  [manager, server, kept] = [new Manager(), new Server(), new Map()];
  notification.permission = "granted";
  const registration = { pushManager: manager };
  vi.stubGlobal("isSecureContext", true);
  vi.stubGlobal("Notification", notification);
  vi.stubGlobal("window", { PushManager: Manager, Notification: notification });
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  vi.stubGlobal("fetch", server.answer);
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  });
  vi.stubGlobal("navigator", {
    userAgent: "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140.0.0.0 Mobile Safari/537.36",
    maxTouchPoints: 5,
    serviceWorker: { getRegistration: async () => registration, ready: Promise.resolve(registration) },
  });
});

afterEach(() => vi.unstubAllGlobals());

const posts = () => server.asked.filter((one) => one === "POST /v1/me/devices").length;

test("a first opening registers this phone, a second one only looks", async () => {
  expect(await letItWakeMe()).toBe("subscribed");
  expect(await resend()).toBe("subscribed");
  expect(posts()).toBe(1);
  expect(manager.made).toBe(1);
  expect(kept.get("device")).toBe(server.devices[0]?.id);
});

test("another push key means another subscription, and the old one is no proof any more", async () => {
  await letItWakeMe();
  const before = kept.get("device");
  server.key = { id: "vap_2", key: NEW };
  expect(await resend()).toBe("subscribed");
  expect(manager.now?.key).toBe(NEW);
  expect(server.devices.map((one) => one.push_key_id)).toEqual(["vap_2"]);
  expect(server.asked).toContain(`DELETE /v1/me/devices/${before}`);
});

test("a subscription that the server has retired or forgotten is told again, and not made anew", async () => {
  await letItWakeMe();
  server.devices[0]!.state = "retired";
  await resend();
  expect(server.devices[0]?.state).toBe("live");
  server.devices = [];
  await resend();
  expect(server.devices).toHaveLength(1);
  expect(manager.made).toBe(1);
});

test("a subscription that the browser has dropped is made anew", async () => {
  await letItWakeMe();
  manager.now = null;
  expect(await resend()).toBe("subscribed");
  expect(server.devices.map((one) => one.endpoint_tail)).toEqual([manager.now!["endpoint"].slice(-8)]);
});

test("a permission that was taken away is said, and the server is not asked to ring it", async () => {
  await letItWakeMe();
  const before = posts();
  notification.permission = "denied";
  expect(await resend()).toBe("denied");
  expect(posts()).toBe(before);
});

test("without a push service the word is that, and the next opening tries again", async () => {
  manager.ill = true;
  expect(await resend()).toBe("no-service");
  expect(server.devices).toEqual([]);
  manager.ill = false;
  expect(await resend()).toBe("subscribed");
  expect(server.devices).toHaveLength(1);
});
