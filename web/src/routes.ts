/** Which screen for which address. */

import type { Component } from "svelte";
import { find, type Found } from "./find";
import Client from "./screens/Client.svelte";
import ClientForm from "./screens/ClientForm.svelte";
import Clients from "./screens/Clients.svelte";
import Connecting from "./screens/Connecting.svelte";
import Cover from "./screens/Cover.svelte";
import Incident from "./screens/Incident.svelte";
import Incidents from "./screens/Incidents.svelte";
import Keys from "./screens/Keys.svelte";
import More from "./screens/More.svelte";
import NewSource from "./screens/NewSource.svelte";
import NewWay from "./screens/NewWay.svelte";
import NotThere from "./screens/NotThere.svelte";
import Now from "./screens/Now.svelte";
import OnCall from "./screens/OnCall.svelte";
import OwnerLink from "./screens/OwnerLink.svelte";
import People from "./screens/People.svelte";
import Person from "./screens/Person.svelte";
import Plan from "./screens/Plan.svelte";
import Reviews from "./screens/Reviews.svelte";
import Rota from "./screens/Rota.svelte";
import Source from "./screens/Source.svelte";
import Swap from "./screens/Swap.svelte";
import TestAlarm from "./screens/TestAlarm.svelte";
import WakeMe from "./screens/WakeMe.svelte";
import Ways from "./screens/Ways.svelte";

// Screens take what stands at the colons; "new" comes before ":id" because the first match wins.
export const SCREENS: [string, Component<any>][] = [
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
  ["/clients/:id/connect/:connection", Connecting],
  ["/clients/:id/plan", Plan],
  ["/clients/:id/link", OwnerLink],
  ["/clients/:id/reviews", Reviews],
  ["/clients/:id/incidents", Incidents],
  ["/incidents/:id", Incident],
  ["/on-call", OnCall],
  ["/on-call/new", People],
  ["/on-call/cover", Cover],
  ["/on-call/swap", Swap],
  ["/rota", Rota],
  ["/rota/:id", Rota],
  ["/plan", Plan],
  ["/more", More],
  ["/more/keys", Keys],
  ["/ways", Ways],
  ["/ways/new", NewWay],
  ["/wake", WakeMe],
  ["/test", TestAlarm],
];

/** The screen of an address; there is always one. */
export const screenOf = (path: string): Found<Component<any>> =>
  find(path, SCREENS) ?? { screen: NotThere, params: {} };
