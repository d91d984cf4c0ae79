/** Where the app is: the address bar as state, links without loading anything again. */

const read = () => ({ path: location.pathname, query: new URLSearchParams(location.search) });

let now = $state.raw(globalThis.location ? read() : { path: "/", query: new URLSearchParams() });

export const address = {
  get path(): string {
    return now.path;
  },
  get query(): URLSearchParams {
    return now.query;
  },
};

/** Open a screen; `instead` leaves no way back to this one. */
export function go(to: string, { instead = false } = {}): void {
  if (instead) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  now = read();
  scrollTo(0, 0);
}

function ours(event: MouseEvent): string | null {
  const link = (event.target as Element).closest?.("a");
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  if (!link || !plain || event.defaultPrevented || link.target || link.hasAttribute("download")) return null;
  const url = new URL(link.href, location.href);
  return url.origin === location.origin && !url.pathname.startsWith("/p/") && !url.hash
    ? url.pathname + url.search
    : null;
}

/** Follow links, the back button, and what the worker asks for after a tap on a notice. */
export function startAddress(): void {
  addEventListener("popstate", () => (now = read()));
  addEventListener("click", (event) => {
    const to = ours(event);
    if (to === null) return;
    event.preventDefault();
    go(to);
  });
  navigator.serviceWorker?.addEventListener("message", (event) => {
    if (event.data?.kind === "open" && String(event.data.path).startsWith("/")) go(event.data.path);
  });
}
