/** Names of clients by their id, for lists that go across all of them. */

import { answer, api } from "./api";

export async function clientNames(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  let cursor: string | undefined;
  do {
    const page = await answer(api.GET("/v1/clients", { params: { query: { limit: 100, cursor } } }));
    for (const one of page.data) found[one.id] = one.name;
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return found;
}
