/** Words of the escalation plan: who is rung over what, and how long each step waits. */

const length = (seconds: number): string =>
  seconds < 120 && seconds % 60 ? `${seconds} s` : `${Number((seconds / 60).toFixed(1))} min`;

export const plan = {
  title: "How each is rung",
  sub: "Push first, calls later, then the next person.",
  isDefault: "This is the default.",
  isOwn: "This plan is your own.",
  isAgencys: "This client has no plan of its own. The agency’s holds.",
  each: "Each person in turn",
  who: {
    first: "Whoever is rung first",
    second: "Whoever is rung second",
    third: "Whoever is rung third",
    everyone: "Everyone at once",
  } as Record<string, string>,
  over: {
    webpush: "push",
    voice: "a call",
    sms: "a text",
    pushover: "Pushover",
    ntfy: "ntfy",
    email: "an e-mail",
    apprise: "another service",
  } as Record<string, string>,
  length,
  atOnce: (channels: string) => `At once: ${channels}.`,
  after: (seconds: number, channels: string) => `After ${length(seconds)}: ${channels}.`,
  unlessShown: (seconds: number, channels: string) =>
    `Not shown after ${length(seconds)}: ${channels}.`,
  skippedStep: (channels: string) => `Skipped, not set up here: ${channels}.`,
  notHere: (channels: string) => `Not set up here: ${channels}.`,
  skipped: "A step that reaches nobody costs no time.",
  wait: "Then wait",
  next: (seconds: number, shown: number) =>
    seconds === shown
      ? `After ${length(seconds)}: the next person, in the same way.`
      : `After ${length(seconds)}, or ${length(shown)} once a phone has shown it: the next person, in the same way.`,
  again: "At the end it all begins again.",
  open: "An incident that is open keeps the plan that it began with.",
  leftOut: "Only three are named here. Whoever comes after them is not rung.",
  save: "Save the plan",
  saved: "Saved. It holds from the next alarm on.",
  reset: "Back to the default",
  resetWhat: "Your own waits are forgotten.",
  resetYes: "Yes, back to the default",
  resetNo: "Keep my plan",
  client: "How it wakes us",
  clientSub: "Its own plan, or the agency’s.",
};
