/** The one client of the API, and the one function that turns its refusals into a sentence. */

import createClient, { type Middleware } from "openapi-fetch";
import { words } from "../words";
import type { components, paths } from "./schema";

type Schemas = components["schemas"];
/** What a GET answers, where a name stands for two shapes. */
type Answer<P extends keyof paths> = paths[P] extends {
  get: { responses: { 200: { content: { "application/json": infer T } } } };
}
  ? T
  : never;
export type Now = Schemas["NowOut"];
export type Incident = Schemas["IncidentOut"];
export type Escalation = Schemas["EscalationOut"];
export type Series = Schemas["Series"];
export type Entry = Schemas["EntryOut"];
export type Review = Schemas["ReviewOut"];
export type Client = Schemas["ClientOut"];
export type Contact = Schemas["ContactOut"];
export type Source = Schemas["SourceOut"];
export type NewSource = Schemas["NewSource"];
export type Capability = Schemas["Capability"];
export type Platform = Schemas["PlatformOut"];
export type Asked = Platform["asked"][number];
export type Recognised = Schemas["RecognisedOut"];
export type Place = Recognised["place"];
export type Account = Schemas["AccountOut"];
export type Connection = Schemas["ConnectionOut"];
export type Choice = Connection["choices"][number];
export type Link = Schemas["LinkOut"];
export type Device = Schemas["DeviceOut"];
export type OnCall = Schemas["OnCall"];
export type Rung = Schemas["Rung"];
export type Schedule = Schemas["ScheduleOut"];
export type Shifts = Schemas["ShiftsOut"];
export type ShiftRule = Schemas["ShiftRule"];
export type Gap = Schemas["GapOut"];
export type Channel = Schemas["ChannelOut"];
export type Plan = Schemas["PlanOut"];
export type PlanStep = Schemas["PlanStep"];
export type SelfCheck = Schemas["SelfCheck"];
export type User = Schemas["UserOut"];
export type ApiKey = Schemas["ApiKeyOut"];
export type Happening = Schemas["EventOut"];
export type Action = Schemas["ActionOut"];
export type Result = Schemas["ResultOut"];
export type Approval = Schemas["ApprovalOut"];
export type Options = Schemas["OptionsOut"];
export type Option = Schemas["OptionOut"];
export type CallSheet = Schemas["CallSheetOut"];
export type Line = CallSheet["lines"][number];
export type Whom = Schemas["WhomOut"];
export type Standing = Schemas["StandingOut"];
export type Report = Answer<"/v1/incidents/{incident_id}/report">;
export type Statement = Answer<"/v1/statements/{statement_id}">;
export type StatementLine = Schemas["StatementLine"];
export type Version = Schemas["VersionOut"];
export type Piece = Schemas["PieceOut"];
export type Template = Schemas["TemplateOut"];

interface Problem {
  title?: string;
  detail?: string;
  hint?: string;
  code?: string;
  errors?: { pointer: string; detail: string }[];
  /** What somebody else has made of it meanwhile. */
  newer?: unknown;
}

/** Why something was not done. `kind` is "no-signal" when nothing is known to have arrived. */
export class Trouble extends Error {
  constructor(
    readonly kind: "no-signal" | "refused",
    readonly status = 0,
    readonly problem: Problem = {},
  ) {
    super(said(kind, problem));
  }

  /** What is wrong with one field of a form, if that is what was refused. */
  field(name: string): string {
    const place = this.problem.errors?.find((one) => one.pointer.endsWith(`/${name}`));
    return place ? words.sentence(place.detail) : "";
  }
}

function said(kind: Trouble["kind"], problem: Problem): string {
  if (kind === "no-signal") return words.trouble.noSignal;
  if (problem.code === "validation") return words.trouble.lookAbove;
  const parts = [problem.detail ?? problem.title, problem.hint].filter((part) => part);
  const whole = parts.map((part) => words.sentence(part as string)).join(" ");
  return whole || words.trouble.noAnswer;
}

/** The sentence that a person reads, whatever went wrong. */
export function sentence(error: unknown): string {
  return error instanceof Trouble ? error.message : words.trouble.ours;
}

const asTrouble = (error: unknown) => (error instanceof Trouble ? error : new Trouble("no-signal"));

/** What was answered; Trouble when it was refused or when nothing came back. */
export async function answer<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  return (await whole(call)).data;
}

/** The same with the version of what was read, for the change that may follow. */
export async function whole<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<{ data: T; version: string }> {
  const { data, error, response } = await call.catch((cause) => {
    throw asTrouble(cause);
  });
  if (!response.ok) throw refused(response, error);
  return { data: data as T, version: response.headers.get("etag") ?? "*" };
}

function refused(response: Response, body: unknown): Trouble {
  const problem = body && typeof body === "object" ? (body as Problem) : {};
  const unanswered = response.status >= 502 && !problem.code;
  return new Trouble(unanswered ? "no-signal" : "refused", response.status, problem);
}

/** A random key for one wish. `crypto.randomUUID` does not exist on a plain http address. */
export function wishKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const unanswered = new Map<string, string>();

/** Names every POST once per tap; the same wish keeps its name until it was answered. */
export const named: Middleware = {
  async onRequest({ request }) {
    if (request.method !== "POST" || request.headers.has("idempotency-key")) return;
    const wish = `${request.url}\n${await request.clone().text()}`;
    const key = unanswered.get(wish) ?? wishKey();
    unanswered.set(wish, key);
    request.headers.set("Idempotency-Key", key);
  },
  onResponse({ request, response }) {
    const key = request.headers.get("idempotency-key");
    if (response.status >= 500) return;
    for (const [wish, name] of unanswered) if (name === key) unanswered.delete(wish);
  },
};

const patience = 12_000;
const signed: { out: () => void } = { out: () => undefined };

/** Says what to do when the server no longer knows this browser. */
export function whenSignedOut(then: () => void): void {
  signed.out = then;
}

const doorman: Middleware = {
  async onResponse({ response }) {
    if (response.status !== 401) return;
    const problem = (await response
      .clone()
      .json()
      .catch(() => ({}))) as Problem;
    if (problem.code === "sign-in-needed") signed.out();
  },
};

export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "http://localhost",
  credentials: "same-origin",
  fetch: (request: Request) => fetch(request, { signal: AbortSignal.timeout(patience) }),
});
api.use(named, doorman);
