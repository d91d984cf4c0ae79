/** Which screen for which address. */

import type { Component } from "svelte";
import { find, type Found } from "./find";
import CallSheet from "./screens/CallSheet.svelte";
import Client from "./screens/Client.svelte";
import ClientForm from "./screens/ClientForm.svelte";
import Clients from "./screens/Clients.svelte";
import Decide from "./screens/Decide.svelte";
import Incident from "./screens/Incident.svelte";
import Incidents from "./screens/Incidents.svelte";
import More from "./screens/More.svelte";
import NewSource from "./screens/NewSource.svelte";
import NotThere from "./screens/NotThere.svelte";
import Now from "./screens/Now.svelte";
import OnCall from "./screens/OnCall.svelte";
import Person from "./screens/Person.svelte";
import Reviews from "./screens/Reviews.svelte";
import Source from "./screens/Source.svelte";
import TestAlarm from "./screens/TestAlarm.svelte";
import type * as daylight from "./screens/daylight";
import WakeMe from "./screens/WakeMe.svelte";

/** Loaded at first use: nobody needs them in the first second of a night. */
export type Daylight = keyof typeof daylight;
type Shown = Component<any> | Daylight;

// Screens take what stands at the colons; "new" comes before ":id" because the first match wins.
export const SCREENS: [string, Shown][] = [
  ["/", Now],
  ["/setup", Now],
  ["/clients", Clients],
  ["/clients/new", ClientForm],
  ["/clients/:id", Client],
  ["/clients/:id/change", ClientForm],
  ["/clients/:id/people/new", Person],
  ["/clients/:id/people/:contact", Person],
  ["/clients/:id/sources/new", NewSource],
  ["/clients/:id/sources/:source", Source],
  ["/clients/:id/connect/:connection", "Connecting"],
  ["/clients/:id/plan", "Plan"],
  ["/clients/:id/standing", "Standing"],
  ["/clients/:id/link", "OwnerLink"],
  ["/clients/:id/reviews", Reviews],
  ["/clients/:id/incidents", Incidents],
  ["/incidents/:id", Incident],
  ["/incidents/:id/call", CallSheet],
  ["/incidents/:id/decide", Decide],
  ["/incidents/:id/statements", "Statements"],
  ["/incidents/:id/report", "Report"],
  ["/statements/:id", "Statement"],
  ["/approvals", "Approvals"],
  ["/on-call", OnCall],
  ["/on-call/new", "People"],
  ["/on-call/cover", "Cover"],
  ["/on-call/swap", "Swap"],
  ["/rota", "Rota"],
  ["/rota/:id", "Rota"],
  ["/plan", "Plan"],
  ["/more", More],
  ["/more/keys", "Keys"],
  ["/ways", "Ways"],
  ["/ways/new", "NewWay"],
  ["/wake", WakeMe],
  ["/test", TestAlarm],
];

/** The screen of an address; there is always one. */
export const screenOf = (path: string): Found<Shown> =>
  find(path, SCREENS) ?? { screen: NotThere, params: {} };
