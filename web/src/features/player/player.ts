import type { Engine } from "./engine";
import { flatMixer, gains, mix, type Mixer, type MixerAction } from "./mixer";

/** An engine whose stems have faders. */
export interface Faders extends Engine {
  setGains(gains: Readonly<Record<string, number>>): void;
  close(): void;
}

export type StemsStatus = "off" | "loading" | "on" | "failed";

export interface PlayerState {
  playing: boolean;
  duration: number;
  volume: number;
  mixer: Mixer;
  stems: StemsStatus;
  /** Stems decoded so far. */
  stemsReady: number;
  /** Why the stems cannot be had. */
  stemsError: string | null;
  /** Why nothing sounds. */
  error: string | null;
}

const UNPLAYABLE = "This take could not be loaded or played; press play to try again, or download it.";

type LoadStems = (onReady: (ready: number) => void, signal: AbortSignal) => Promise<Faders>;

/**
 * Plays one take: its finished mix, or, once the listener wants to mix, its stems in the mix's place.
 *
 * Changing between the two keeps position, volume and whether it plays.
 */
export class Player {
  private state: PlayerState;
  private readonly listeners = new Set<() => void>();
  private readonly abort = new AbortController();
  private faders: Faders | null = null;
  private unsubscribe: () => void;

  constructor(
    private readonly song: Engine,
    stems: readonly string[],
    private readonly loadStems: LoadStems,
  ) {
    this.state = { playing: false, duration: song.duration, volume: 1, mixer: flatMixer(stems), stems: "off", stemsReady: 0, stemsError: null, error: null };
    this.unsubscribe = song.onChange(() => this.follow());
  }

  /** The present state; the same object until something changes. */
  readonly snapshot = (): PlayerState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get time(): number {
    return this.engine.time;
  }

  async play(): Promise<void> {
    try {
      if (this.engine.duration && this.engine.time >= this.engine.duration - 0.05) this.engine.seek(0);
      await this.engine.play();
      this.set({ error: null });
    } catch (error) {
      // A pause before playback began is no failure, nor a browser that waits for the listener's own press.
      if (error instanceof DOMException && ["AbortError", "NotAllowedError"].includes(error.name)) return;
      this.set({ error: UNPLAYABLE });
    }
  }

  pause(): void {
    this.engine.pause();
  }

  toggle(): void {
    if (this.engine.playing) this.pause();
    else void this.play();
  }

  seek(time: number): void {
    this.engine.seek(Math.min(Math.max(0, time), this.engine.duration || time));
    this.follow();
  }

  skip(seconds: number): void {
    this.seek(this.time + seconds);
  }

  setVolume(volume: number): void {
    this.song.setVolume(volume);
    this.faders?.setVolume(volume);
    this.set({ volume });
  }

  /** Moves a fader or a button; the first move loads the stems. */
  move(action: MixerAction): void {
    this.set({ mixer: mix(this.state.mixer, action) });
    this.faders?.setGains(gains(this.state.mixer));
    if (this.state.stems === "off" || this.state.stems === "failed") void this.useStems();
  }

  /** Plays the stems in the mix's place, from the same position. */
  async useStems(): Promise<void> {
    if (this.state.stems === "loading" || this.state.stems === "on") return;
    this.set({ stems: "loading", stemsReady: 0, stemsError: null });
    try {
      const faders = await this.loadStems((stemsReady) => this.set({ stemsReady }), this.abort.signal);
      if (this.abort.signal.aborted) faders.close();
      else await this.takeOver(faders);
    } catch (error) {
      if (this.abort.signal.aborted) return;
      this.set({ stems: "failed", stemsError: error instanceof Error ? error.message : "The stems could not be loaded." });
    }
  }

  /** Goes back to the finished mix, faders as they were mixed. */
  useSong(): void {
    const faders = this.faders;
    if (!faders) return;
    const { time, playing } = faders;
    this.faders = null;
    this.listenTo(this.song);
    faders.close();
    this.song.seek(time);
    this.set({ stems: "off", stemsReady: 0, mixer: mix(this.state.mixer, { type: "reset" }) });
    if (playing) void this.play();
    this.follow();
  }

  /** Stops for good. */
  close(): void {
    this.abort.abort();
    this.unsubscribe();
    this.song.pause();
    this.faders?.close();
    this.listeners.clear();
  }

  private get engine(): Engine {
    return this.faders ?? this.song;
  }

  private async takeOver(faders: Faders): Promise<void> {
    const playing = this.song.playing;
    faders.setVolume(this.state.volume);
    faders.setGains(gains(this.state.mixer));
    faders.seek(this.song.time);
    this.faders = faders;
    this.listenTo(faders);
    this.song.pause();
    this.set({ stems: "on" });
    if (playing) await this.play();
    this.follow();
  }

  private listenTo(engine: Engine): void {
    this.unsubscribe();
    this.unsubscribe = engine.onChange(() => this.follow());
  }

  private follow(): void {
    const { playing, duration, failed } = this.engine;
    this.set({ playing, duration: duration || this.state.duration, ...(failed && { error: UNPLAYABLE }) });
  }

  private set(change: Partial<PlayerState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
