/** Words of connecting: which platform, what can be done there, who signed in and until when. */

import { count } from "./count";

const group = { reviews: "Reviews", social: "Social", mail: "Mail", own: "Your own" };

export const connect = {
  paste: "Paste a link",
  pasteHint: "From the browser, or by the Share button of an app.",
  looking: "Looking what this is.",
  asFeed: "Watch it as a feed",
  choose: "Or choose",
  group,
  way: { account: "Sign in", key: "Key", mailbox: "Mailbox", nothing: "Link", own: "" } as Record<
    string,
    string
  >,
  notSetUp: "Not set up",
  notSetUpHere: "Signing in is not set up on this server.",
  notSetUpSub: (name: string) => `Whoever runs it has to add its app at ${name} first.`,
  retention: {
    full: "",
    day: "Its words may be kept for 24 hours. The numbers stay.",
    ids: "Its words may not be kept. The numbers stay.",
  } as Record<string, string>,
  what: "What can be done there",
  signIn: "Sign in",
  key: "Enter the key",
  mailbox: "Enter the mailbox",
  link: "Enter the link",
  watch: "Watch it",
  connect: "Connect",
  linkOf: (name: string) => `Link at ${name}`,
  notOf: (name: string) => `This is no link of ${name}.`,
  optional: "May stay empty.",
  secret: "Kept sealed. It is never shown again.",
  other: "Choose another",
};

export const connecting = {
  title: "Signing in",
  waiting: "Waiting for your yes",
  waitingSub: "Sign in there and say yes. Then this goes on by itself.",
  answered: "Signed in. Looking what is there.",
  answeredSub: "This takes a few seconds.",
  choose: "What is to be watched?",
  chooseSub: (places: number) => `This sign-in may use ${count(places, "place")}.`,
  nothing: "This sign-in may use no place.",
  nothingSub: "Sign in with the account that manages the business.",
  watched: "Watched",
  watch: (places: number) => `Watch ${count(places, "place")}`,
  watchNone: "Watch",
  pick: "Tap what is to be watched.",
  failed: "The sign-in did not work.",
  expired: "The sign-in took too long.",
  expiredSub: "It holds for 15 minutes. Nothing was changed.",
  again: "Begin again",
};

export const account = {
  title: "Accounts",
  holds: (time: string) => `Holds until ${time}.`,
  ended: (time: string) => `Ran out ${time}.`,
  over: "Ran out",
  noEnd: "Holds until somebody takes it back.",
  feeds: (sources: number) => `Used by ${count(sources, "source")}.`,
  remove: "Remove",
  removeNamed: (name: string) => `Remove the account ${name}`,
  removeWhat: (sources: number) =>
    sources ? `We forget it at once. ${count(sources, "source")} then cannot be read.` : "We forget it at once.",
  removeYes: "Yes, remove it",
  removeNo: "Keep it",
  by: "Account",
  gone: "The account was removed.",
  again: "Sign in again",
};

export const ready = {
  title: "Take-down ready",
  yes: "Yes",
  no: "No",
  unknown: "Not checked yet",
  checked: (time: string) => `Checked ${time}.`,
  checkedAgain: (time: string) => `Checked again ${time}.`,
};
