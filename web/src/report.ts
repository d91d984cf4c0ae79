/** What a report changes, as lines that are typed: “what; who; until when”. */

import type { Report } from "./api";

type Change = Report["changes"][number];

export const linesOf = (changes: Change[]): string =>
  changes.map((one) => [one.what, one.who, one.by].filter(Boolean).join("; ")).join("\n");

/** A day is a day wherever it stands; what is left after the first part is who does it. */
export function changesOf(typed: string): { what: string; who: string; by: string | null }[] {
  return typed
    .split("\n")
    .map((line) => line.split(";").map((part) => part.trim()))
    .filter(([what]) => what)
    .map(([what = "", ...rest]) => {
      const by = rest.find((part) => /^\d{4}-\d{2}-\d{2}$/.test(part)) ?? null;
      const who = rest.filter((part) => part && part !== by).join(", ");
      return { what, who, by };
    });
}
