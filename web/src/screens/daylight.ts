/** The screens of the day, in one piece that is loaded at its first use and kept with the shell. */

export { default as Approvals } from "./Approvals.svelte";
export { default as Connecting } from "./Connecting.svelte";
export { default as Cover } from "./Cover.svelte";
export { default as Keys } from "./Keys.svelte";
export { default as NewWay } from "./NewWay.svelte";
export { default as OwnerLink } from "./OwnerLink.svelte";
export { default as People } from "./People.svelte";
export { default as Plan } from "./Plan.svelte";
export { default as Report } from "./Report.svelte";
export { default as Rota } from "./Rota.svelte";
export { default as Standing } from "./Standing.svelte";
export { default as Statement } from "./Statement.svelte";
export { default as Statements } from "./Statements.svelte";
export { default as Swap } from "./Swap.svelte";
export { default as Ways } from "./Ways.svelte";
