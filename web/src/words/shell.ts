/** Words of the frame: coming in, going wrong, filling in. */

export const app = {
  name: "Nightdesk",
  tabs: { now: "Now", clients: "Clients", onCall: "On call", more: "More" },
  main: "Main",
  asking: "One moment.",
  notThere: "Nothing is at this address.",
  toNow: "Back to Now",
  update: "A new version is here.",
  useUpdate: "Use it now",
  asOf: (time: string) => `as of ${time}`,
  saved: (time: string) => `Saved ${time}. No signal.`,
  step: (step: number, of: number) => `${step} of ${of}`,
  copy: "Copy",
  copied: "Copied",
  copyByHand: "Press and hold the text to copy it.",
  once: "Shown once. Copy it now.",
  back: "Back",
  busy: "One moment…",
  save: "Save",
  later: "Later",
  continue: "Continue",
  tryAgain: "Try again",
};

export const trouble = {
  noSignal: "No signal, or Nightdesk did not answer. Nothing was sent. Try again.",
  noAnswer: "Something is wrong at Nightdesk. Nothing was changed.",
  lookAbove: "Something above is not right yet. Nothing was sent.",
  ours: "Something went wrong in this app. Try again.",
  unreachable: "Nightdesk does not answer.",
  unreachableSub: "Alarms come to phones that are signed in. Try again when you have a signal.",
};

export const field = {
  missing: (what: string) => `Enter ${what}.`,
  email: "Enter an e-mail address, like name@example.org.",
  phone: "Enter a phone number, like +43 660 123 4567.",
  password: "Use 10 characters or more.",
  address: "Enter a link that starts with https://.",
};

export const signIn = {
  title: "Sign in",
  email: "E-mail",
  password: "Password",
  go: "Sign in",
  missingPassword: "your password",
};

export const setUp = {
  title: "Your name and the number we ring",
  needLink: "This Nightdesk is new.",
  needLinkSub: "Open the one-time link that it printed when it started.",
  name: "Your name",
  phone: "Your phone number",
  phoneHint: "Kept as you type it.",
  email: "E-mail",
  password: "Password",
  passwordHint: "10 characters or more. A sentence is good.",
  zone: "Time zone",
};
