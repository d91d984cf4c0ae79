import { expect, test } from "vitest";
import { isInApp, labelOf, platformOf, reachOf, type Facts } from "./push";

const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 Version/18.4 Mobile/15E148 Safari/604.1";
const PIXEL =
  "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36";
const MAC =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.4 Safari/605.1.15";

const ready: Facts = {
  secure: true,
  worker: true,
  push: true,
  permission: "granted",
  platform: "android",
  installed: true,
  inApp: false,
  subscribed: true,
};

test("a phone with everything in place is subscribed", () => {
  expect(reachOf(ready)).toBe("subscribed");
});

test("permission without a subscription is not yet a phone that rings", () => {
  expect(reachOf({ ...ready, subscribed: false })).toBe("not-subscribed");
});

test("not asked and refused are different answers", () => {
  expect(reachOf({ ...ready, permission: "default" })).toBe("not-asked");
  expect(reachOf({ ...ready, permission: "denied" })).toBe("denied");
});

test("an iPhone in a browser tab is told to install first", () => {
  const tab: Facts = { ...ready, platform: "ios", installed: false, push: false, permission: null };
  expect(reachOf(tab)).toBe("install-first");
});

test("a browser inside another app is named before anything else", () => {
  expect(reachOf({ ...ready, inApp: true, secure: false })).toBe("in-app-browser");
  expect(isInApp(`${IPHONE} Instagram 350.0`)).toBe(true);
  expect(isInApp(PIXEL)).toBe(false);
});

test("plain http and old browsers are told so", () => {
  expect(reachOf({ ...ready, secure: false })).toBe("insecure");
  expect(reachOf({ ...ready, push: false })).toBe("unsupported");
});

test("an iPad that calls itself a Mac is an iPad", () => {
  expect(platformOf(MAC, 5)).toBe("ios");
  expect(platformOf(MAC, 0)).toBe("desktop");
});

test("a phone is called by its browser and system", () => {
  expect(labelOf(PIXEL, "android")).toBe("Chrome on Android");
  expect(labelOf(IPHONE, "ios")).toBe("Safari on iPhone");
});
