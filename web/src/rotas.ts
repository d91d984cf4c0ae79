/** The rotas with who is on shift in each: asked for together, because together they are the cover. */

import { answer, api, type Schedule, type Shifts } from "./api";

export interface Rota extends Schedule {
  shown: Shifts;
}

/** Every rota in the order in which it is rung, with its shifts between two moments. */
export async function rotas(from: Date, until: Date): Promise<Rota[]> {
  const { data } = await answer(api.GET("/v1/schedules"));
  const query = { from: from.toISOString(), until: until.toISOString() };
  return Promise.all(
    data.map(async (one) => ({
      ...one,
      shown: await answer(
        api.GET("/v1/schedules/{schedule_id}/shifts", {
          params: { path: { schedule_id: one.id }, query },
        }),
      ),
    })),
  );
}
