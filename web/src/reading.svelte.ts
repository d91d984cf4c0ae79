/** Something that a screen reads: fresh at every piece of news, kept when there is no signal. */

import { Trouble } from "./api";
import { kept } from "./kept";
import { line } from "./live";

const EVERY = 20_000;
const CALM = 250;

export class Reading<T> {
  data = $state.raw<T>();
  /** When the data was true, if it is not fresh. */
  savedAt = $state<string | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  private turn = 0;
  private soon: ReturnType<typeof setTimeout> | undefined;

  /** Call it while a component starts; it stops with the component. */
  constructor(
    private readonly name: string,
    private readonly ask: () => Promise<T>,
  ) {
    $effect(() => {
      void this.reload();
      const deaf = line.onNews(() => this.reloadSoon());
      const timer = setInterval(() => this.whileSeen(), EVERY);
      return () => {
        deaf();
        clearInterval(timer);
        clearTimeout(this.soon);
      };
    });
  }

  /** An answer that overtook a newer one is thrown away. */
  async reload(): Promise<void> {
    const turn = ++this.turn;
    try {
      const found = await kept(this.name, this.ask);
      if (turn !== this.turn) return;
      this.data = found.data;
      this.savedAt = found.savedAt;
      this.trouble = null;
    } catch (error) {
      if (turn === this.turn) this.trouble = error instanceof Trouble ? error : new Trouble("refused");
    }
  }

  /** What a change answered is the newest there is. */
  take(data: T): void {
    this.turn++;
    this.data = data;
    this.savedAt = null;
  }

  private reloadSoon(): void {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => void this.reload(), CALM);
  }

  private whileSeen(): void {
    if (document.visibilityState === "visible") void this.reload();
  }
}
