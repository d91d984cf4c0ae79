import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { notice as words } from "./words/notice";

type Listener = (event: Record<string, unknown>) => void;
const listeners = new Map<string, Listener>();
const steps: string[] = [];
const shown: { title: string; options: NotificationOptions }[] = [];
const posted: { url: string; body: unknown }[] = [];
const opened: string[] = [];
let refuses = (_: NotificationOptions) => false;

const registration = {
  async showNotification(title: string, options: NotificationOptions) {
    if (refuses(options)) throw new TypeError("This browser does not like it.");
    steps.push("shown");
    shown.push({ title, options });
  },
};

async function post(url: string, { body }: { body: string }): Promise<Response> {
  steps.push("receipt");
  posted.push({ url, body: JSON.parse(body) });
  return new Response(null, { status: 204 });
}

beforeAll(async () => {
  vi.stubGlobal("__SHELL__", "test");
  vi.stubGlobal("fetch", post);
  vi.stubGlobal("self", {
    origin: "https://nightdesk.test",
    registration,
    clients: { matchAll: async () => [], openWindow: async (path: string) => opened.push(path) },
    addEventListener: (name: string, listener: Listener) => listeners.set(name, listener),
  });
  // The worker's own types do not go together with those of the pages.
  await Promise.all(Object.values(import.meta.glob("./sw.ts")).map((load) => load()));
});

beforeEach(() => {
  for (const list of [steps, shown, posted, opened]) list.length = 0;
  refuses = () => false;
});

async function happens(name: string, event: Record<string, unknown>): Promise<void> {
  let done: Promise<unknown> = Promise.resolve();
  listeners.get(name)?.({ ...event, waitUntil: (promise: Promise<unknown>) => (done = promise) });
  await done;
}

const pushed = (raw: string | null) =>
  happens("push", { data: raw === null ? null : { json: () => JSON.parse(raw) as unknown } });

const alarm = {
  title: "Corner Bistro: 3 new reviews, normal is 1",
  body: "13 are one star. Tap, then call Rosa.",
  navigate: "https://nightdesk.test/incidents/inc_1",
  tag: "esc_1-0-0",
  data: { kind: "alarm", receipt: "r", receipt_url: "/v1/notifications/ntf_1/seen" },
};

test.each([
  ["no payload at all", null],
  ["an empty text", ""],
  ["what is no JSON", "wake up"],
  ["nothing", "null"],
  ["an array", "[1,2,3]"],
  ["a number", "8030"],
  ["a text", '"alarm"'],
  ["another world", '{"from":"another world"}'],
  ["a notice that is a text", '{"notification":"hello"}'],
  ["a notice that is an array", '{"notification":[]}'],
  ["a notice with numbers for words", '{"notification":{"title":7,"body":[],"tag":{},"lang":1,"data":5}}'],
  ["a notice without data", '{"notification":{"data":null,"navigate":9}}'],
])("%s still shows something, once", async (_, raw) => {
  await pushed(raw);
  expect(shown).toHaveLength(1);
  expect(shown[0]).toMatchObject({ title: words.title, options: { body: words.unknown, tag: "nightdesk" } });
  expect(posted).toEqual([]);
});

test("an alarm is shown with its words, and the receipt leaves after that", async () => {
  await pushed(JSON.stringify({ web_push: 8030, notification: alarm }));
  expect(steps).toEqual(["shown", "receipt"]);
  expect(shown[0]).toMatchObject({ title: alarm.title, options: { body: alarm.body, tag: alarm.tag } });
  expect(posted).toEqual([{ url: "/v1/notifications/ntf_1/seen", body: { receipt: "r" } }]);
});

test("a kind that nobody knows yet is shown like any other, without its own button", async () => {
  await pushed(JSON.stringify({ notification: { ...alarm, data: { ...alarm.data, kind: "from-2031" } } }));
  expect(shown[0]?.title).toBe(alarm.title);
  expect(shown[0]?.options).toMatchObject({ actions: [] });
});

test("huge words are cut, and what a browser refuses is shown plainly", async () => {
  await pushed(JSON.stringify({ notification: { ...alarm, title: "x".repeat(1e6), body: "y".repeat(1e6) } }));
  expect(shown[0]?.title).toHaveLength(600);
  expect(shown[0]?.options.body).toHaveLength(600);
  refuses = (options) => options.tag === alarm.tag;
  await pushed(JSON.stringify({ notification: alarm }));
  expect(shown[1]?.title).toBe(words.title);
  expect(posted).toHaveLength(2);
});

test("a receipt never leaves for another place", async () => {
  const data = { ...alarm.data, receipt_url: "https://elsewhere.test/seen" };
  await pushed(JSON.stringify({ notification: { ...alarm, data } }));
  expect(shown).toHaveLength(1);
  expect(posted).toEqual([]);
});

test.each([
  ["https://nightdesk.test/incidents/inc_1", "/incidents/inc_1"],
  ["https://elsewhere.test/incidents/inc_1", "/incidents/inc_1"],
  ["http://[", "/"],
  [undefined, "/"],
])("a tap on %s opens %s here", async (navigate, path) => {
  await happens("notificationclick", { action: "", notification: { close: () => undefined, data: { navigate } } });
  expect(opened).toEqual([path]);
});

test.each([
  ["/connect/callback?code=1&state=2", false],
  ["/v1/now", false],
  ["/p/secret", false],
  ["/clients/cli_1/connect/con_1", true],
  ["/", true],
])("of opening %s it is kept here: %s", async (path, kept) => {
  vi.stubGlobal("caches", { match: async () => new Response("the shell") });
  const respondWith = vi.fn();
  const request = { url: `https://nightdesk.test${path}`, method: "GET", mode: "navigate" };
  await happens("fetch", { request, respondWith });
  expect(respondWith).toHaveBeenCalledTimes(kept ? 1 : 0);
});
