/** The only two strings that this app hands to the browser's parsers: the worker's address and the chart. */

const WORKER = "/sw.js";

const rules = {
  createHTML: (text: string) => text,
  createScriptURL: (address: string) => {
    if (address !== WORKER) throw new TypeError("Only our own worker may run.");
    return address;
  },
};

const policy = globalThis.window?.trustedTypes?.createPolicy("nightdesk", rules) ?? rules;

/** The worker's address, in the form that the browser accepts. */
export const worker = (): string => policy.createScriptURL(WORKER);

const DRAWN = new Set([
  "svg",
  "title",
  "desc",
  "defs",
  "clippath",
  "g",
  "path",
  "rect",
  "circle",
  "text",
  "tspan",
  "line",
]);
const NAMED = new Set([
  "class",
  "viewbox",
  "role",
  "id",
  "aria-labelledby",
  "clip-path",
  "transform",
  "x",
  "y",
  "x1",
  "y1",
  "x2",
  "y2",
  "cx",
  "cy",
  "r",
  "rx",
  "width",
  "height",
  "d",
  "text-anchor",
]);

function strip(element: Element): void {
  for (const child of [...element.children]) {
    if (DRAWN.has(child.localName.toLowerCase())) strip(child);
    else child.remove();
  }
  for (const { name, value } of [...element.attributes]) {
    const outward = /url\(\s*['"]?(?!#)/i.test(value);
    if (name !== "xmlns" && (!NAMED.has(name.toLowerCase()) || outward)) element.removeAttribute(name);
  }
}

/** The server's picture as an element: shapes and words alone. Null when it is not a picture. */
export function picture(text: string): SVGElement | null {
  const parsed = new DOMParser().parseFromString(policy.createHTML(text), "image/svg+xml");
  const drawn = parsed.documentElement;
  if (drawn.localName !== "svg") return null;
  strip(drawn);
  return document.importNode(drawn, true) as unknown as SVGElement;
}
