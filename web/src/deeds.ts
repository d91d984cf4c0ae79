/** What a manager does about a decision: each is one wish to the server, and none waits for a signal. */

import { answer, api, type Action, type Result } from "./api";

const WAIT_MINUTES = 30;

const of = (action: Action) => ({ params: { path: { action_id: action.id } } });

/** The deeds at one incident; whatever changes is handed to `take`, `reload` reads the rest anew. */
export function deedsOf(
  id: string,
  whom: () => { contact_id: string } | null | undefined,
  readOut: () => string,
  take: (action: Action) => void,
  reload: () => Promise<unknown>,
) {
  const incident = { params: { path: { incident_id: id } } };
  const propose = (chosen: string[]) =>
    answer(
      api.POST("/v1/incidents/{incident_id}/actions", { ...incident, body: { kind: "take_down", chosen } }),
    );
  const changed = async (call: Promise<Action>) => {
    take(await call);
    await reload();
  };
  const execute = (action: Action, standing = false) =>
    changed(
      answer(api.POST("/v1/actions/{action_id}/execute", { ...of(action), body: { standing, dry_run: false } })),
    );

  return {
    execute,
    async ask(what: Action | string[]) {
      const action = Array.isArray(what) ? await propose(what) : what;
      await answer(api.POST("/v1/approvals", { body: { action_id: action.id } }));
      await reload();
    },
    async toldMe(what: Action | string[]) {
      const to = Array.isArray(what) ? { chosen: what } : { chosen: [], action_id: what.id };
      const body = {
        ...to,
        contact_id: whom()?.contact_id ?? "",
        outcome: "said_yes" as const,
        read_out: readOut(),
        words: "",
      };
      const said = await answer(api.POST("/v1/incidents/{incident_id}/calls", { ...incident, body }));
      if (said.action) take(said.action);
      await reload();
    },
    async remind(action: Action) {
      const path = { approval_id: action.approval?.id ?? "" };
      await answer(api.POST("/v1/approvals/{approval_id}/remind", { params: { path } }));
    },
    async standing(chosen: string[]) {
      await execute(await propose(chosen), true);
    },
    cancel: (action: Action) => changed(answer(api.POST("/v1/actions/{action_id}/cancel", of(action)))),
    retry: (action: Action) => changed(answer(api.POST("/v1/actions/{action_id}/retry", of(action)))),
    accept: (action: Action) => changed(answer(api.POST("/v1/actions/{action_id}/accept", of(action)))),
    leave: (action: Action) => changed(answer(api.POST("/v1/actions/{action_id}/leave", of(action)))),
    putBack: (action: Action, places: string[]) =>
      changed(answer(api.POST("/v1/actions/{action_id}/revert", { ...of(action), body: { places } }))),
    byHand: (action: Action, one: Result, link: string) =>
      changed(
        answer(
          api.POST("/v1/actions/{action_id}/complete-manual", {
            ...of(action),
            body: { result_id: one.id, link },
          }),
        ),
      ),
    wait: () =>
      answer(api.POST("/v1/incidents/{incident_id}/wait", { ...incident, body: { minutes: WAIT_MINUTES } })),
  };
}

export type Deeds = ReturnType<typeof deedsOf>;
