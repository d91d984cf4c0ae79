/** What a person has checked by hand on this phone, and when. Nothing else can know it. */

export type Check = "sleep" | "number";

const name = (check: Check) => `checked:${check}`;

/** When it was last checked here. */
export const checkedAt = (check: Check): string | null => localStorage.getItem(name(check));

export function check(one: Check, at: string | null): void {
  if (at) localStorage.setItem(name(one), at);
  else localStorage.removeItem(name(one));
}
