/** The last answers, kept on this phone: what a manager needs to read without a signal. */

import { Trouble } from "./api";

const PREFIX = "kept:";
const AT_MOST = 40;

export interface Kept<T> {
  data: T;
  /** When it was true, if it comes from this phone; null when it is fresh. */
  savedAt: string | null;
}

/** Never throws: a full or closed storage only means that less can be read offline. */
const shelf = {
  read(name: string): { at: string; data: unknown } | null {
    try {
      return JSON.parse(localStorage.getItem(PREFIX + name) ?? "null");
    } catch {
      return null;
    }
  },
  write(name: string, data: unknown): void {
    try {
      localStorage.setItem(PREFIX + name, JSON.stringify({ at: new Date().toISOString(), data }));
      const names = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
      for (const old of oldest(names).slice(AT_MOST)) localStorage.removeItem(old);
    } catch {
      return;
    }
  },
};

const oldest = (names: string[]) => names.sort((a, b) => at(b).localeCompare(at(a)));
const at = (name: string) => shelf.read(name.slice(PREFIX.length))?.at ?? "";

/** The fresh answer; the kept one when there is no signal; Trouble when there is neither. */
export async function kept<T>(name: string, ask: () => Promise<T>): Promise<Kept<T>> {
  try {
    const data = await ask();
    shelf.write(name, data);
    return { data, savedAt: null };
  } catch (error) {
    const old = error instanceof Trouble && error.kind === "no-signal" ? shelf.read(name) : null;
    if (!old) throw error;
    return { data: old.data as T, savedAt: old.at };
  }
}

/** Forget everything: somebody signed out. */
export function forget(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}
