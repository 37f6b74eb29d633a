import type { Engine } from "./engine";
import { rootMeanSquare } from "./loudness";

export interface StemSource {
  name: string;
  url: string;
}

/** Decoded stems may take this much memory; longer songs are previewed at half the sample rate. */
const MEMORY_BYTES = 700e6;
const CHANNELS = 2;
const FLOAT_BYTES = 4;
const RAMP_SECONDS = 0.015;

/** The stems cannot be played here; the message is for the listener. */
export class StemsUnavailableError extends Error {}

/** The sample rate at which `stems` decoded stems of `seconds` fit in memory; throws where none does. */
export function sampleRateFor(stems: number, seconds: number): number {
  const bytes = (rate: number) => stems * seconds * rate * CHANNELS * FLOAT_BYTES;
  for (const rate of [44_100, 22_050]) if (bytes(rate) <= MEMORY_BYTES) return rate;
  throw new StemsUnavailableError("This song is too long to hold its stems in the browser; download them instead.");
}

/** Plays all stems from one clock, so they stay together to the sample; each has its own gain. */
export class StemEngine implements Engine {
  readonly duration: number;
  private readonly listeners = new Set<() => void>();
  private readonly faders = new Map<string, GainNode>();
  private readonly master: GainNode;
  private sources: AudioBufferSourceNode[] = [];
  private startedAt = 0;
  private offset = 0;

  private constructor(
    private readonly context: AudioContext,
    private readonly buffers: ReadonlyMap<string, AudioBuffer>,
    private readonly makeUp: number,
  ) {
    this.duration = Math.max(...[...buffers.values()].map((buffer) => buffer.duration));
    this.master = context.createGain();
    this.master.gain.value = makeUp;
    // Raised faders may exceed full scale: a limiter keeps that from clipping.
    const limiter = new DynamicsCompressorNode(context, { threshold: -1, knee: 0, ratio: 20, attack: 0.002, release: 0.1 });
    this.master.connect(limiter).connect(context.destination);
    for (const name of buffers.keys()) {
      const fader = context.createGain();
      fader.connect(this.master);
      this.faders.set(name, fader);
    }
  }

  /**
   * Fetches and decodes every stem, telling how many are ready.
   *
   * `loudness` is the root mean square of the finished mix: the stems, which are not mastered, are raised to it.
   */
  static async load(stems: readonly StemSource[], seconds: number, loudness: number, onReady: (ready: number) => void, signal: AbortSignal): Promise<StemEngine> {
    const context = new AudioContext({ sampleRate: sampleRateFor(stems.length, seconds) });
    const buffers = new Map<string, AudioBuffer>();
    try {
      // One after the other: a decoder already uses every core, and memory peaks lower.
      for (const stem of stems) {
        buffers.set(stem.name, await decode(context, stem, signal));
        onReady(buffers.size);
      }
    } catch (error) {
      await context.close();
      throw error;
    }
    return new StemEngine(context, buffers, makeUpGain([...buffers.values()], loudness));
  }

  get playing(): boolean {
    return this.sources.length > 0;
  }

  get time(): number {
    if (!this.playing) return this.offset;
    return Math.min(this.duration, this.offset + Math.max(0, this.context.currentTime - this.startedAt));
  }

  async play(): Promise<void> {
    if (this.playing) return;
    await this.context.resume();
    if (this.offset >= this.duration) this.offset = 0;
    // One moment for all of them, far enough ahead to schedule every source before it comes.
    this.startedAt = this.context.currentTime + 0.03;
    this.sources = [...this.buffers].map(([name, buffer]) => this.source(name, buffer));
    const longest = this.sources.find((source) => source.buffer?.duration === this.duration);
    if (longest) longest.onended = () => this.ended();
    this.changed();
  }

  pause(): void {
    if (!this.playing) return;
    this.offset = this.time;
    this.stop();
    this.changed();
  }

  seek(time: number): void {
    const wasPlaying = this.playing;
    this.stop();
    this.offset = Math.min(this.duration, Math.max(0, time));
    if (wasPlaying) void this.play();
    else this.changed();
  }

  setVolume(volume: number): void {
    this.master.gain.setTargetAtTime(volume * this.makeUp, this.context.currentTime, RAMP_SECONDS);
  }

  /** Sets the linear gain of each stem, with a ramp too short to hear and too long to click. */
  setGains(gains: Readonly<Record<string, number>>): void {
    for (const [name, fader] of this.faders) {
      fader.gain.setTargetAtTime(gains[name] ?? 1, this.context.currentTime, RAMP_SECONDS);
    }
  }

  /** The decoded sound of one stem, to draw it. */
  buffer(name: string): AudioBuffer | undefined {
    return this.buffers.get(name);
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Stops for good and gives the memory back. */
  close(): void {
    this.stop();
    void this.context.close();
  }

  private source(name: string, buffer: AudioBuffer): AudioBufferSourceNode {
    const source = new AudioBufferSourceNode(this.context, { buffer });
    source.connect(this.faders.get(name) ?? this.master);
    source.start(this.startedAt, Math.min(this.offset, buffer.duration));
    return source;
  }

  private stop(): void {
    for (const source of this.sources) {
      source.onended = null;
      source.stop();
      source.disconnect();
    }
    this.sources = [];
  }

  private ended(): void {
    this.stop();
    this.offset = this.duration;
    this.changed();
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

async function decode(context: AudioContext, stem: StemSource, signal: AbortSignal): Promise<AudioBuffer> {
  const response = await fetch(stem.url, { signal });
  if (!response.ok) throw new StemsUnavailableError(`The stem “${stem.name}” could not be loaded (status ${response.status}).`);
  const bytes = await response.arrayBuffer();
  try {
    return await context.decodeAudioData(bytes);
  } catch {
    throw new StemsUnavailableError(`This browser cannot decode the stem “${stem.name}”; download the stems instead.`);
  }
}

function makeUpGain(buffers: readonly AudioBuffer[], loudness: number): number {
  const level = rootMeanSquare(buffers.map((buffer) => buffer.getChannelData(0)));
  if (level <= 0 || loudness <= 0) return 1;
  return Math.min(8, Math.max(0.25, loudness / level));
}
