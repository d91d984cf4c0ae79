/** What a manager does about a statement, and how far it is: nothing here waits for a signal. */

import { answer, api, type Statement } from "./api";

const STEPS: Record<string, number> = {
  draft: 0,
  in_review: 1,
  approved: 2,
  failed: 2,
  held: 3,
  publishing: 3,
  published: 4,
  retracted: 4,
};

/** The place on the way from draft to out. */
export const stepOf = (state: string): number => STEPS[state] ?? 0;

/** How a hold is asked for: so many quiet hours, a moment, or until somebody says so. */
export function untilOf(choice: string, at: string): { quiet_for?: string; at?: string; manual: boolean } {
  if (choice === "manual") return { manual: true };
  if (choice === "at") return { at: new Date(at).toISOString(), manual: false };
  return { quiet_for: `PT${choice}H`, manual: false };
}

export function wishesFor(id: string, take: (fresh: Statement) => void) {
  const of = { params: { path: { statement_id: id } } };
  const taken = async (call: Promise<Statement>) => take(await call);
  return {
    submit: () => taken(answer(api.POST("/v1/statements/{statement_id}/submit", of))),
    hold: (choice: string, at: string, despite: boolean) =>
      taken(
        answer(
          api.POST("/v1/statements/{statement_id}/hold", {
            ...of,
            body: { until: untilOf(choice, at), despite },
          }),
        ),
      ),
    publish: () => taken(answer(api.POST("/v1/statements/{statement_id}/publish", of))),
    stop: () => taken(answer(api.POST("/v1/statements/{statement_id}/stop", of))),
    retract: () => taken(answer(api.POST("/v1/statements/{statement_id}/retract", of))),
    discard: () => taken(answer(api.POST("/v1/statements/{statement_id}/discard", of))),
  };
}

export type Wishes = ReturnType<typeof wishesFor>;
