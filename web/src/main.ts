/** The start: dress, find out who is here, show the screen of the address. */

import { mount } from "svelte";
import { startAddress } from "./address.svelte";
import "./app.css";
import App from "./App.svelte";
import { startLook } from "./look";
import { startOutbox } from "./outbox";
import { whoAmI } from "./session.svelte";
import { startWorker } from "./update.svelte";

startLook();
startAddress();
startOutbox();
mount(App, { target: document.body });
void whoAmI();
startWorker().catch(() => undefined);
