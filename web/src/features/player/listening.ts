import type { Player } from "./player";

/** Seconds from which on a listening counts as a play. */
export const HEARD_SECONDS = 3;

/**
 * Adds up how long a player plays, over pauses and jumps, and reports it once: at the end of the song, or when the
 * listener goes elsewhere. What was heard for less than a moment is not reported.
 */
export class Listening {
  private heard = 0;
  private since: number | null = null;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly player: Pick<Player, "snapshot" | "subscribe" | "time">,
    private readonly report: (seconds: number) => void,
    private readonly now: () => number = () => performance.now() / 1000,
  ) {
    this.unsubscribe = player.subscribe(() => this.follow());
    this.follow();
  }

  /** Reports what was heard since the last report. */
  finish(): void {
    this.stop();
    if (this.heard >= HEARD_SECONDS) this.report(Math.round(this.heard * 10) / 10);
    this.heard = 0;
    this.follow();
  }

  close(): void {
    this.unsubscribe();
    this.finish();
  }

  private follow(): void {
    const { playing, duration } = this.player.snapshot();
    if (playing) this.since ??= this.now();
    else this.stop();
    if (!playing && this.heard > 0 && duration > 0 && this.player.time >= duration - 0.1) this.finish();
  }

  private stop(): void {
    if (this.since !== null) this.heard += this.now() - this.since;
    this.since = null;
  }
}
