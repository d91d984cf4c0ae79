/** Which screen for which address. */

import type { Component } from "svelte";
import { find, type Found } from "./find";
import Client from "./screens/Client.svelte";
import ClientForm from "./screens/ClientForm.svelte";
import Clients from "./screens/Clients.svelte";
import Incident from "./screens/Incident.svelte";
import Incidents from "./screens/Incidents.svelte";
import Keys from "./screens/Keys.svelte";
import More from "./screens/More.svelte";
import NewSource from "./screens/NewSource.svelte";
import NotThere from "./screens/NotThere.svelte";
import Now from "./screens/Now.svelte";
import OnCall from "./screens/OnCall.svelte";
import OwnerLink from "./screens/OwnerLink.svelte";
import People from "./screens/People.svelte";
import Person from "./screens/Person.svelte";
import Reviews from "./screens/Reviews.svelte";
import Source from "./screens/Source.svelte";
import TestAlarm from "./screens/TestAlarm.svelte";
import WakeMe from "./screens/WakeMe.svelte";

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
  ["/clients/:id/link", OwnerLink],
  ["/clients/:id/reviews", Reviews],
  ["/clients/:id/incidents", Incidents],
  ["/incidents/:id", Incident],
  ["/on-call", OnCall],
  ["/on-call/new", People],
  ["/more", More],
  ["/more/keys", Keys],
  ["/wake", WakeMe],
  ["/test", TestAlarm],
];

/** The screen of an address; there is always one. */
export const screenOf = (path: string): Found<Component<any>> =>
  find(path, SCREENS) ?? { screen: NotThere, params: {} };
