/** What is typed into a form outlives a reload and a lost session; passwords are never written down. */

/** The fields of a form, kept in this tab until `done`. */
export function draft<T extends Record<string, string>>(name: string, empty: T) {
  const key = `draft:${name}`;
  const fields = $state<T>({ ...empty, ...typed(key) });
  $effect(() => sessionStorage.setItem(key, JSON.stringify(fields)));
  const done = () => {
    Object.assign(fields, empty);
    sessionStorage.removeItem(key);
  };
  return { fields, done };
}

function typed(key: string): object {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "{}");
  } catch {
    return {};
  }
}
