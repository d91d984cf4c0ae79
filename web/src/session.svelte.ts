/** Who is here: the first question of every start. */

import { answer, api, type User, whenSignedOut } from "./api";
import { forget, kept } from "./kept";
import { drop } from "./outbox";

type State = "asking" | "in" | "out" | "new" | "unreachable";

let state = $state<State>("asking");
let me = $state.raw<User | null>(null);

export const session = {
  get state(): State {
    return state;
  },
  get me(): User | null {
    return me;
  },
};

/** Ask the server; without a signal, whoever was here last may read what is kept. */
export async function whoAmI(): Promise<void> {
  try {
    welcome((await kept("me", () => answer(api.GET("/v1/me")))).data);
  } catch {
    if (state === "asking") state = "unreachable";
  }
}

export function welcome(user: User): void {
  me = user;
  state = "in";
}

/** The server knows nobody here: either a first start, or a sign-in. */
async function leave(): Promise<void> {
  forget();
  drop();
  me = null;
  const first = await answer(api.GET("/v1/setup")).catch(() => ({ needed: false }));
  state = first.needed ? "new" : "out";
}

export async function signOut(): Promise<void> {
  await answer(api.DELETE("/v1/session"));
  await leave();
}

whenSignedOut(() => void leave());
