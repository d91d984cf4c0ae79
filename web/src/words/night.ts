/** Words of the night: the home screen, an incident, its reviews. */

import { count } from "./count";

export const now = {
  title: "Now",
  word: { quiet: "Quiet", live: "Live", not_safe: "Not safe" } as Record<string, string>,
  ofSources: (total: number) => `of ${count(total, "source")} read`,
  lately: (minutes: number) => `in the last ${minutes === 1 ? "minute" : `${minutes} minutes`}`,
  blind: (number: number, since: string) =>
    `${number} ${number === 1 ? "is" : "are"} blind since ${since}. Blind is not quiet.`,
  neverRead: "Nothing was read yet.",
  noSources: "No review sources yet.",
  phone: "Your phone rings",
  phoneState: { proved: "Tested", never_proved: "Never tested", no_device: "No phone" } as Record<
    string,
    string
  >,
  backup: "Your backup",
  onCall: "On call",
  backupReady: (name: string) => `${name} is rung next.`,
  backupYou: "You are rung next.",
  rungFirst: (name: string) => `${name} is rung first.`,
  backupNobody: "Nobody is rung after that.",
  ready: "Named",
  nobody: "Nobody",
  blindWord: "Blind",
  blindSub: (since: string, client: string, detail: string) =>
    [`${client}. Not read since ${since}.`, detail].filter(Boolean).join(" "),
  incidentSub: (low: number, total: number, since: string) =>
    `${count(total, "new review")} since ${since}. ${low} ${low === 1 ? "is" : "are"} low.`,
  has: (name: string) => `${name} has it.`,
  nobodyHas: "Nobody has it yet.",
  practice: "Practice",
  test: "Test my alarm",
  wake: "Let it wake me",
  open: (client: string) => `Open ${client}`,
  none: "No clients yet.",
  noneSub: "Add the first. Then we watch the reviews.",
  addFirst: "Add the first",
  offline: "This phone is offline. No alarm reaches it now.",
};

export const incident = {
  title: (client: string, number: number) => `${client}: ${count(number, "new review")}`,
  newReviews: (number: number) => (number === 1 ? "new review" : "new reviews"),
  sinceNormal: (since: string, low: number, high: number) => `since ${since}. Normal is ${low} to ${high}.`,
  per: (seconds: number) =>
    seconds >= 86_400 ? "Per day." : seconds >= 3600 ? "Per hour." : "Per 10 minutes.",
  unfinished: "Hatched: not over yet.",
  table: "Table",
  from: "From",
  reviews: "Reviews",
  soFar: (number: number) => `${number} so far`,
  unread: (number: number) => `${number}, not all sources read`,
  noPicture: "The picture could not be loaded. The table has its numbers.",
  stars: (stars: Record<string, number>) =>
    Object.entries(stars)
      .sort(([a], [b]) => Number(a) - Number(b))
      .filter(([, number]) => number)
      .map(([star, number]) => `${number} ★${star}`)
      .join(" · "),
  stale: (names: string[]) => `No data from ${names.join(", ")}. The number may be higher.`,
  notGrowing: (last: number) =>
    last === 0 ? "Nothing new in the last 10 minutes." : `${last} in the last 10 minutes.`,
  slowingSince: (time: string) => `Slowing since ${time}.`,
  quietSince: (time: string) => `Quiet since ${time}.`,
  owner: (name: string) => `${name}, the owner`,
  ownerVerified: (date: string) => `Number verified ${date}.`,
  ownerUnverified: "Number never tested.",
  mayApprove: "May approve.",
  noOwner: "No number to call",
  noOwnerSub: "Add the owner and a number.",
  call: (name: string) => `Call ${name}`,
  onIt: "I’m on it",
  stillOnIt: "Still on it",
  falseAlarm: "False alarm",
  more: "More",
  youHaveIt: (until: string) => `You have it until ${until}.`,
  theyHaveIt: (name: string, since: string) => `${name} is on it since ${since}.`,
  ringing: (name: string, time: string) => `Ringing ${name} since ${time}.`,
  ringingSoon: "Ringing now.",
  exhausted: "Nobody has answered yet. All are rung again.",
  stillWithUs: "Still with us?",
  ringsAgain: (time: string) => `Ringing starts again at ${time}.`,
  why: "Why was it nothing?",
  reasons: {
    good_press: "Good press",
    we_posted: "We posted",
    same_person: "Same person twice",
    not_bad: "Not bad",
  } as const,
  notFalse: "It is not a false alarm",
  dismissed: "Closed. If it doubles we wake you again.",
  verbs: {
    confirm: "It is real",
    dismiss: "False alarm",
    monitor: "It is slowing",
    resolve: "It is over",
    reopen: "Open it again",
    close: "Put it away",
  } as Record<string, string>,
  calmFinish: "Everything calm: finish",
  note: "Write a note",
  noteLabel: "Note for the timeline",
  noteSave: "Save the note",
  noAnswer: "No answer from the owner",
  toAll: "Back to all",
  lessMore: "Close",
  whatHappened: "What happened",
  nothingYet: "Nothing is written down yet.",
  whoWasRung: "Who was rung",
  zone: (zone: string) => `Times as in ${zone.split("/").pop()?.replaceAll("_", " ")}.`,
  live: (number: number, time: string) => `${count(number, "new review")} as of ${time}.`,
  willSend: "No signal. It is kept, and sent when there is one.",
  practice: "Practice. Nothing here is real.",
  attempt: {
    queued: "Waiting",
    sent: "Sent",
    confirmed: "Shown",
    failed: "Not delivered",
    expired: "Too late",
    superseded: "Not needed",
  } as Record<string, string>,
};

export const review = {
  title: "Reviews",
  stars: (stars: number | null) => (stars === null ? "No stars" : `★${stars}`),
  nobody: "No name",
  noText: "No text.",
  edited: "Edited",
  history: "Old",
  open: "Open it at its source",
  none: "Nothing new.",
  more: "Show more",
};
