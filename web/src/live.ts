/** What happens, as it happens. A phone ends streams without a word, so nothing trusts an open one. */

import { answer, api, type Happening } from "./api";

/** Every kind the stream may name; the regular look finds what is missing here. */
const KINDS = [
  "account.connected",
  "action.ready",
  "action.executing",
  "action.succeeded",
  "action.partially_succeeded",
  "action.failed",
  "action.reverting",
  "action.reverted",
  "action.cancelled",
  "action.awaiting_approval",
  "action.counting_down",
  "approval.requested",
  "approval.approved",
  "approval.declined",
  "approval.changes_requested",
  "approval.expired",
  "approval.lapsed",
  "approval.revoked",
  "approval.superseded",
  "approval.withdrawn",
  "account.expiring",
  "account.removed",
  "client.noticed",
  "incident.created",
  "incident.grown",
  "incident.calm",
  "incident.relapsed",
  "incident.updated",
  "escalation.started",
  "escalation.acknowledged",
  "escalation.acknowledgement_expired",
  "escalation.handed_over",
  "escalation.exhausted",
  "escalation.cancelled",
  "report.sent",
  "source.checked",
  "source.stale",
  "source.recovered",
  "statement.submitted",
  "statement.approved",
  "statement.changed",
  "statement.held",
  "statement.hold_due",
  "statement.published",
  "statement.failed",
  "statement.retracted",
  "statement.discarded",
  "review.received",
  "review.removed",
  "notification.confirmed",
  "notification.failed",
  "schedule.changed",
  "override.created",
  "override.removed",
  "escalation_plan.changed",
  "coverage.gap_opened",
  "device.moved",
  "device.unreachable",
];
const AT_ONCE = 100;

export interface Doors {
  missed(after: number): Promise<Pick<Happening, "seq">[]>;
  stream(after: number | null): EventSource;
}

const doors: Doors = {
  missed: async (after) =>
    (await answer(api.GET("/v1/events", { params: { query: { after_seq: after, limit: AT_ONCE } } }))).data,
  stream: (after) => new EventSource(`/v1/events/stream${after === null ? "" : `?after_seq=${after}`}`),
};

/** One line to the server: tells its listeners that something happened, and never twice the same. */
export class Line {
  private seq: number | null = null;
  private source: EventSource | null = null;
  private waking: Promise<void> | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly through: Doors = doors) {}

  onNews(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** First what was missed, then a new stream: never the old one, whatever it says of itself. */
  wake(): Promise<void> {
    this.waking ??= this.catchUp()
      .catch(() => undefined)
      .finally(() => {
        this.waking = null;
        this.reopen();
        this.tell();
      });
    return this.waking;
  }

  close(): void {
    this.source?.close();
    this.source = null;
  }

  private async catchUp(): Promise<void> {
    while (this.seq !== null) {
      const found = await this.through.missed(this.seq);
      for (const one of found) this.take(one.seq);
      if (found.length < AT_ONCE) return;
    }
  }

  private reopen(): void {
    this.close();
    this.source = this.through.stream(this.seq);
    for (const kind of KINDS) this.source.addEventListener(kind, (event) => this.heard(event));
  }

  private heard(event: Event): void {
    const seq = Number((event as MessageEvent).lastEventId);
    if (this.take(seq)) this.tell();
  }

  private take(seq: number): boolean {
    if (!Number.isInteger(seq) || (this.seq !== null && seq <= this.seq)) return false;
    this.seq = seq;
    return true;
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

export const line = new Line();

/** Listen while somebody looks; a hidden screen needs nothing and a returning one needs all. */
export function startLive(): void {
  const look = () => (document.visibilityState === "visible" ? void line.wake() : line.close());
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", look);
  addEventListener("online", look);
  look();
}
