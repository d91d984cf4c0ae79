/** Words of the rota: who is on shift, who stands in, and the shifts that come again. */

export const week = {
  gapTitle: "A gap this week",
  covered: "Covered",
  nobody: "Nobody",
  you: "You",
  until: (name: string, time: string) => `${name}, until ${time}.`,
  allWeek: (name: string) => `${name}, all week.`,
  then: (name: string) => `Then ${name}.`,
  thenYou: "Then you.",
  thenNobody: "Then nobody.",
  withNobody: "with nobody",
  hours: (ms: number) => {
    const minutes = Math.round(ms / 60_000);
    return minutes < 60 ? `${minutes} min` : `${Math.round(minutes / 30) / 2} h`;
  },
  andMore: (number: number) => `And ${number} more.`,
  ladderAllTheSame: "The order below is rung all the same.",
  noLadder: "Nobody is rung then.",
  span: (from: string, until: string) => `${from} to ${until}`,
  fromNow: "now",
  take: (span: string) => `Take ${span}`,
  figure: "Who is on call this week",
  figureGaps: (spans: string[]) =>
    spans.length ? `Nobody: ${spans.join(", ")}.` : "Somebody is on shift at every hour.",
  table: "Table",
  day: "Day",
  time: "Time",
  who: "Who",
  inZone: (zone: string) => `Times as in ${zone.split("/").pop()?.replaceAll("_", " ")}.`,
  problem: "The rota cannot be read. It counts as nobody.",
};

export const cover = {
  ask: "Cover me until…",
  title: "Cover me",
  why: "Somebody else is on shift in your place, once.",
  until: "Until when?",
  twoHours: (time: string) => `For 2 hours, until ${time}`,
  hour: (time: string) => `Until ${time}`,
  end: (time: string) => `Until the end of my shift, ${time}`,
  whole: (span: string) => `All of my next shift: ${span}`,
  other: "Until another time",
  otherTime: "Day and time",
  otherMissing: "Choose a time that lies ahead.",
  who: "Who covers you?",
  send: (name: string) => `${name} covers me`,
  none: "You have no shift in the next two weeks.",
  nobodyElse: "Nobody else is here yet.",
};

export const swap = {
  ask: "Swap",
  title: "Swap shifts",
  why: "Both change hands, or neither does.",
  mine: "You give",
  theirs: "You take",
  theirShift: (name: string, span: string) => `${name}: ${span}`,
  send: "Swap these two",
  none: "There are no two shifts to swap in the next two weeks.",
};

export const once = {
  title: "For once",
  covers: (name: string, other: string) => `${name} for ${other}`,
  takes: (name: string) => `On shift: ${name}`,
  drop: "Take it back",
  dropLabel: (what: string, span: string) => `Take it back: ${what}, ${span}`,
};

export const calendar = {
  title: "Add to my calendar",
  sub: "Your shifts, in the calendar that you use.",
  make: "Make a link",
  rotate: "Replace the old links",
  link: "Open or copy this link",
  open: "Open in my calendar",
  note: "Google looks only every 8 to 24 hours.",
  secret: "Whoever has the link sees the shifts.",
};

export const rota = {
  title: "The rota",
  none: "No rota. The order on the screen before is rung at any hour.",
  row: "Who is on shift when.",
  makeRow: "Make a rota",
  name: "Name",
  nameFirst: "Nights and days",
  zone: "Time zone",
  begin: "Begin with",
  presets: {
    nights: (backup: string) => `Nights me, days ${backup}`,
    weeks: "Week about",
    always: "Always me",
    empty: "An empty rota",
  },
  presetSubs: {
    nights: "You from 20:00 to 07:00, every day.",
    weeks: "A week each, from Monday 09:00.",
    always: "Day and night, until somebody joins you.",
    empty: "You write the shifts yourself.",
  },
  shift: (number: number) => `Shift ${number}`,
  days: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
  dayNames: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
  daysLegend: "Days",
  from: "From",
  until: "Until",
  nextDay: "Ends on the next day.",
  who: "Who",
  week: (number: number) => `Week ${number}`,
  addWeek: "Another person, week by week",
  dropWeek: "One person fewer",
  startsOn: "The first week has this day",
  addShift: "Add a shift",
  dropShift: (number: number) => `Remove shift ${number}`,
  save: "Save the rota",
  saved: "Saved. Whoever is being rung already goes on being rung.",
  first: "Of two shifts at one time, the upper one holds.",
  needDays: (number: number) => `Shift ${number} needs a day.`,
  needTime: (number: number) => `Shift ${number} needs both times.`,
  needDate: (number: number) => `Shift ${number} needs its first week.`,
  another: "Another rota",
  newer: "Somebody changed this rota in the meantime.",
  showNewer: "Show the newer one",
};
