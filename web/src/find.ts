/** Which pattern an address fits: no library, thirty lines. */

export interface Found<S> {
  screen: S;
  params: Record<string, string>;
}

/** The first pattern that fits, with what stands at its colons. */
export function find<S>(path: string, screens: [string, S][]): Found<S> | null {
  const asked = path.replace(/\/+$/, "").split("/");
  for (const [pattern, screen] of screens) {
    const wanted = pattern.replace(/\/+$/, "").split("/");
    const fits =
      wanted.length === asked.length &&
      wanted.every((part, index) => part.startsWith(":") || part === asked[index]);
    if (fits) return { screen, params: named(wanted, asked) };
  }
  return null;
}

const named = (wanted: string[], asked: string[]): Record<string, string> =>
  Object.fromEntries(
    wanted.flatMap((part, index) => (part.startsWith(":") ? [[part.slice(1), asked[index] ?? ""]] : [])),
  );
