/** Something that plays a song from a position: the finished mix, or its stems. Times are seconds. */
export interface Engine {
  readonly time: number;
  readonly duration: number;
  readonly playing: boolean;
  /** Whether the sound could not be had; playing asks for it again. */
  readonly failed: boolean;
  play(): Promise<void>;
  pause(): void;
  seek(time: number): void;
  /** Linear, 0–1. */
  setVolume(volume: number): void;
  /** Called when playing starts, stops, ends or fails; returns how to stop listening. */
  onChange(listener: () => void): () => void;
}

const EVENTS = ["play", "pause", "ended", "durationchange", "seeked", "error"] as const;

/** Plays the finished mix through a media element, which streams and seeks by Range requests. */
export class MediaEngine implements Engine {
  constructor(private readonly element: HTMLMediaElement) {}

  get time(): number {
    return this.element.currentTime;
  }

  get duration(): number {
    return Number.isFinite(this.element.duration) ? this.element.duration : 0;
  }

  get playing(): boolean {
    return !this.element.paused && !this.element.ended;
  }

  get failed(): boolean {
    return this.element.error !== null;
  }

  async play(): Promise<void> {
    if (this.failed) this.reload();
    await this.element.play();
  }

  pause(): void {
    this.element.pause();
  }

  seek(time: number): void {
    this.element.currentTime = time;
  }

  setVolume(volume: number): void {
    this.element.volume = volume;
  }

  /** Asks for the sound again, to go on where it broke off. */
  private reload(): void {
    const { currentTime } = this.element;
    this.element.load();
    this.element.currentTime = currentTime;
  }

  onChange(listener: () => void): () => void {
    for (const event of EVENTS) this.element.addEventListener(event, listener);
    return () => {
      for (const event of EVENTS) this.element.removeEventListener(event, listener);
    };
  }
}
