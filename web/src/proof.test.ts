import { expect, test } from "vitest";
import type { Channel, Device } from "./api";
import { readiness, vcard } from "./proof";

const device = (about: Partial<Device>): Device =>
  ({ id: "dev_1", channel: "webpush", state: "live", last_confirmed_at: null, broken_at: null, ...about }) as Device;

const at = "2026-05-14T01:12:00Z";
const push = device({ last_confirmed_at: at });
const call = device({ id: "dev_2", channel: "voice", last_confirmed_at: at });
const both: Channel[] = [
  { channel: "webpush", set_up: true, names: [] },
  { channel: "voice", set_up: true, names: [] },
];
const noCalls: Channel[] = [{ channel: "voice", set_up: false, names: [] }];

test("push proved and a call heard is ready", () => {
  expect(readiness([push, call], both, "dev_1", "subscribed").word).toBe("ready");
});

test("where calls are set up, push alone is not ready for nights", () => {
  expect(readiness([push], both, "dev_1", "subscribed")).toEqual({
    push: "proved",
    call: "none",
    word: "push-only",
  });
  const unheard = { ...call, last_confirmed_at: null };
  expect(readiness([push, unheard], both, "dev_1", "subscribed").word).toBe("push-only");
  const off = { ...call, state: "retired" };
  expect(readiness([push, off], both, "dev_1", "subscribed").word).toBe("push-only");
});

test("where there are no calls, push is all that can be proved", () => {
  expect(readiness([push], noCalls, "dev_1", "subscribed").word).toBe("ready");
});

test("as long as it is unknown whether there are calls, nobody is told to sleep", () => {
  expect(readiness([push], undefined, "dev_1", "subscribed").word).toBe("push-only");
});

test("the push of another phone proves nothing about this one", () => {
  expect(readiness([push], noCalls, "dev_9", "subscribed").word).toBe("not-ready");
  expect(readiness([push], noCalls, null, "subscribed").word).toBe("not-ready");
});

test("a permission that was taken away, or a test without a receipt, undoes the proof", () => {
  expect(readiness([push], noCalls, "dev_1", "denied").push).toBe("none");
  const broken = { ...push, broken_at: at };
  expect(readiness([broken], noCalls, "dev_1", "subscribed")).toMatchObject({
    push: "broken",
    word: "not-ready",
  });
});

test("one proved number is enough, whatever else was added", () => {
  const other = device({ id: "dev_3", channel: "voice" });
  expect(readiness([push, other, call], both, "dev_1", "subscribed").call).toBe("proved");
});

test("the contact carries a number that can be dialled and a name that cannot break it", () => {
  const card = vcard("Alarm; of\\ us, all", "+43 (660) 123-4567");
  expect(card).toContain("TEL;TYPE=CELL:+436601234567\r\n");
  expect(card).toContain("FN:Alarm\\; of\\\\ us\\, all\r\n");
  expect(card.endsWith("END:VCARD\r\n")).toBe(true);
});
