/** Words of being ready: who is rung, on which phone, proved when. */

import { count } from "./count";
import type { Reach } from "../push";

export const onCall = {
  title: "On call",
  you: "You",
  order: (names: string[]) =>
    names.length === 0
      ? "Nobody is on call."
      : names.length === 1
        ? `${names[0]}. Nobody after that.`
        : `${names[0]}, then ${names.slice(1).join(", then ")}.`,
  reachable: (of: number) => `of ${count(of, "person", "people")} can be rung`,
  reachableSub: "Only a phone that is signed in can be rung.",
  inOrder: "Rung in this order",
  theyWoken: (name: string, yes: boolean) => `Would ${name} be woken right now? ${yes ? "Yes." : "No."}`,
  inTheWay: "Also in the way",
  woken: (yes: boolean) => `Would you be woken right now? ${yes ? "Yes." : "No."}`,
  yes: "Yes",
  no: "No",
  proved: (time: string) => `Phone proved ${time}.`,
  neverProved: "Phone never proved.",
  noPhone: "No phone.",
  brokenOn: (labels: string[]) => `Did not show the last test: ${labels.join(", ")}.`,
  ready: "Ready",
  notReady: "Not ready",
  rungAs: ["Rung first", "Rung second", "Rung third"],
  rungLater: (place: number) => `Rung at place ${place}`,
  up: (name: string) => `Ring ${name} earlier`,
  off: (name: string) => `Take ${name} off`,
  on: (name: string) => `Put ${name} on`,
  change: "Change the order",
  changed: "Done",
  add: "Add a person",
  others: "Not rung",
  gap: "Only one person is rung. Add a backup.",
  nobodyAtAll: "Nobody can be rung",
  test: "Test my alarm",
};

export const people = {
  add: "Add a person",
  name: "Name",
  email: "E-mail",
  phone: "Phone number",
  password: "First password",
  passwordHint: "10 characters or more. Tell it to them yourself.",
  role: "May do",
  roles: {
    manager: "Everything but keys and people",
    helper: "Look, ring and note",
    owner: "Everything",
  } as Record<string, string>,
  last: "Rung last until you change the order.",
};

export const more = {
  title: "More",
  me: "Me",
  thisPhone: "This phone",
  confirmed: (time: string) => `Confirmed ${time}.`,
  neverConfirmed: "Never confirmed.",
  wake: "Let it wake me",
  look: "Night look",
  looks: { clock: "Dark from 22:00 to 07:00", night: "Always dark", system: "As the phone says" },
  agency: "The agency",
  keys: "API keys",
  people: "People",
  version: (number: string) => `Nightdesk ${number}`,
  signOut: "Sign out",
  signOutWhat: "This phone forgets what it kept, and still rings. To stop that, take it off first.",
  signOutYes: "Yes, sign out",
  signOutNo: "Stay signed in",
};

export const keys = {
  title: "API keys",
  none: "No keys yet.",
  name: "What is it for?",
  nameHint: "For example: our shop.",
  scopes: "May do",
  what: {
    "reviews:write": "Send reviews",
    "reviews:read": "Read reviews",
    "clients:read": "Read clients",
    "clients:write": "Change clients",
    "sources:read": "Read sources",
    "sources:write": "Change sources",
    "incidents:read": "Read incidents",
    "incidents:write": "Act on incidents",
    "events:read": "Hear events",
    "oncall:read": "Read who is on call",
  } as Record<string, string>,
  make: "Make a key",
  pick: "Choose at least one.",
  ends: (tail: string) => `Ends with ${tail}.`,
  revoked: "Off",
  on: "On",
  revoke: (name: string) => `Switch ${name} off`,
};

export const wake = {
  title: "Let it wake me",
  only: "This is the only screen that matters before you sleep.",
  ready: "Ready tonight",
  pushOnly: "Push works, calls not tested: not ready for nights",
  notReady: "Not ready for nights yet",
  home: "On your Home Screen",
  homeDone: "Opened from its icon.",
  homeOpen: "Not yet. It also works in the browser, less surely.",
  done: "Done",
  open: "To do",
  push: "Push may wake you",
  works: "Works",
  sleep: "Sleep and silence let it through",
  sleepSub: "Nothing can check this but you.",
  byHand: "By hand",
  shown: "Test alarm",
  go: "Let it wake me",
  test: "Test my alarm",
  copyLink: "Copy the link",
  install: {
    ios: [
      ["share", "Tap Share, the square with an arrow."],
      ["plus", "Tap “Add to Home Screen”."],
      ["open", "Leave “Open as Web App” on."],
      ["open", "Open Nightdesk from its icon."],
    ],
    android: [
      ["menu", "Tap the menu, three dots."],
      ["plus", "Tap “Add to Home screen” or “Install app”."],
      ["open", "Open Nightdesk from its icon."],
    ],
    desktop: [
      ["plus", "Look for the install sign in the address bar."],
      ["open", "Tap it, then open Nightdesk from its icon."],
    ],
  } as Record<"ios" | "android" | "desktop", [string, string][]>,
  reach: {
    subscribed: "This phone may be rung.",
    "not-subscribed": "Allowed, but not set up on this phone yet.",
    "not-asked": "This phone was not asked yet.",
    denied: "This phone said no. Open its settings, Notifications, Nightdesk, and allow it.",
    "install-first": "Put it on the Home Screen first. An iPhone rings only from there.",
    "in-app-browser": "Open this in your own browser first. This one cannot ring.",
    unsupported: "This browser cannot be rung. Use another browser.",
    "no-service": "The push service of this browser did not answer. Try again.",
    insecure: "This address is not secure. Open Nightdesk by its https address.",
  } as Record<Reach, string>,
};

export const test = {
  title: "Test alarm",
  start: "Send a test alarm",
  again: "Send it again",
  sending: "seconds, still waiting",
  sendingSub: "Look at your phone.",
  shown: "seconds to show the push",
  shownSub: (time: string) => `Shown on your phone ${time}.`,
  ready: "Your phone rings",
  before: "We send an alarm and count the seconds.",
  beforeSub: "Then lock the phone, silence it, and send it again.",
  noPhone: "This phone cannot be rung yet.",
  late: "Not confirmed after 30 seconds.",
  reasons: [
    "Notifications of this app are off in the phone’s settings.",
    "Sleep or Do Not Disturb holds it back.",
    "The phone has no connection.",
    "Saving power stops the browser.",
  ],
  failed: "The push was not delivered.",
  heard: "I heard it",
  nothing: "I heard nothing",
  heardSub: "Good. Test it again after every change of phone.",
  nothingSub: "Turn the volume up and check these:",
  done: "To Now",
};
