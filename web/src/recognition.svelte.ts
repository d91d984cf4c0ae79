/** What a pasted link is, asked while it is typed: the last answer counts, whichever comes last. */

import { answer, api, Trouble, type Recognised } from "./api";
import { asLink } from "./connecting";

const CALM = 300;

export class Recognition {
  found = $state.raw<Recognised>();
  trouble = $state.raw<Trouble>();
  asking = $state(false);
  private turn = 0;

  /** Call it while a component starts; it stops with the component. */
  constructor(link: () => string) {
    $effect(() => {
      const url = asLink(link());
      const turn = this.begin(Boolean(url));
      const soon = url ? setTimeout(() => void this.ask(url, turn), CALM) : undefined;
      return () => clearTimeout(soon);
    });
  }

  private begin(asking: boolean): number {
    this.found = undefined;
    this.trouble = undefined;
    this.asking = asking;
    return ++this.turn;
  }

  private async ask(url: string, turn: number): Promise<void> {
    try {
      const found = await recognise(url);
      if (turn === this.turn) this.found = found;
    } catch (error) {
      if (turn === this.turn) this.trouble = error instanceof Trouble ? error : new Trouble("refused");
    } finally {
      if (turn === this.turn) this.asking = false;
    }
  }
}

/** The platform of a link; Trouble with status 404 and what to do when it is of none. */
export const recognise = (url: string): Promise<Recognised> =>
  answer(api.GET("/v1/platforms/recognise", { params: { query: { url } } }));
